// SPDX-License-Identifier: Apache-2.0
// Our own SoupBinTCP client on a socket that does not block, for whatever listens on this machine.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "exchange_bench.hpp"
#include "order/soup_client.hpp"

namespace ridley::venue::test {

inline int connect_to(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return descriptor;
}

// Our own client on a socket that does not block.
class SoupPeer {
 public:
  SoupPeer(std::uint16_t port, order::SoupClientSettings settings)
      : descriptor_{connect_to(port)}, soup_{std::move(settings)} {
    soup_.connected(0);
  }
  ~SoupPeer() { ::close(descriptor_); }
  SoupPeer(const SoupPeer&) = delete;
  SoupPeer& operator=(const SoupPeer&) = delete;

  void turn() {
    const auto output = soup_.output();
    if (!output.empty()) {
      const ssize_t sent = ::send(descriptor_, output.data(), output.size(), MSG_NOSIGNAL);
      if (sent > 0) soup_.sent(static_cast<std::size_t>(sent));
    }
    std::array<std::byte, 4096> bytes;
    const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count == 0) closed = true;
    if (count > 0) soup_.receive(std::span{bytes}.first(static_cast<std::size_t>(count)), 0);
    while (const auto event = soup_.next(0)) {
      if (event->kind == order::SoupEventKind::Sequenced) {
        std::string line;
        (void)wire::ouch::visit_outbound(event->payload, ReplyLine{&line});
        heard.push_back(line);
        messages.emplace_back(event->payload.begin(), event->payload.end());
      }
      if (event->kind == order::SoupEventKind::EndOfSession) ended = true;
      if (event->kind == order::SoupEventKind::Broken) refused = true;
    }
  }

  void send(const Bytes& message) {
    Bytes packet;
    order::append_packet(packet, order::SoupType::Unsequenced, message);
    soup_.send_packet(packet, 0);
  }

  [[nodiscard]] bool logged_in() const { return soup_.logged_in(); }
  [[nodiscard]] std::uint64_t next_sequence() const { return soup_.next_sequence(); }

  Lines heard;  // as OUCH
  std::vector<Bytes> messages;
  bool closed = false;
  bool ended = false;
  bool refused = false;

 private:
  int descriptor_;
  order::SoupClient soup_;
};

inline order::SoupClientSettings login(const char* user, std::uint64_t sequence = 1) {
  order::SoupClientSettings settings;
  settings.username = user;
  settings.password = "secret";
  settings.next_sequence = sequence;
  return settings;
}

}  // namespace ridley::venue::test
