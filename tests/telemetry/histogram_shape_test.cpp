// SPDX-License-Identifier: Apache-2.0
#include "telemetry/histogram_shape.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ridley::telemetry {
namespace {

constexpr std::uint64_t kHighest = 10'000'000'000;
constexpr HistogramShape kThreeDigits{3, kHighest};

std::uint64_t random_value(std::mt19937_64& random) { return random() >> (random() % 40 + 24); }

}  // namespace

TEST(HistogramShape, MatchesTheReferenceSizes) {
  // What Java's HdrHistogram allocates for the same arguments.
  EXPECT_EQ(HistogramShape(3, 3'600'000'000ULL).counts(), 23'552U);
  EXPECT_EQ(HistogramShape(2, 3'600'000'000ULL).counts(), 3'328U);
}

TEST(HistogramShape, PutsEveryValueIntoItsOwnRange) {
  std::mt19937_64 random{20'240'601};
  for (const unsigned digits : {1U, 2U, 3U, 5U}) {
    const HistogramShape shape{digits, kHighest};
    for (int i = 0; i < 10'000; ++i) {
      const std::uint64_t value = std::min(random_value(random), shape.highest());
      const std::size_t index = shape.index(value);
      ASSERT_LT(index, shape.counts());
      ASSERT_LE(shape.lowest_at(index), value);
      ASSERT_GE(shape.highest_at(index), value);
    }
    EXPECT_LT(shape.index(shape.highest()), shape.counts());
  }
}

TEST(HistogramShape, LeavesNoHoleBetweenNeighbours) {
  for (std::size_t i = 0; i + 1 < kThreeDigits.counts(); ++i) {
    ASSERT_EQ(kThreeDigits.highest_at(i) + 1, kThreeDigits.lowest_at(i + 1)) << i;
    ASSERT_EQ(kThreeDigits.index(kThreeDigits.lowest_at(i)), i);
  }
}

TEST(HistogramShape, KeepsItsDigitsUpToTheHighestValue) {
  for (std::size_t i = 2048; i < kThreeDigits.counts(); ++i) {
    ASSERT_LE(kThreeDigits.width_at(i) * 1000, kThreeDigits.lowest_at(i)) << i;
  }
}

}  // namespace ridley::telemetry
