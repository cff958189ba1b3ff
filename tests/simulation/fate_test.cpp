// SPDX-License-Identifier: Apache-2.0
// What deeds of fate do to a street, through the venue's stage.
#include "simulation/fate.hpp"

#include <gtest/gtest.h>

#include "simulation/street_fixture.hpp"

namespace ridley::simulation {

using Fate = StreetFixture;

TEST_F(Fate, BecomesAScenarioWithoutTheOperator) {
  const venue::Instruments instruments{4};
  const venue::Scenario scenario =
      scenario_of({{.at_ns = ms(5), .deed = Deed::Loss, .first = ms(1), .second = 250, .line = 2},
                   {.at_ns = ms(6), .deed = Deed::Arm},
                   {.at_ns = ms(7), .deed = Deed::SessionRestart},
                   {.at_ns = ms(8), .deed = Deed::Halt, .first = ms(2), .second = 3}},
                  instruments, {.order_latency_ns = 1'000, .lines = 2, .line_latency_ns = 50});
  constexpr std::size_t kDistances = 4;  // orders, requests, answers, line B
  ASSERT_EQ(scenario.events.size(), kDistances + 2);
  EXPECT_EQ(scenario.events[0].delay_ns, 1'000u);
  EXPECT_EQ(scenario.events[2].target, venue::kAnswers);
  EXPECT_EQ(scenario.events[3].target, "B");
  EXPECT_EQ(scenario.events[3].delay_ns, 50u);
  const venue::ScenarioEvent& loss = scenario.events[kDistances];
  EXPECT_EQ(loss.trouble, venue::Trouble::Loss);
  EXPECT_EQ(loss.target, "B");
  EXPECT_EQ(loss.at_ns, ms(5));
  EXPECT_EQ(loss.for_ns, ms(1));
  EXPECT_DOUBLE_EQ(loss.share, 0.25);
  EXPECT_EQ(scenario.events[kDistances + 1].trouble, venue::Trouble::Halt);
  EXPECT_EQ(scenario.events[kDistances + 1].target, instruments.symbol(3));
}

TEST_F(Fate, DamagedFramesAreNotBelieved) {
  plan({{.at_ns = ms(40), .deed = Deed::Corruption, .first = ms(5), .second = 1'000}});
  street().run_until(ms(60));
  EXPECT_GT(street().market().frames_harmed(), 0u);
  EXPECT_TRUE(street().rooms().books.stale(1));
}

TEST_F(Fate, AHalfOpenConnectionIsFoundOut) {
  plan({{.at_ns = ms(100), .deed = Deed::HalfOpen}});
  trade_until_ms(1'000);
  EXPECT_TRUE(street().orders().is_connected()) << "silence is not long enough yet";
  street().run_until(ms(1'400));
  EXPECT_FALSE(street().rooms().gate.armed());
  EXPECT_TRUE(street().rooms().orders.ready());
}

TEST_F(Fate, AStormRejectsEveryNewOrder) {
  plan({{.at_ns = ms(50), .deed = Deed::RejectStorm, .first = ms(300), .second = 1'000}});
  trade_until_ms(55);
  const std::uint64_t acknowledged = street().rooms().orders.counters().acknowledged;
  street().run_until(ms(300));
  EXPECT_GT(street().rooms().orders.counters().rejected, 0u);
  EXPECT_EQ(street().rooms().orders.counters().acknowledged, acknowledged);
}

TEST_F(Fate, ACrashedExchangeIsSilentUntilItIsBack) {
  plan({{.at_ns = ms(70), .deed = Deed::VenueCrash, .first = ms(40)}});
  trade_until_ms(69);
  const std::uint64_t messages = street().rooms().counters.messages;
  street().run_until(ms(105));
  EXPECT_FALSE(street().orders().is_connected());
  EXPECT_LE(street().rooms().counters.messages, messages + 20);
  street().run_until(ms(140));
  EXPECT_TRUE(street().rooms().orders.ready());
  EXPECT_GT(street().rooms().counters.messages, messages + 50);
}

TEST_F(Fate, AHaltEndsByItself) {
  plan({{.at_ns = ms(50), .deed = Deed::Halt, .first = ms(30), .second = 2}});
  street().run_until(ms(70));
  EXPECT_FALSE(street().rooms().books.tradable(2));
  EXPECT_TRUE(street().rooms().books.tradable(1));
  street().run_until(ms(90));
  EXPECT_TRUE(street().rooms().books.tradable(2));
}

}  // namespace ridley::simulation
