// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>

#include "strategy/plugin_rig.hpp"

namespace ridley::strategy {
namespace {

using test::book_change;
using test::ended;
using test::executed;
using test::order_event;
using test::PluginRig;

constexpr std::uint64_t kMillisecond = 1'000'000;

PluginRig quoter(Parameters parameters = {}) { return PluginRig{"two_sided_quoter", parameters}; }

// 100 at 99.90 against 100 at 100.10.
ridley_book_change wide_book(std::uint64_t exchange_ns = 1) {
  ridley_book_change change = book_change(exchange_ns);
  change.bid_price_e4 = 999'000;
  change.ask_price_e4 = 1'001'000;
  return change;
}

// Both quotes resting, numbers 1 and 2.
PluginRig::Intents quoted(PluginRig& rig, const ridley_book_change& change) {
  auto intents = rig.book(change);
  for (std::uint32_t i = 0; i < intents.size(); ++i) {
    rig.order(order_event(RIDLEY_ORDER_EVENT_KIND_ACCEPTED, intents[i], i + 1), change.instrument);
  }
  return intents;
}

}  // namespace

TEST(TwoSidedQuoter, PostsBothSidesAroundTheMiddle) {
  PluginRig rig = quoter({{"half_spread_ticks", std::int64_t{3}}});
  const auto intents = rig.book(wide_book());
  ASSERT_EQ(intents.size(), 2U);
  EXPECT_EQ(intents[0].side, RIDLEY_SIDE_BUY);
  EXPECT_EQ(intents[0].price_e4, 999'700U);
  EXPECT_EQ(intents[1].side, RIDLEY_SIDE_SELL_SHORT);
  EXPECT_EQ(intents[1].price_e4, 1'000'300U);
  EXPECT_NE(intents[0].client_tag, intents[1].client_tag);
}

TEST(TwoSidedQuoter, DoesNotReachTheOtherSide) {
  // One tick wide: the middle is between the ticks, half a spread of 0 would cross.
  PluginRig rig = quoter({{"half_spread_ticks", std::int64_t{0}}});
  const auto intents = rig.book(book_change());
  ASSERT_EQ(intents.size(), 2U);
  EXPECT_EQ(intents[0].price_e4, 999'900U);
  EXPECT_EQ(intents[1].price_e4, 1'000'000U);
}

TEST(TwoSidedQuoter, RoundsAwayFromTheMiddle) {
  ridley_book_change change = wide_book();
  change.ask_price_e4 += 100;
  const auto intents = quoter().book(change);
  ASSERT_EQ(intents.size(), 2U);
  EXPECT_EQ(intents[0].price_e4, 999'900U);
  EXPECT_EQ(intents[1].price_e4, 1'000'200U);
}

TEST(TwoSidedQuoter, MovesBothQuotesWithTheMarket) {
  PluginRig rig = quoter();
  quoted(rig, wide_book());
  EXPECT_EQ(rig.book(wide_book(5 * kMillisecond)).size(), 0U);
  ridley_book_change change = wide_book(5 * kMillisecond);
  change.bid_price_e4 += 200;
  change.ask_price_e4 += 200;
  const auto moves = rig.book(change);
  ASSERT_EQ(moves.size(), 2U);
  EXPECT_EQ(moves[0].kind, RIDLEY_INTENT_KIND_REPLACE);
  EXPECT_EQ(moves[0].user_ref, 1U);
  EXPECT_EQ(moves[0].price_e4, 1'000'100U);
  EXPECT_EQ(moves[1].user_ref, 2U);
  EXPECT_EQ(moves[1].price_e4, 1'000'300U);
}

TEST(TwoSidedQuoter, LeansAgainstItsPosition) {
  PluginRig rig = quoter({{"skew_ticks", std::int64_t{10}}, {"position_max", std::int64_t{200}}});
  const auto entered = quoted(rig, wide_book());
  rig.order(executed(entered[0], 1, 100, 0));
  // Long half of what it may: five ticks down. The offer covers the position now: a long sale.
  const auto intents = rig.book(wide_book(5 * kMillisecond));
  ASSERT_EQ(intents.size(), 2U);
  EXPECT_EQ(intents[0].kind, RIDLEY_INTENT_KIND_NEW);
  EXPECT_EQ(intents[0].price_e4, 999'400U);
  EXPECT_EQ(intents[1].kind, RIDLEY_INTENT_KIND_CANCEL);
  rig.order(ended(order_event(RIDLEY_ORDER_EVENT_KIND_CANCELED, entered[1], 2)));
  const auto again = rig.book(wide_book(9 * kMillisecond));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].side, RIDLEY_SIDE_SELL);
  EXPECT_EQ(again[0].price_e4, 999'600U);
}

TEST(TwoSidedQuoter, StopsQuotingASideAtItsPositionLimit) {
  PluginRig rig = quoter({{"position_max", std::int64_t{199}}});
  const auto entered = quoted(rig, wide_book());
  rig.order(executed(entered[0], 1, 99, 1));
  EXPECT_EQ(rig.book(wide_book(2)).size(), 0U);
  rig.order(executed(entered[0], 1, 1, 0));
  const auto intents = rig.book(wide_book(5 * kMillisecond));
  ASSERT_EQ(intents.size(), 1U);
  EXPECT_EQ(intents[0].kind, RIDLEY_INTENT_KIND_CANCEL);
  EXPECT_EQ(intents[0].user_ref, 2U);
}

TEST(TwoSidedQuoter, OffersOnlyWhatItHoldsWhenItMayNotSellShort) {
  PluginRig rig = quoter({{"short_selling", false}});
  const auto first = quoted(rig, wide_book());
  ASSERT_EQ(first.size(), 1U);
  rig.order(executed(first[0], 1, 100, 0));
  const auto both = rig.book(wide_book(5 * kMillisecond));
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[1].side, RIDLEY_SIDE_SELL);
}

TEST(TwoSidedQuoter, CancelsWhenTheBookIsStaleHaltedOrOneSided) {
  for (int what = 0; what < 3; ++what) {
    PluginRig rig = quoter();
    quoted(rig, wide_book());
    ridley_book_change change = wide_book(2);
    if (what == 0) change.flags = RIDLEY_BOOK_STALE;
    if (what == 1) change.flags = RIDLEY_BOOK_HALTED;
    if (what == 2) change.ask_quantity = 0;
    const auto intents = rig.book(change);
    ASSERT_EQ(intents.size(), 2U) << what;
    EXPECT_EQ(intents[0].kind, RIDLEY_INTENT_KIND_CANCEL);
    EXPECT_EQ(intents[1].kind, RIDLEY_INTENT_KIND_CANCEL);
    EXPECT_EQ(rig.book(change).size(), 0U);
  }
}

TEST(TwoSidedQuoter, PullsEverythingWhenTheFeedIsLost) {
  PluginRig rig = quoter();
  quoted(rig, wide_book());
  ridley_book_change other = wide_book();
  other.instrument = 1;
  other.locate = 8;
  quoted(rig, other);
  const auto intents = rig.feed_lost();
  ASSERT_EQ(intents.size(), 4U);
  EXPECT_EQ(intents[0].locate, test::kLocate);
  EXPECT_EQ(intents[3].locate, 8U);
  EXPECT_EQ(rig.feed_lost().size(), 0U);
}

TEST(TwoSidedQuoter, GivesTheSameIntentsForTheSameEventsAndAcrossARestore) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  PluginRig one = quoter();
  PluginRig other = quoter();
  std::mt19937_64 random{seed};
  std::uint32_t user_ref = 0;
  std::array<std::uint64_t, 4> kinds{};
  std::uint32_t middle = 1'000'000;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    if (i == 1500) {
      PluginRig fresh = quoter();
      ASSERT_TRUE(fresh.restore(other.state()));
      ASSERT_EQ(fresh.state(), one.state());
      ASSERT_TRUE(other.restore(fresh.state()));
    }
    ridley_book_change change = wide_book(i * 2 * kMillisecond);
    middle += static_cast<std::uint32_t>(random() % 5) * 100;
    middle -= static_cast<std::uint32_t>(random() % 5) * 100;
    change.bid_price_e4 = middle - 500;
    change.ask_price_e4 = middle + 500;
    if (random() % 50 == 0) change.flags = RIDLEY_BOOK_STALE;
    const auto intents = one.book(change);
    ASSERT_TRUE(test::same(intents, other.book(change)));
    for (const ridley_order_intent& intent : intents) {
      ++kinds[intent.kind];
      std::vector<ridley_order_event> answers;
      if (intent.kind == RIDLEY_INTENT_KIND_NEW) {
        answers = {order_event(RIDLEY_ORDER_EVENT_KIND_ACCEPTED, intent, ++user_ref)};
        if (random() % 4 == 0) answers.push_back(executed(intent, user_ref, 100, 0));
      } else if (intent.kind == RIDLEY_INTENT_KIND_REPLACE) {
        answers = {order_event(RIDLEY_ORDER_EVENT_KIND_REPLACED, intent, ++user_ref)};
      } else {
        answers = {ended(order_event(RIDLEY_ORDER_EVENT_KIND_CANCELED, intent))};
      }
      for (const ridley_order_event& answer : answers) {
        ASSERT_TRUE(test::same(one.order(answer), other.order(answer)));
      }
    }
  }
  EXPECT_GT(kinds[RIDLEY_INTENT_KIND_NEW], 50U);
  EXPECT_GT(kinds[RIDLEY_INTENT_KIND_REPLACE], 50U);
  EXPECT_GT(kinds[RIDLEY_INTENT_KIND_CANCEL], 20U);
}

TEST(TwoSidedQuoter, RefusesAForeignState) {
  PluginRig rig = quoter();
  PluginRig taker{"imbalance_taker"};
  EXPECT_FALSE(rig.restore(taker.state()));
  auto state = rig.state();
  state.pop_back();
  EXPECT_FALSE(rig.restore(state));
}

}  // namespace ridley::strategy
