// SPDX-License-Identifier: Apache-2.0
// A server half on the kernel's loopback, driven by the test's own thread: every wait is a poll
// with a deadline.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "order/soup_server.hpp"

namespace ridley::order {

class LoopbackExchange {
 public:
  explicit LoopbackExchange(std::uint16_t port = 0) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }

  ~LoopbackExchange() {
    drop();
    ::close(listener_);
  }

  LoopbackExchange(const LoopbackExchange&) = delete;
  LoopbackExchange& operator=(const LoopbackExchange&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  // Serves until the condition holds; false when it does not within ten seconds.
  template <typename Condition>
  bool serve_until(Condition&& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!holds()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      step();
    }
    return true;
  }

  void append(const std::string& text) { stream.append(std::as_bytes(std::span{text})); }

  void drop() {
    if (connection_ >= 0) ::close(connection_);
    connection_ = -1;
    server_.reset();
  }

  SoupStream stream{"DAY1"};
  std::string password = "secret";
  std::vector<std::string> received;
  std::size_t logins = 0;
  bool end_of_session = false;
  std::uint64_t ahead_ns = 0;  // of the clock: it has been silent for longer than that

 private:
  [[nodiscard]] std::uint64_t now_ns() const {
    return ahead_ns +
           static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                                      std::chrono::nanoseconds{1});
  }

  void step() {
    pollfd waiting{
        .fd = connection_ >= 0 ? connection_ : listener_, .events = POLLIN, .revents = 0};
    ::poll(&waiting, 1, 1);
    if (connection_ < 0) {
      connection_ = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
      if (connection_ < 0) return;
      server_ = std::make_unique<SoupServer>(
          stream, SoupServerSettings{.username = "ridley", .password = password}, now_ns());
    }
    std::byte bytes[4096];
    const ssize_t count = ::recv(connection_, bytes, sizeof bytes, 0);
    if (count == 0) return drop();
    if (count > 0) server_->receive({bytes, static_cast<std::size_t>(count)}, now_ns());
    while (const auto event = server_->next(now_ns())) {
      if (event->kind == SoupServerEventKind::LoggedIn) ++logins;
      if (event->kind == SoupServerEventKind::Message) {
        received.emplace_back(text_of(event->payload));
      }
    }
    server_->poll(now_ns());
    if (end_of_session) server_->end_session(now_ns());
    const ssize_t taken =
        ::send(connection_, server_->output().data(), server_->output().size(), MSG_NOSIGNAL);
    if (taken > 0) server_->sent(static_cast<std::size_t>(taken));
    if (server_->broken() && server_->output().empty()) drop();
  }

  int listener_ = -1;
  int connection_ = -1;
  std::uint16_t port_ = 0;
  std::unique_ptr<SoupServer> server_;
};

}  // namespace ridley::order
