// SPDX-License-Identifier: Apache-2.0
#include "engine/side_exit.hpp"

#include <gtest/gtest.h>

namespace ridley::engine {

TEST(SideExit, GivesRecordsInOrder) {
  SideExit exit;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    event::OrderEvent event{};
    event.user_ref = i;
    exit.record(event);
  }
  event::OrderEvent taken{};
  for (std::uint32_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(exit.take(taken));
    EXPECT_EQ(taken.user_ref, i);
  }
  EXPECT_FALSE(exit.take(taken));
}

TEST(SideExit, CountsWhatDoesNotFitAndKeepsTheRest) {
  SideExit exit;
  for (std::size_t i = 0; i <= kSideExitRecordsMax; ++i) exit.record(event::RejectRecord{});
  EXPECT_EQ(exit.lost(), 1u);
  std::size_t taken = 0;
  for (event::RejectRecord reject{}; exit.take(reject);) ++taken;
  EXPECT_EQ(taken, kSideExitRecordsMax);
}

TEST(SideExit, FitsIntoTheMemoryItAsksFor) {
  base::Arena memory{SideExit::bytes()};
  SideExit exit{memory};
  for (std::size_t i = 0; i < kSideExitRecordsMax; ++i) {
    exit.record(event::OrderEvent{});
    exit.record(event::RejectRecord{});
  }
  EXPECT_EQ(exit.lost(), 0U);
}

}  // namespace ridley::engine
