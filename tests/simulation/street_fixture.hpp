// SPDX-License-Identifier: Apache-2.0
// A simulated street with the strategy that wants everything, for tests that look at one part.
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "simulation/restless.hpp"
#include "simulation/simulated_street.hpp"

namespace ridley::simulation {

class StreetFixture : public testing::Test {
 protected:
  static StreetOptions options(const Plan& plan = {}) {
    StreetOptions options;
    options.market.instruments = 4;
    options.market.plan = plan;
    options.dead_peer_ns = 1'200 * kMillisecondNs;
    options.traded = 3;
    options.session_policy = feed::SessionPolicy::Follow;
    return options;
  }
  static constexpr std::uint64_t ms(std::uint64_t milliseconds) {
    return milliseconds * kMillisecondNs;
  }

  // A day on which this happens. Without it nothing does.
  void plan(const Plan& plan) { owned_.emplace(options(plan), strategy_.loaded()); }
  SimulatedStreet& street() {
    if (!owned_) plan({});
    return *owned_;
  }

  bool command(event::CommandKind kind) {
    event::Command command{};
    command.kind = kind;
    return street().command(command);
  }
  void do_deed(Deed deed, std::uint64_t first = 0, std::uint64_t second = 0) {
    street().do_deed({.deed = deed, .first = first, .second = second});
  }
  // Logged in, the market open, armed and trading.
  void trade_until_ms(std::uint64_t milliseconds) {
    street().run_until(ms(20));
    ASSERT_TRUE(street().rooms().orders.ready());
    ASSERT_TRUE(command(event::CommandKind::Arm));
    street().run_until(ms(milliseconds));
    ASSERT_GT(street().rooms().orders.counters().orders_sent, 0u);
  }

  Restless strategy_{1, traded_symbols(options())};
  std::optional<SimulatedStreet> owned_;
};

}  // namespace ridley::simulation
