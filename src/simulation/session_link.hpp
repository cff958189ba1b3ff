// SPDX-License-Identifier: Apache-2.0
// One connection of the firm to a port of the exchange, one after the other: the product's session
// (order/soup_session.hpp), with a pipe of the market in place of its socket. In: the time, packets
// of the hot core. Out: bytes both ways, and what was heard. One thread.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/spsc_ring.hpp"
#include "order/sequence_file.hpp"
#include "order/slots.hpp"
#include "order/soup_session.hpp"
#include "simulation/market.hpp"

namespace ridley::simulation {

struct SessionLinkSettings {
  Port port = Port::Orders;
  order::SoupClientSettings login;
  std::uint64_t reconnect_ns = 10 * kMillisecondNs;
  std::filesystem::path place;  // of the file; what another process has kept is gone on with
};

class SessionLink {
 public:
  // The market lives as long.
  SessionLink(Market& market, const SessionLinkSettings& settings, std::uint64_t now_ns);

  // Connects when it is time to, then moves what has come and what is to go.
  void move(std::uint64_t now_ns);
  // Heartbeats, and whether the exchange has gone silent.
  void poll(std::uint64_t now_ns);
  // A packet of another connection is not sent.
  void send(const order::Outbound& packet, std::uint64_t now_ns);
  // What is under way is lost; nobody tries again before that moment.
  void lose(std::uint64_t now_ns, std::uint64_t until_ns = 0);
  void reconnect_at(std::uint64_t ns) noexcept { connect_ns_ = ns; }

  // For the hot core, in order.
  [[nodiscard]] base::SpscRing<order::Inbound>& heard() noexcept { return heard_; }
  // Everything that was heard has been acted on.
  void keep_place() { session_.keep_place(); }

  [[nodiscard]] bool is_connected() const noexcept { return session_.is_connected(); }
  // Nothing waits to be sent or to be heard.
  [[nodiscard]] bool is_idle() const noexcept {
    return session_.soup().output().empty() && heard_.size() == 0 && !session_.waits();
  }
  // The number of the next message of the exchange's stream.
  [[nodiscard]] std::uint64_t next_sequence() const noexcept {
    return session_.soup().next_sequence();
  }
  [[nodiscard]] std::uint64_t next_ns() const noexcept {
    return is_connected() ? kNeverNs : connect_ns_;
  }

 private:
  void deliver(std::uint64_t now_ns);

  Market& market_;
  Port port_;
  std::uint64_t reconnect_ns_;
  base::SpscRing<order::Inbound> heard_;
  order::SequenceFile place_;
  order::SoupSession session_;
  std::uint64_t connect_ns_;
};

}  // namespace ridley::simulation
