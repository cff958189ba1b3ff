// SPDX-License-Identifier: Apache-2.0
#include "engine/behind.hpp"

#include <gtest/gtest.h>

namespace ridley::engine {

TEST(Behind, TellsWhenItBeginsAndEnds) {
  Behind behind;
  EXPECT_EQ(behind.look(false, 1, 0), Behind::Turn::None);
  EXPECT_EQ(behind.look(true, 5, 10), Behind::Turn::Begins);
  EXPECT_TRUE(behind.now());
  EXPECT_EQ(behind.missing_from(), 5u);
  EXPECT_EQ(behind.look(true, 5, 20), Behind::Turn::None);
  EXPECT_EQ(behind.look(false, 9, 30), Behind::Turn::Ends);
  EXPECT_FALSE(behind.now());
  EXPECT_FALSE(behind.take_told());
}

TEST(Behind, TellsOnceAndGivesUpInTime) {
  Behind behind;
  EXPECT_EQ(behind.due(1'000, 100), Behind::Due::Nothing) << "nothing is missing";
  behind.look(true, 5, 1'000);
  EXPECT_EQ(behind.due(1'001, 100), Behind::Due::Tell);
  EXPECT_EQ(behind.due(1'099, 100), Behind::Due::Nothing);
  EXPECT_EQ(behind.due(1'100, 100), Behind::Due::GiveUp);
  EXPECT_TRUE(behind.take_told());
}

TEST(Behind, GivesEveryMissingMessageItsOwnTime) {
  Behind behind;
  behind.look(true, 5, 1'000);
  behind.look(true, 5, 1'050);
  behind.look(true, 7, 1'060);
  EXPECT_NE(behind.due(1'159, 100), Behind::Due::GiveUp);
  EXPECT_EQ(behind.due(1'160, 100), Behind::Due::GiveUp);
}

}  // namespace ridley::engine
