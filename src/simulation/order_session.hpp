// SPDX-License-Identifier: Apache-2.0
// The firm's half of the order connection without a socket: what the session thread does between
// its rings and the bytes. In: packets of the hot core, bytes of the exchange, when the connection
// comes and goes. Out: bytes to the exchange, messages for the hot core. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "order/slots.hpp"
#include "order/soup_client.hpp"

namespace ridley::simulation {

class OrderSession {
 public:
  explicit OrderSession(order::SoupClientSettings settings) : client_{std::move(settings)} {}

  void connected(std::uint64_t now_ns);
  void disconnected();
  [[nodiscard]] bool is_connected() const noexcept { return connected_; }

  // A packet of another connection is not sent.
  void send(const order::Outbound& packet, std::uint64_t now_ns);
  void receive(std::span<const std::byte> bytes, std::uint64_t now_ns);
  // Heartbeats, and whether the exchange has gone silent.
  void poll(std::uint64_t now_ns);
  // Bytes for the exchange, and how many of them it took.
  [[nodiscard]] std::span<const std::byte> output() const noexcept { return client_.output(); }
  void sent(std::size_t bytes) { client_.sent(bytes); }

  // Nothing waits to be sent or to be heard.
  [[nodiscard]] bool is_idle() const noexcept {
    return client_.output().empty() && messages_.empty();
  }

  // For the hot core, in order.
  [[nodiscard]] std::deque<order::Inbound>& messages() noexcept { return messages_; }
  // The number of the next message of the exchange's stream.
  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return client_.next_sequence(); }

 private:
  void take_events(std::uint64_t now_ns);

  order::SoupClient client_;
  std::deque<order::Inbound> messages_;
  std::uint16_t connection_ = 0;
  bool connected_ = false;
  bool told_logged_in_ = false;  // so that each Disconnected follows a LoggedIn
};

}  // namespace ridley::simulation
