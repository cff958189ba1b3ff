// SPDX-License-Identifier: Apache-2.0
#include "base/uint128.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace ridley::base {

TEST(UInt128, HoldsTheProductOfTheTwoLargestFactors) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  const UInt128 product = UInt128{kLargest} * kLargest;
  EXPECT_EQ(static_cast<std::uint64_t>(product >> 64), kLargest - 1);
  EXPECT_EQ(static_cast<std::uint64_t>(product), 1u);
}

}  // namespace ridley::base
