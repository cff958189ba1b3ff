// SPDX-License-Identifier: Apache-2.0
// One connection of the firm to a port of the exchange, one after the other, with the place in its
// stream kept in a file as the product keeps it. In: the time. Out: bytes both ways; what was heard
// is in session(). One thread.
#pragma once

#include <cstdint>
#include <filesystem>

#include "order/sequence_file.hpp"
#include "simulation/market.hpp"
#include "simulation/order_session.hpp"

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
  // What is under way is lost; nobody tries again before that moment.
  void lose(std::uint64_t now_ns, std::uint64_t until_ns = 0);
  void reconnect_at(std::uint64_t ns) noexcept { connect_ns_ = ns; }
  // Everything that was heard has been acted on.
  void keep_place();

  [[nodiscard]] std::uint64_t next_ns() const noexcept {
    return session_.is_connected() ? kNeverNs : connect_ns_;
  }
  [[nodiscard]] OrderSession& session() noexcept { return session_; }
  [[nodiscard]] const OrderSession& session() const noexcept { return session_; }

 private:
  [[nodiscard]] const order::SoupStream& stream() const noexcept;

  Market& market_;
  Port port_;
  std::uint64_t reconnect_ns_;
  order::SequenceFile place_;
  OrderSession session_;
  std::uint64_t kept_ = 0;
  std::uint64_t connect_ns_;
};

}  // namespace ridley::simulation
