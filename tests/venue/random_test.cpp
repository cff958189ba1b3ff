// SPDX-License-Identifier: Apache-2.0
#include "venue/random.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ridley::venue {

TEST(Random, GivesTheSameNumbersForTheSameSeed) {
  Random first{7};
  Random second{7};
  Random other{8};
  bool differs = false;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t value = first.next();
    ASSERT_EQ(value, second.next());
    differs |= value != other.next();
  }
  EXPECT_TRUE(differs);
}

TEST(Random, StaysBelowTheBoundAndReachesEveryValue) {
  Random random{1};
  std::array<int, 5> seen{};
  for (int i = 0; i < 5000; ++i) {
    const std::uint32_t value = random.below(5);
    ASSERT_LT(value, 5u);
    ++seen[value];
  }
  for (const int count : seen) EXPECT_GT(count, 800);
}

TEST(Random, WaitsTheMeanTimeOnAverage) {
  Random random{3};
  double sum = 0;
  for (int i = 0; i < 100'000; ++i) sum += static_cast<double>(random.exponential(1000.0));
  EXPECT_NEAR(sum / 100'000, 1000.0, 20.0);
}

}  // namespace ridley::venue
