// SPDX-License-Identifier: Apache-2.0
// In: sessions of clients of one order port, the day they trade in. Out: every client's messages in
// the day, one session an account, orders cancelled when a connection is lost where that was asked
// for, and what a scenario does to connections. No clock, no socket; one owner.
#pragma once

#include <cstdint>

#include "venue/account_streams.hpp"
#include "venue/client_session.hpp"
#include "venue/connections.hpp"
#include "venue/trading_day.hpp"

namespace ridley::venue {

// Both clocks at one moment: any that does not go back, and the exchange's time of day.
struct Moment {
  std::uint64_t monotonic_ns = 0;
  std::uint64_t exchange_ns = 0;
};

class OrderGateway {
 public:
  // The streams must outlive it.
  explicit OrderGateway(AccountStreams& streams) noexcept : streams_{streams} {}

  // A connection that was made; it must not move until it is lost.
  void join(ClientSession& session) { connections_.join(session); }
  // Everything that the client has said, into the day. True if there was anything.
  bool serve(ClientSession& session, TradingDay& day, const Moment& now);
  // A connection that is gone.
  void leave(const ClientSession& session, TradingDay& day, const Moment& now);
  // All of them are gone, and nobody is there to do anything about it.
  void lose_all() noexcept { connections_.lose_all(); }

  [[nodiscard]] Connections& connections() noexcept { return connections_; }

  [[nodiscard]] std::uint64_t logins() const noexcept { return logins_; }

 private:
  void logged_in(ClientSession& session, std::uint64_t monotonic_ns);

  AccountStreams& streams_;
  Connections connections_;
  std::uint64_t logins_ = 0;
};

}  // namespace ridley::venue
