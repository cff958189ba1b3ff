// SPDX-License-Identifier: Apache-2.0
#include "venue/price_ladder.hpp"

#include <gtest/gtest.h>

namespace ridley::venue {

TEST(PriceLadder, KeepsTheHighestBidLast) {
  PriceLadder bids{event::Side::Buy};
  for (const std::uint32_t price : {100u, 300u, 200u}) (void)bids.at(price);
  EXPECT_EQ(bids.best().price_e4, 300u);
  bids.drop(300);
  EXPECT_EQ(bids.best().price_e4, 200u);
  EXPECT_EQ(bids.levels().size(), 2u);
}

TEST(PriceLadder, KeepsTheLowestAskLast) {
  PriceLadder asks{event::Side::Sell};
  for (const std::uint32_t price : {200u, 100u, 300u, 100u}) (void)asks.at(price);
  EXPECT_EQ(asks.levels().size(), 3u);
  EXPECT_EQ(asks.best().price_e4, 100u);
}

TEST(PriceLadder, IsReachedAtItsPriceAndNotOneTickBefore) {
  PriceLadder bids{event::Side::Buy};
  const PriceLevel bid = bids.at(200);
  EXPECT_TRUE(bids.reaches(bid, 200));
  EXPECT_FALSE(bids.reaches(bid, 201));
  PriceLadder asks{event::Side::Sell};
  const PriceLevel ask = asks.at(200);
  EXPECT_TRUE(asks.reaches(ask, 200));
  EXPECT_FALSE(asks.reaches(ask, 199));
}

TEST(PriceLadder, ShowsThePublicTheBestDisplayedPriceOnly) {
  PriceLadder bids{event::Side::Buy};
  EXPECT_EQ(bids.displayed_best_e4(), 0u);
  bids.at(300).hidden.first = 1;
  EXPECT_EQ(bids.displayed_best_e4(), 0u);
  bids.at(200).displayed_orders = 1;
  EXPECT_EQ(bids.displayed_best_e4(), 200u);
}

}  // namespace ridley::venue
