// SPDX-License-Identifier: Apache-2.0
#include "event/market_event.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>

namespace ridley::event {

TEST(MarketEvent, HasFlagsThatDoNotOverlap) {
  constexpr std::array kFlags{kIncomplete, kByOrder, kRecovered, kImplied, kAfterLoss};
  std::uint16_t all = 0;
  for (const std::uint16_t flag : kFlags) {
    EXPECT_TRUE(std::has_single_bit(flag));
    EXPECT_EQ(all & flag, 0);
    all |= flag;
  }
}

TEST(MarketEvent, OfAnOrderHasItsKeyWhereEveryOrderHasIt) {
  MarketEvent event{};
  event.modify.order_id = 7;
  event.modify.quantity = 8;
  event.modify.price_e4 = 9;
  EXPECT_EQ(event.replace.order_id, 7u);
  EXPECT_EQ(event.replace.quantity, 8u);
  EXPECT_EQ(event.replace.price_e4, 9u);
  EXPECT_EQ(offsetof(MarketEvent, leaving.order_id), offsetof(MarketEvent, add.order_id));
  EXPECT_EQ(offsetof(MarketEvent, level.price_e4), offsetof(MarketEvent, add.price_e4));
  EXPECT_EQ(offsetof(MarketEvent, statistic.price_e4), offsetof(MarketEvent, add.price_e4));
}

}  // namespace ridley::event
