// SPDX-License-Identifier: Apache-2.0
#include "nic/multicast_filter.hpp"

#include <gtest/gtest.h>

namespace ridley::nic {

TEST(MulticastFilter, FindsWhatWasAddedAndNothingElse) {
  MulticastFilter filter;
  EXPECT_EQ(filter.find(0xE936'0C01, 26477), kNoLine);
  EXPECT_TRUE(filter.add(0xE936'0C01, 26477, 0));
  EXPECT_TRUE(filter.add(0xE936'0C02, 26477, 1));
  EXPECT_EQ(filter.find(0xE936'0C01, 26477), 0);
  EXPECT_EQ(filter.find(0xE936'0C02, 26477), 1);
  EXPECT_EQ(filter.find(0xE936'0C01, 26478), kNoLine);
  EXPECT_EQ(filter.find(0xE936'0C00, 26477), kNoLine);
}

TEST(MulticastFilter, TakesAnAddressTwiceUnderOneLineOnly) {
  MulticastFilter filter;
  EXPECT_TRUE(filter.add(0xE936'0C01, 1, 4));
  EXPECT_TRUE(filter.add(0xE936'0C01, 1, 4));
  EXPECT_FALSE(filter.add(0xE936'0C01, 1, 5));
  EXPECT_FALSE(filter.add(0xE936'0C01, 2, kNoLine));
  EXPECT_EQ(filter.size(), 1u);
}

TEST(MulticastFilter, HoldsTheMostAddressesAndRefusesOneMore) {
  MulticastFilter filter;
  for (std::uint32_t i = 0; i < kFilterAddressesMax; ++i) {
    ASSERT_TRUE(filter.add(0xEF00'0000 + i, 5000, static_cast<Line>(i)));
  }
  EXPECT_FALSE(filter.add(0xEF01'0000, 5000, 1));
  for (std::uint32_t i = 0; i < kFilterAddressesMax; ++i) {
    EXPECT_EQ(filter.find(0xEF00'0000 + i, 5000), i);
  }
  EXPECT_EQ(filter.find(0xEF01'0000, 5000), kNoLine);
}

}  // namespace ridley::nic
