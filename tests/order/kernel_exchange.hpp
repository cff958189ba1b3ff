// SPDX-License-Identifier: Apache-2.0
// In: nothing but a network of its own. Out: an exchange's order port on the kernel's TCP, behind a
// TAP interface that is the other end of a wire, and every byte of order messages that came. A
// thread of its own.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/descriptor.hpp"
#include "nic/frame.hpp"
#include "nic/tap_network.hpp"
#include "order/soup_server.hpp"

namespace ridley::order::test {

inline constexpr std::uint32_t kClientIp = 0x0A4D'0001;    // 10.77.0.1
inline constexpr std::uint32_t kExchangeIp = 0x0A4D'0002;  // 10.77.0.2
inline constexpr nic::MacAddress kClientMac{2, 0, 0x0A, 0x4D, 0, 1};
inline constexpr nic::MacAddress kExchangeMac{2, 0, 0x0A, 0x4D, 0, 2};
inline constexpr std::uint16_t kExchangePort = 26'400;

// As long as an Enter Order without elements; every byte follows from the number.
using NumberedOrder = std::array<std::byte, 49>;

inline NumberedOrder numbered_order(std::uint64_t number) {
  NumberedOrder order;
  std::uint64_t word = number;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i % 8 == 0 && i != 0) word = (word ^ (word >> 29)) * 0xBF58'476D'1CE4'E5B9ULL + i;
    order[i] = static_cast<std::byte>(word >> (8 * (i % 8)));
  }
  return order;
}

inline std::uint64_t number_of(std::span<const std::byte> order) {
  std::uint64_t number = 0;
  std::memcpy(&number, order.data(), std::min(order.size(), sizeof number));
  return number;
}

// The wire end of an interface that a kernel believes in. Receiving and sending may be two threads.
class TapPort {
 public:
  explicit TapPort(const nic::TapNetwork& network) : network_{network} {}

  [[nodiscard]] std::size_t receive_burst(std::span<nic::Frame> frames) noexcept {
    std::size_t count = 0;
    for (; count < frames.size(); ++count) {
      const std::size_t bytes = network_.read(room_[count]);
      if (bytes == 0) break;
      frames[count] = {.bytes = room_[count].data(),
                       .length = static_cast<std::uint32_t>(bytes),
                       .wire_length = static_cast<std::uint32_t>(bytes),
                       .stamp = {}};
    }
    return count;
  }
  [[nodiscard]] bool send(std::span<const std::byte> bytes) noexcept {
    return network_.write(bytes);
  }

 private:
  const nic::TapNetwork& network_;
  std::array<std::array<std::byte, 2048>, nic::kBurstFramesMax> room_;
};

struct ExchangeBehaviour {
  bool answers = true;          // a sequenced message for each order
  int receive_buffer = 0;       // bytes; 0: the kernel's
  std::size_t pause_every = 0;  // bytes
  std::chrono::milliseconds pause{5};
  std::size_t fin_after = 0;    // orders; ends its half
  std::size_t reset_after = 0;  // orders
};

class KernelExchange {
 public:
  explicit KernelExchange(const ExchangeBehaviour& behaviour = {})
      : behaviour_{behaviour},
        network_{{.name = "exchange0", .mac = kExchangeMac, .ip = kExchangeIp}},
        thread_{[this] { run(); }} {}
  ~KernelExchange() { stop(); }

  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] const nic::TapNetwork& network() const { return network_; }

  // Of the orders as they came, of all connections.
  [[nodiscard]] std::vector<std::uint64_t> numbers() {
    const std::lock_guard lock{mutex_};
    return numbers_;
  }
  // Orders that say anything else than what they were sent as.
  [[nodiscard]] std::size_t wrong_count() const { return wrong_; }
  [[nodiscard]] std::size_t order_count() const { return count_; }
  [[nodiscard]] std::size_t connection_count() const { return connections_; }

 private:
  static std::uint64_t now_ns() {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                                      std::chrono::nanoseconds{1});
  }

  void run() {
    network_.enter();
    const base::Descriptor listener{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
    const int on = 1;
    ::setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (behaviour_.receive_buffer != 0)
      ::setsockopt(listener.number(), SOL_SOCKET, SO_RCVBUF, &behaviour_.receive_buffer,
                   sizeof behaviour_.receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(kExchangePort);
    if (::bind(listener.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener.number(), 4) != 0)
      std::abort();
    while (!stop_) {
      pollfd waiting{.fd = listener.number(), .events = POLLIN, .revents = 0};
      if (::poll(&waiting, 1, 1) <= 0) continue;
      const base::Descriptor connection{
          ::accept4(listener.number(), nullptr, nullptr, SOCK_NONBLOCK)};
      if (!connection) continue;
      ::setsockopt(connection.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ++connections_;
      serve(connection.number());
    }
  }

  void serve(int connection) {
    SoupServer server{stream_, {.username = "ridley", .password = "secret"}, now_ns()};
    std::size_t bytes = 0;
    std::size_t orders = 0;
    bool sending = true;
    std::vector<std::byte> room(behaviour_.pause_every != 0 ? 1'000 : 65'536);
    for (;;) {
      pollfd waiting{.fd = connection, .events = POLLIN, .revents = 0};
      ::poll(&waiting, 1, 1);
      const ssize_t count = ::recv(connection, room.data(), room.size(), 0);
      if (count == 0 || (count < 0 && errno != EAGAIN)) return;
      if (count > 0) {
        server.receive({room.data(), static_cast<std::size_t>(count)}, now_ns());
        bytes += static_cast<std::size_t>(count);
      }
      orders += take(server);
      server.poll(now_ns());
      if (sending) flush(connection, server);
      if (behaviour_.fin_after != 0 && orders >= behaviour_.fin_after && sending) {
        ::shutdown(connection, SHUT_WR);
        sending = false;
      }
      if (behaviour_.reset_after != 0 && orders >= behaviour_.reset_after) return reset(connection);
      if (server.broken()) return;
      if (behaviour_.pause_every != 0 && bytes > behaviour_.pause_every) {
        bytes = 0;
        std::this_thread::sleep_for(behaviour_.pause);
      }
      if (stop_) return;
    }
  }

  std::size_t take(SoupServer& server) {
    std::size_t taken = 0;
    const std::lock_guard lock{mutex_};
    while (const auto event = server.next(now_ns())) {
      if (event->kind != SoupServerEventKind::Message) continue;
      const std::uint64_t number = number_of(event->payload);
      if (!std::ranges::equal(event->payload, numbered_order(number))) ++wrong_;
      numbers_.push_back(number);
      if (behaviour_.answers) stream_.append(event->payload);
      ++count_;
      ++taken;
    }
    return taken;
  }

  static void flush(int connection, SoupServer& server) {
    const ssize_t taken =
        ::send(connection, server.output().data(), server.output().size(), MSG_NOSIGNAL);
    if (taken > 0) server.sent(static_cast<std::size_t>(taken));
  }

  static void reset(int connection) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }

  ExchangeBehaviour behaviour_;
  nic::TapNetwork network_;
  SoupStream stream_{"DAY1"};
  std::mutex mutex_;
  std::vector<std::uint64_t> numbers_;
  std::atomic<std::size_t> wrong_{0};
  std::atomic<std::size_t> count_{0};
  std::atomic<std::size_t> connections_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace ridley::order::test
