// SPDX-License-Identifier: Apache-2.0
// What deeds do to a street: those that are not for the venue's stage.
#include <gtest/gtest.h>

#include "simulation/street_fixture.hpp"

namespace ridley::simulation {

using Deeds = StreetFixture;

TEST_F(Deeds, FramesThatAreLostMakeBooksStaleAndANewSessionMendsThem) {
  street().run_ms(50);
  street().market().lose_frames(1);
  street().run_ms(20);
  EXPECT_TRUE(street().rooms().books.stale(1));
  do_deed(Deed::SessionRestart);
  street().run_ms(20);
  EXPECT_FALSE(street().rooms().books.stale(1));
  EXPECT_TRUE(street().rooms().books.tradable(1));
}

TEST_F(Deeds, ABrokenConnectionDisarmsAndComesBack) {
  trade_until_ms(100);
  street().break_order_connection(ms(30));
  street().run_ms(20);
  EXPECT_FALSE(street().rooms().orders.ready());
  EXPECT_FALSE(street().rooms().gate.armed());
  street().run_ms(20);
  EXPECT_TRUE(street().rooms().orders.ready());
  EXPECT_FALSE(street().rooms().gate.armed());
}

TEST_F(Deeds, TheOperatorsWordsReachTheGate) {
  trade_until_ms(40);
  const risk::RiskGate& gate = street().rooms().gate;
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

TEST_F(Deeds, HappenAtTheTimesOfThePlan) {
  plan({{.at_ns = ms(30), .deed = Deed::Arm}, {.at_ns = ms(50), .deed = Deed::Kill}});
  street().run_until(ms(31));
  EXPECT_TRUE(street().rooms().gate.armed());
  street().run_until(ms(49));
  EXPECT_FALSE(street().rooms().gate.killed());
  street().run_until(ms(51));
  EXPECT_TRUE(street().rooms().gate.killed());
}

}  // namespace ridley::simulation
