// SPDX-License-Identifier: Apache-2.0
// In: a port to listen on, the accounts' streams, and the day they trade in. Out: every client's
// messages in the day, every reply in the client's stream. Kernel TCP, never blocks; the venue's
// thread.
#pragma once

#include <poll.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "venue/account_streams.hpp"
#include "venue/bound_socket.hpp"
#include "venue/order_connection.hpp"
#include "venue/order_gateway.hpp"
#include "venue/trading_day.hpp"

namespace ridley::venue {

// More than any set of accounts needs, few enough to look at each in every round.
inline constexpr std::size_t kConnectionsMax = 64;

struct ListenerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;   // 0: any free one
  std::uint32_t index = 0;  // of the order ports: serves the accounts that belong to it
  std::uint64_t seed = 0;   // of what goes wrong on its connections
};

class OrderListener {
 public:
  // The streams must outlive it. Throws base::Error when the port cannot be had.
  OrderListener(ListenerSettings settings, AccountStreams& streams);

  // One round: new clients, their messages into the day, replies out. True if anything moved.
  bool poll(TradingDay& day, const Moment& now);

  // The day is over: tells every client.
  void end_session(TradingDay& day, const Moment& now);
  // Sends what is left and waits for the clients to go. False when all have gone.
  [[nodiscard]] bool hear_out(std::uint64_t monotonic_ns);

  // The exchange is gone: connections break off, and until it is back nobody can connect.
  void crash();
  void restart();

  [[nodiscard]] std::uint16_t port() const noexcept { return socket_.port(); }
  [[nodiscard]] std::uint64_t logins() const noexcept { return gateway_.logins(); }
  [[nodiscard]] OrderGateway& gateway() noexcept { return gateway_; }

  // What to wait for when there is nothing else to do.
  [[nodiscard]] std::vector<pollfd>& waits() noexcept { return waits_; }

 private:
  using Connections = std::vector<std::unique_ptr<OrderConnection>>;

  bool accept_clients(std::uint64_t now_ns);
  void bury(TradingDay& day, const Moment& now);

  ListenerSettings settings_;
  AccountStreams& streams_;
  OrderGateway gateway_;
  Connections connections_;
  std::vector<pollfd> waits_;
  std::uint64_t connected_ = 0;  // ever
  BoundSocket socket_;
};

}  // namespace ridley::venue
