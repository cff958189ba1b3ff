// SPDX-License-Identifier: Apache-2.0
// What each deed does to a street.
#include <gtest/gtest.h>

#include "simulation/street_fixture.hpp"

namespace ridley::simulation {

using Deeds = StreetFixture;

TEST_F(Deeds, FramesThatAreLostMakeBooksStaleAndANewSessionMendsThem) {
  street_.run_ms(50);
  do_deed(Deed::FrameLoss, 1);
  street_.run_ms(20);
  EXPECT_EQ(suffered(Deed::FrameLoss), 1u);
  EXPECT_TRUE(street_.rooms().books.stale(1));
  do_deed(Deed::SessionRestart);
  street_.run_ms(20);
  EXPECT_FALSE(street_.rooms().books.stale(1));
  EXPECT_TRUE(street_.rooms().books.tradable(1));
}

TEST_F(Deeds, DamagedFramesAreNotBelieved) {
  street_.run_ms(50);
  do_deed(Deed::Corruption, 60, 1);
  street_.run_ms(20);
  EXPECT_EQ(suffered(Deed::Corruption), 1u);
  EXPECT_EQ(street_.rooms().sequencer.counters().gaps, 1u);
}

TEST_F(Deeds, ABrokenConnectionDisarmsAndComesBack) {
  trade_ms(100);
  do_deed(Deed::ConnectionBroken, 50, 30 * kMillisecondNs);
  street_.run_ms(20);
  EXPECT_FALSE(street_.rooms().orders.ready());
  EXPECT_FALSE(street_.rooms().gate.armed());
  street_.run_ms(20);
  EXPECT_TRUE(street_.rooms().orders.ready());
  EXPECT_FALSE(street_.rooms().gate.armed());
}

TEST_F(Deeds, AHalfOpenConnectionIsFoundOut) {
  trade_ms(100);
  do_deed(Deed::HalfOpen, 400 * kMillisecondNs);
  street_.run_ms(140);
  EXPECT_TRUE(street_.session().is_connected()) << "silence is not long enough yet";
  street_.run_ms(30);
  EXPECT_FALSE(street_.rooms().gate.armed());
  street_.run_ms(100);
  EXPECT_TRUE(street_.rooms().orders.ready());
}

TEST_F(Deeds, AStormRejectsEveryNewOrder) {
  trade_ms(50);
  do_deed(Deed::RejectStorm, 300 * kMillisecondNs);
  street_.run_ms(5);
  const std::uint64_t acknowledged = street_.rooms().orders.counters().acknowledged;
  street_.run_ms(200);
  EXPECT_GT(street_.rooms().orders.counters().rejected, 0u);
  EXPECT_EQ(street_.rooms().orders.counters().acknowledged, acknowledged);
  EXPECT_GT(suffered(Deed::RejectStorm), 0u);
}

TEST_F(Deeds, TheExchangeTakesOrdersAway) {
  trade_ms(300);
  ASSERT_FALSE(street_.market().account().orders().empty());
  do_deed(Deed::UnsolicitedCancels);
  EXPECT_TRUE(street_.market().account().orders().empty());
  (void)command(event::CommandKind::Disarm);
  street_.run_ms(5);
  EXPECT_EQ(street_.rooms().orders.open_count(), 0u);
}

TEST_F(Deeds, ACrashedExchangeIsSilentUntilItIsBack) {
  trade_ms(50);
  const std::uint64_t messages = street_.rooms().counters.messages;
  do_deed(Deed::VenueCrash, 40 * kMillisecondNs);
  street_.run_ms(30);
  EXPECT_FALSE(street_.session().is_connected());
  EXPECT_LE(street_.rooms().counters.messages, messages + 8) << "what was on its way";
  street_.run_ms(40);
  EXPECT_TRUE(street_.rooms().orders.ready());
  EXPECT_GT(street_.rooms().counters.messages, messages + 50);
}

TEST_F(Deeds, AHaltEndsByItself) {
  street_.run_ms(50);
  do_deed(Deed::Halt, 2, 30 * kMillisecondNs);
  street_.run_ms(20);
  EXPECT_FALSE(street_.rooms().books.tradable(2));
  EXPECT_TRUE(street_.rooms().books.tradable(1));
  street_.run_ms(20);
  EXPECT_TRUE(street_.rooms().books.tradable(2));
}

TEST_F(Deeds, TheOperatorsWordsReachTheGate) {
  trade_ms(20);
  const risk::RiskGate& gate = street_.rooms().gate;
  do_deed(Deed::Disarm);
  EXPECT_FALSE(gate.armed());
  do_deed(Deed::Arm);
  EXPECT_TRUE(gate.armed());
  do_deed(Deed::Kill);
  EXPECT_TRUE(gate.killed());
  do_deed(Deed::Rearm);
  EXPECT_FALSE(gate.killed());
  do_deed(Deed::SetLimit, 0, 1);
  EXPECT_EQ(gate.limits().order.quantity_max, 150u);
  do_deed(Deed::Kill, 1, 2);
  EXPECT_FALSE(gate.killed()) << "one instrument only";
}

TEST_F(Deeds, HealingEndsWhatLasts) {
  street_.run_ms(50);
  do_deed(Deed::LineDead, 500 * kMillisecondNs);
  do_deed(Deed::VenueCrash, 500 * kMillisecondNs);
  street_.heal();
  street_.run_ms(30);
  EXPECT_TRUE(street_.rooms().orders.ready());
  EXPECT_EQ(suffered(Deed::LineDead), 0u);
}

}  // namespace ridley::simulation
