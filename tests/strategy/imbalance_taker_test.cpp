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

// The book leans: nine of ten shares bid.
ridley_book_change leaning_up(std::uint64_t exchange_ns) {
  ridley_book_change change = book_change(exchange_ns);
  change.bid_quantity = 900;
  return change;
}

ridley_book_change leaning_down(std::uint64_t exchange_ns) {
  ridley_book_change change = book_change(exchange_ns);
  change.ask_quantity = 900;
  return change;
}

PluginRig taker(Parameters parameters = {}) { return PluginRig{"imbalance_taker", parameters}; }

// Sends at that time and lets the order trade whole.
ridley_order_intent buy(PluginRig& rig, std::uint64_t exchange_ns) {
  const auto intents = rig.book(leaning_up(exchange_ns));
  if (intents.size() != 1) return {};
  rig.order(executed(intents[0], 1, intents[0].quantity, 0));
  return intents[0];
}

}  // namespace

TEST(ImbalanceTaker, TakesTheTouchWhereTheBookLeans) {
  PluginRig rig = taker();
  const auto intents = rig.book(leaning_up(1));
  ASSERT_EQ(intents.size(), 1U);
  EXPECT_EQ(intents[0].kind, RIDLEY_INTENT_KIND_NEW);
  EXPECT_EQ(intents[0].side, RIDLEY_SIDE_BUY);
  EXPECT_EQ(intents[0].price_e4, 1'000'000U);
  EXPECT_EQ(intents[0].quantity, 100U);
  EXPECT_EQ(intents[0].time_in_force, RIDLEY_TIME_IN_FORCE_IMMEDIATE_OR_CANCEL);
  EXPECT_EQ(intents[0].display, 'Y');
  EXPECT_EQ(intents[0].locate, test::kLocate);

  PluginRig other = taker();
  const auto sale = other.book(leaning_down(1));
  ASSERT_EQ(sale.size(), 1U);
  EXPECT_EQ(sale[0].side, RIDLEY_SIDE_SELL_SHORT);
  EXPECT_EQ(sale[0].price_e4, 999'900U);
}

TEST(ImbalanceTaker, StandsAtItsThresholdAndOneShareBelow) {
  ridley_book_change change = book_change();
  change.bid_quantity = 800;
  change.ask_quantity = 200;
  EXPECT_EQ(taker().book(change).size(), 1U);
  change.bid_quantity = 799;
  EXPECT_EQ(taker().book(change).size(), 0U);
}

TEST(ImbalanceTaker, StandsAtItsSpreadAndOneTickBeyond) {
  ridley_book_change change = leaning_up(1);
  EXPECT_EQ(taker().book(change).size(), 1U);
  change.ask_price_e4 += 100;
  EXPECT_EQ(taker().book(change).size(), 0U);
  EXPECT_EQ(taker({{"spread_ticks_max", std::int64_t{2}}}).book(change).size(), 1U);
}

TEST(ImbalanceTaker, LeavesABookAloneThatCannotBeTraded) {
  ridley_book_change change = leaning_up(1);
  change.flags = RIDLEY_BOOK_STALE;
  EXPECT_EQ(taker().book(change).size(), 0U);
  change = leaning_up(1);
  change.ask_quantity = 0;
  EXPECT_EQ(taker().book(change).size(), 0U);
  change = leaning_up(1);
  change.ask_price_e4 = change.bid_price_e4;
  EXPECT_EQ(taker().book(change).size(), 0U);
  change = leaning_up(1);
  change.instrument = 2;
  EXPECT_EQ(taker().book(change).size(), 0U);
}

TEST(ImbalanceTaker, HasOneOrderOutAtATime) {
  PluginRig rig = taker();
  const auto first = rig.book(leaning_up(1));
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(rig.book(leaning_up(10 * kMillisecond)).size(), 0U);
  rig.order(executed(first[0], 1, 40, 60));
  EXPECT_EQ(rig.book(leaning_up(11 * kMillisecond)).size(), 0U);
  rig.order(ended(order_event(RIDLEY_ORDER_EVENT_KIND_CANCELED, first[0], 1)));
  EXPECT_EQ(rig.book(leaning_up(12 * kMillisecond)).size(), 1U);
}

TEST(ImbalanceTaker, PausesAfterAnOrder) {
  PluginRig rig = taker();
  EXPECT_EQ(buy(rig, 1).quantity, 100U);
  EXPECT_EQ(rig.book(leaning_up(kMillisecond)).size(), 0U);
  EXPECT_EQ(rig.book(leaning_up(kMillisecond + 1)).size(), 1U);
}

TEST(ImbalanceTaker, PausesLongerAfterARefusal) {
  for (const auto kind : {RIDLEY_ORDER_EVENT_KIND_GATE_REJECTED, RIDLEY_ORDER_EVENT_KIND_REJECTED,
                          RIDLEY_ORDER_EVENT_KIND_LOST}) {
    PluginRig rig = taker();
    const auto first = rig.book(leaning_up(1));
    rig.order(order_event(kind, first[0], 1));
    EXPECT_EQ(rig.book(leaning_up(101 * kMillisecond)).size(), 0U);
    EXPECT_EQ(rig.book(leaning_up(101 * kMillisecond + 1)).size(), 1U);
  }
}

TEST(ImbalanceTaker, StopsAtItsPositionLimit) {
  PluginRig rig = taker({{"position_max", std::int64_t{250}}});
  EXPECT_EQ(buy(rig, 1 * kMillisecond).quantity, 100U);
  EXPECT_EQ(buy(rig, 2 * kMillisecond).quantity, 100U);
  EXPECT_EQ(buy(rig, 3 * kMillisecond).quantity, 0U);
  const auto sale = rig.book(leaning_down(4 * kMillisecond));
  ASSERT_EQ(sale.size(), 1U);
  EXPECT_EQ(sale[0].side, RIDLEY_SIDE_SELL);
}

TEST(ImbalanceTaker, SellsShortOnlyWhenItMay) {
  PluginRig rig = taker({{"short_selling", false}});
  EXPECT_EQ(rig.book(leaning_down(1)).size(), 0U);
  buy(rig, kMillisecond);
  EXPECT_EQ(rig.book(leaning_down(3 * kMillisecond)).size(), 1U);
}

TEST(ImbalanceTaker, TakesBackABrokenTrade) {
  PluginRig rig = taker({{"position_max", std::int64_t{100}}});
  const ridley_order_intent intent = buy(rig, 1);
  EXPECT_EQ(rig.book(leaning_up(5 * kMillisecond)).size(), 0U);
  rig.order(order_event(RIDLEY_ORDER_EVENT_KIND_BROKEN, intent, 1));
  EXPECT_EQ(rig.book(leaning_up(6 * kMillisecond)).size(), 1U);
}

TEST(ImbalanceTaker, DoesNotHearLateWordsAboutAnEarlierOrder) {
  PluginRig rig = taker();
  const auto first = rig.book(leaning_up(1));
  rig.order(ended(order_event(RIDLEY_ORDER_EVENT_KIND_CANCELED, first[0], 1)));
  EXPECT_EQ(rig.book(leaning_up(5 * kMillisecond)).size(), 1U);
  rig.order(ended(order_event(RIDLEY_ORDER_EVENT_KIND_CANCELED, first[0], 1)));
  EXPECT_EQ(rig.book(leaning_up(9 * kMillisecond)).size(), 0U);
}

TEST(ImbalanceTaker, GivesTheSameIntentsForTheSameEventsAndAcrossARestore) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  PluginRig one = taker();
  PluginRig other = taker();
  std::mt19937_64 random{seed};
  std::uint64_t sent = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    if (i == 1000) {
      PluginRig fresh = taker();
      ASSERT_TRUE(fresh.restore(other.state()));
      ASSERT_EQ(fresh.state(), one.state());
      ASSERT_TRUE(other.restore(fresh.state()));
    }
    ridley_book_change change = book_change(i * 200'000);
    change.instrument = static_cast<std::uint32_t>(random() % 2);
    change.bid_quantity = random() % 1000 + 1;
    change.ask_quantity = random() % 1000 + 1;
    const auto intents = one.book(change);
    ASSERT_TRUE(test::same(intents, other.book(change)));
    for (const ridley_order_intent& intent : intents) {
      ++sent;
      const auto event = random() % 2 == 0
                             ? executed(intent, 1, 100, 0)
                             : ended(order_event(RIDLEY_ORDER_EVENT_KIND_CANCELED, intent, 1));
      one.order(event, change.instrument);
      other.order(event, change.instrument);
    }
  }
  EXPECT_GT(sent, 100U);
}

TEST(ImbalanceTaker, RefusesAForeignState) {
  PluginRig rig = taker();
  PluginRig quoter{"two_sided_quoter"};
  EXPECT_FALSE(rig.restore(quoter.state()));
  auto state = rig.state();
  state[0] = std::byte{'x'};
  EXPECT_FALSE(rig.restore(state));
  state = rig.state();
  state.pop_back();
  EXPECT_FALSE(rig.restore(state));
}

}  // namespace ridley::strategy
