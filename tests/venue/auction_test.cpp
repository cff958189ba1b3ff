// SPDX-License-Identifier: Apache-2.0
#include "venue/auction.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace ridley::venue {
namespace {

using event::Side;

TEST(Auction, TakesThePriceOfTheMostShares) {
  const std::vector<Interest> all{{Side::Buy, 1'010, 100},
                                  {Side::Buy, 1'000, 100},
                                  {Side::Sell, 990, 150},
                                  {Side::Sell, 1'005, 10}};
  const Auction auction = find_auction(all, 0);
  EXPECT_EQ(auction.price_e4, 990u);
  EXPECT_EQ(auction.paired, 150u);
  EXPECT_EQ(auction.imbalance, 50u);
  EXPECT_EQ(auction.direction, 'B');
}

TEST(Auction, StaysNearTheReferenceWhereTheSharesAreTheSame) {
  const std::vector<Interest> all{{Side::Buy, 1'100, 100}, {Side::Sell, 900, 100}};
  EXPECT_EQ(find_auction(all, 1'003).price_e4, 1'003u);
  EXPECT_EQ(find_auction(all, 2'000).price_e4, 1'100u);
  EXPECT_EQ(find_auction(all, 1).price_e4, 900u);
  EXPECT_EQ(find_auction(all, 1'003).direction, 'N');
}

TEST(Auction, LetsMarketOrdersMeetAtTheReference) {
  const std::vector<Interest> all{{Side::Buy, kMarketPrice, 70}, {Side::Sell, kMarketPrice, 50}};
  EXPECT_EQ(find_auction(all, 1'000).price_e4, 1'000u);
  EXPECT_EQ(find_auction(all, 1'000).paired, 50u);
  EXPECT_EQ(find_auction(all, 0).paired, 0u);
}

TEST(Auction, IsNoneWhereNobodyMeets) {
  const std::vector<Interest> apart{{Side::Buy, 900, 1}, {Side::Sell, 901, 1}};
  EXPECT_EQ(find_auction(apart, 900).price_e4, 0u);
  EXPECT_EQ(find_auction({}, 900).paired, 0u);
  EXPECT_EQ(auction_at({}, 900).direction, 'O');
}

TEST(Auction, SpellsTheVariationOfAPrice) {
  EXPECT_EQ(price_variation(1'000, 1'000), 'L');
  EXPECT_EQ(price_variation(1'009, 1'000), 'L');
  EXPECT_EQ(price_variation(1'010, 1'000), '1');
  EXPECT_EQ(price_variation(901, 1'000), '9');
  EXPECT_EQ(price_variation(900, 1'000), 'A');
  EXPECT_EQ(price_variation(1'200, 1'000), 'B');
  EXPECT_EQ(price_variation(1'300, 1'000), 'C');
  EXPECT_EQ(price_variation(0, 1'000), ' ');
}

// Every limit and the reference are tried.
RC_GTEST_PROP(Auction, FindsNoWorsePriceThanASearchOfAll, ()) {
  std::vector<Interest> all;
  const auto reference = *rc::gen::inRange<std::uint32_t>(98, 114);
  std::vector<std::uint32_t> prices{reference};
  const int count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    const auto price = *rc::gen::inRange<std::uint32_t>(100, 112);
    const bool takes_any = *rc::gen::inRange(0, 6) == 0;
    if (!takes_any) prices.push_back(price);
    all.push_back({*rc::gen::element(Side::Buy, Side::Sell), takes_any ? kMarketPrice : price,
                   *rc::gen::inRange<std::uint32_t>(1, 20)});
  }
  const Auction found = find_auction(all, reference);
  std::uint64_t most = 0;
  std::uint64_t smallest = 0;
  for (const std::uint32_t price : prices) {
    const Auction here = auction_at(all, price);
    if (here.paired < most || (here.paired == most && here.imbalance >= smallest)) continue;
    most = here.paired;
    smallest = here.imbalance;
  }
  RC_ASSERT(found.paired == most);
  if (most == 0) return;
  const Auction again = auction_at(all, found.price_e4);
  RC_ASSERT(again.paired == found.paired);
  RC_ASSERT(again.imbalance == found.imbalance);
  RC_ASSERT(again.direction == found.direction);
  for (const std::uint32_t price : prices) {
    const Auction here = auction_at(all, price);
    const bool no_better = here.paired < most || here.imbalance >= found.imbalance;
    RC_ASSERT(no_better);
  }
}

}  // namespace
}  // namespace ridley::venue
