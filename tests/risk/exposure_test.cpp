// SPDX-License-Identifier: Apache-2.0
#include "risk/exposure.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ridley::risk {
namespace {

using event::Side;

TEST(Exposure, GivesBackWhatWasReserved) {
  Exposure exposure;
  exposure.open_order(Side::Buy, {100, 50'000});
  EXPECT_EQ(exposure.open_buys(), 100U);
  EXPECT_TRUE(exposure.open_notional_e4() == 5'000'000U);
  EXPECT_TRUE(exposure.release(Side::Buy, {100, 50'000}));
  EXPECT_TRUE(exposure.close_order());
  EXPECT_EQ(exposure.open_buys(), 0U);
  EXPECT_TRUE(exposure.gross_notional_e4() == 0U);
}

TEST(Exposure, SaysSoWhenMoreIsGivenBackThanWasReserved) {
  Exposure exposure;
  exposure.open_order(Side::Sell, {100, 50'000});
  EXPECT_FALSE(exposure.release(Side::Sell, {101, 1}));
  EXPECT_FALSE(exposure.release(Side::Buy, {1, 1}));
  EXPECT_TRUE(exposure.close_order());
  EXPECT_FALSE(exposure.close_order());
}

TEST(Exposure, BuyingMovesCashIntoPositionAndSellingBack) {
  Exposure exposure;
  exposure.execute(Side::Buy, {100, 50'000});
  EXPECT_EQ(exposure.position(), 100);
  EXPECT_TRUE(exposure.cash_e4() == -5'000'000);
  exposure.execute(Side::SellShort, {150, 60'000});
  EXPECT_EQ(exposure.position(), -50);
  EXPECT_TRUE(exposure.cash_e4() == 4'000'000);
  EXPECT_TRUE(exposure.executed_notional_e4() == 14'000'000U);
}

TEST(Exposure, ABrokenTradeLeavesNoTrace) {
  Exposure exposure;
  exposure.execute(Side::Sell, {70, 12'300});
  EXPECT_TRUE(exposure.reverse(Side::Sell, {70, 12'300}));
  EXPECT_EQ(exposure.position(), 0);
  EXPECT_TRUE(exposure.cash_e4() == 0);
  EXPECT_FALSE(exposure.reverse(Side::Sell, {1, 1}));
}

TEST(Exposure, TheLargestLotsDoNotOverflow) {
  constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
  Exposure exposure;
  const Lot lot{kMost, kMost};
  for (int i = 0; i < 4; ++i) {
    exposure.open_order(Side::Buy, lot);
    exposure.execute(Side::Buy, lot);
  }
  EXPECT_TRUE(exposure.gross_notional_e4() == base::UInt128{8} * lot.notional_e4());
  EXPECT_TRUE(exposure.cash_e4() == -Int128{4} * static_cast<Int128>(lot.notional_e4()));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(exposure.release(Side::Buy, lot));
  EXPECT_EQ(exposure.open_buys(), 0U);
}

}  // namespace
}  // namespace ridley::risk
