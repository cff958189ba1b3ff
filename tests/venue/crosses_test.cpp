// SPDX-License-Identifier: Apache-2.0
#include "venue/crosses.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace ridley::venue {
namespace {

using event::Side;

CrossOrder cross_order(Side side, std::uint32_t quantity, std::uint32_t price_e4) {
  return {.locate = 1,
          .type = CrossType::Closing,
          .side = side,
          .quantity = quantity,
          .price_e4 = price_e4,
          .owner = {1, 1}};
}

TEST(Crosses, KeepTypesAndInstrumentsApart) {
  MatchingEngine engine{EngineLimits{.instruments = 2}};
  Crosses crosses{engine};
  (void)crosses.enter(cross_order(Side::Buy, 10, 100));
  (void)crosses.enter(cross_order(Side::Sell, 10, 100));
  EXPECT_TRUE(crosses.has_interest(1, CrossType::Closing));
  EXPECT_FALSE(crosses.has_interest(1, CrossType::Opening));
  EXPECT_FALSE(crosses.has_interest(2, CrossType::Closing));
  EXPECT_EQ(crosses.find(1, CrossType::Opening, 100).paired, 0u);
  EXPECT_EQ(crosses.find(1, CrossType::Closing, 100).paired, 10u);
  EXPECT_EQ(crosses.size(), 2u);
}

TEST(Crosses, ShrinkOrdersDownToNothing) {
  MatchingEngine engine{EngineLimits{}};
  Crosses crosses{engine};
  const std::uint64_t reference = crosses.enter(cross_order(Side::Buy, 10, 100));
  EXPECT_EQ(crosses.reduce(reference, 4), 4u);
  EXPECT_EQ(crosses.reduce(reference, 9), 6u);
  EXPECT_EQ(crosses.reduce(reference, 1), 0u);
  EXPECT_EQ(crosses.size(), 0u);
}

TEST(Crosses, TellFarPricesOfCrossOrdersAndNearPricesOfAll) {
  MatchingEngine engine{EngineLimits{}};
  Crosses crosses{engine};
  (void)crosses.enter(cross_order(Side::Buy, 100, 120));
  (void)crosses.enter(cross_order(Side::Sell, 50, 90));
  NewOrder ask{.locate = 1, .side = Side::Sell, .quantity = 50, .price_e4 = 110, .owner = {}};
  (void)engine.submit(ask);
  const Imbalance imbalance = crosses.imbalance(1, CrossType::Closing, 100);
  EXPECT_EQ(imbalance.far_e4, 100u);
  EXPECT_EQ(imbalance.near_e4, 110u);
  EXPECT_EQ(imbalance.at_reference.paired, 100u);
  EXPECT_EQ(imbalance.at_reference.direction, 'N');
}

NewOrder book_order() {
  return {.locate = 1,
          .side = *rc::gen::element(Side::Buy, Side::Sell),
          .display = *rc::gen::element(Display::Visible, Display::Hidden),
          .quoting = true,
          .quantity = *rc::gen::inRange<std::uint32_t>(1, 30),
          .price_e4 = *rc::gen::inRange<std::uint32_t>(100, 110),
          .owner = {}};
}

// Bought is sold, nobody trades worse than asked, better orders first, and no book stays crossed.
RC_GTEST_PROP(Crosses, LeaveABookInWhichNobodyMeets, ()) {
  MatchingEngine engine{EngineLimits{}};
  Crosses crosses{engine};
  const int count = *rc::gen::inRange(0, 25);
  for (int i = 0; i < count; ++i) {
    const NewOrder order = book_order();
    if (*rc::gen::inRange(0, 3) == 0) {
      (void)crosses.enter(
          cross_order(order.side, order.quantity, i % 5 == 0 ? kMarketPrice : order.price_e4));
    } else {
      (void)engine.submit(order);
    }
  }
  const Auction auction = crosses.find(1, CrossType::Closing, 105);
  const Crosses::Outcome outcome = crosses.run(1, CrossType::Closing, auction);
  std::map<Side, std::uint64_t> traded;
  for (const CrossFill& fill : outcome.fills) {
    traded[fill.side] += fill.quantity;
    if (fill.price_e4 == kMarketPrice) continue;
    const bool buys = fill.side == Side::Buy;
    const bool worse = buys ? fill.price_e4 < auction.price_e4 : fill.price_e4 > auction.price_e4;
    RC_ASSERT(!worse);
  }
  RC_ASSERT(traded[Side::Buy] == auction.paired);
  RC_ASSERT(traded[Side::Sell] == auction.paired);
  const std::uint32_t bid = engine.best_e4(1, Side::Buy);
  const std::uint32_t ask = engine.best_e4(1, Side::Sell);
  const bool apart = bid == 0 || ask == 0 || bid < ask;
  RC_ASSERT(apart);
  RC_ASSERT(crosses.size() == 0u);
}

}  // namespace
}  // namespace ridley::venue
