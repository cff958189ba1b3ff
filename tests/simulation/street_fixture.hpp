// SPDX-License-Identifier: Apache-2.0
// A simulated street with the strategy that wants everything, for tests that look at one part.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "simulation/restless.hpp"
#include "simulation/simulated_street.hpp"

namespace ridley::simulation {

class StreetFixture : public testing::Test {
 protected:
  static StreetOptions options() {
    StreetOptions options;
    options.market.instruments = 4;
    options.market.heartbeat_ns = 40 * kMillisecondNs;
    options.market.dead_peer_ns = 150 * kMillisecondNs;
    options.traded = 3;
    options.session_policy = feed::SessionPolicy::Follow;
    return options;
  }

  bool command(event::CommandKind kind) {
    event::Command command{};
    command.kind = kind;
    return street_.command(command);
  }
  void do_deed(Deed deed, std::uint64_t first = 0, std::uint64_t second = 0) {
    street_.do_deed({.deed = deed, .first = first, .second = second});
  }
  // Logged in, the market open, armed and trading.
  void trade_ms(std::uint64_t milliseconds) {
    street_.run_ms(20);
    ASSERT_TRUE(street_.rooms().orders.ready());
    ASSERT_TRUE(command(event::CommandKind::Arm));
    street_.run_ms(milliseconds);
    ASSERT_GT(orders_sent(), 0u);
  }
  std::uint64_t orders_sent() { return street_.rooms().orders.counters().orders_sent; }
  std::uint64_t suffered(Deed deed) { return street_.faults()[static_cast<std::size_t>(deed)]; }

  Restless strategy_{1, traded_symbols(options())};
  std::vector<event::RejectRecord> rejects_;
  SimulatedStreet street_{options(), strategy_.loaded(), [this](const Turn& turn) {
                            rejects_.insert(rejects_.end(), turn.rejects.begin(),
                                            turn.rejects.end());
                          }};
};

}  // namespace ridley::simulation
