// SPDX-License-Identifier: Apache-2.0
#include "strategy/quote.hpp"

#include <gtest/gtest.h>

#include "strategy/plugin_rig.hpp"

namespace ridley::strategy {
namespace {

using test::ended;
using test::executed;
using test::order_event;
using State = Quote::State;

constexpr std::uint64_t kTag = 5;
constexpr std::uint64_t kPauseNs = 1000;

QuoteWish wish(std::uint32_t price_e4, std::uint64_t exchange_ns) {
  return {.price_e4 = price_e4,
          .size = 100,
          .move_e4_min = 200,
          .pause_ns = kPauseNs,
          .exchange_ns = exchange_ns,
          .locate = 7,
          .side = RIDLEY_SIDE_BUY,
          .post_only = true};
}

struct Bench {
  bool want(std::uint32_t price_e4, std::uint64_t exchange_ns) {
    return quote.want(wish(price_e4, exchange_ns), kTag, intent);
  }
  bool hear(const ridley_order_event& event) { return quote.on_order(event, kTag, intent); }

  // A quote of 100 at 10,000 that rests with number 1 since time 0.
  void rest() {
    ASSERT_TRUE(want(10'000, 0));
    entered = intent;
    ASSERT_FALSE(hear(order_event(RIDLEY_ORDER_EVENT_KIND_ACCEPTED, intent, 1)));
    ASSERT_EQ(quote.state(), State::Working);
  }

  Quote quote;
  ridley_order_intent intent{};
  ridley_order_intent entered{};
};

}  // namespace

TEST(Quote, EntersOnceAndWaitsForTheAnswer) {
  Bench bench;
  ASSERT_TRUE(bench.want(10'000, 5));
  EXPECT_EQ(bench.intent.kind, RIDLEY_INTENT_KIND_NEW);
  EXPECT_EQ(bench.intent.price_e4, 10'000U);
  EXPECT_EQ(bench.intent.quantity, 100U);
  EXPECT_EQ(bench.intent.post_only, 1U);
  EXPECT_FALSE(bench.want(20'000, 10'000));
  EXPECT_EQ(bench.quote.state(), State::Entering);
}

TEST(Quote, MovesAtItsThresholdAndNotBefore) {
  Bench bench;
  bench.rest();
  EXPECT_FALSE(bench.want(10'199, kPauseNs));
  EXPECT_FALSE(bench.want(9'801, kPauseNs));
  ASSERT_TRUE(bench.want(9'800, kPauseNs));
  EXPECT_EQ(bench.intent.kind, RIDLEY_INTENT_KIND_REPLACE);
  EXPECT_EQ(bench.intent.user_ref, 1U);
  EXPECT_EQ(bench.intent.client_tag, bench.entered.client_tag);
}

TEST(Quote, KeepsItsPauseBetweenChanges) {
  Bench bench;
  bench.rest();
  EXPECT_FALSE(bench.want(20'000, kPauseNs - 1));
  EXPECT_TRUE(bench.want(20'000, kPauseNs));
}

TEST(Quote, CountsTheWholeChainWhenItMoves) {
  Bench bench;
  bench.rest();
  bench.hear(executed(bench.entered, 1, 30, 70));
  ASSERT_TRUE(bench.want(20'000, kPauseNs));
  EXPECT_EQ(bench.intent.quantity, 130U);
  const auto move = bench.intent;
  bench.hear(order_event(RIDLEY_ORDER_EVENT_KIND_SENT, move, 2));
  ridley_order_event replaced = order_event(RIDLEY_ORDER_EVENT_KIND_REPLACED, move, 2);
  replaced.original_user_ref = 1;
  replaced.open_quantity = 100;
  replaced.executed_quantity = 30;
  bench.hear(replaced);
  EXPECT_EQ(bench.quote.state(), State::Working);
  EXPECT_EQ(bench.quote.price_e4(), 20'000U);
  EXPECT_EQ(bench.quote.open_quantity(), 100U);
  ASSERT_TRUE(bench.want(0, kPauseNs));
  EXPECT_EQ(bench.intent.user_ref, 2U);
}

TEST(Quote, CancelsAtOnceWhenNothingIsWanted) {
  Bench bench;
  bench.rest();
  ASSERT_TRUE(bench.want(0, 1));
  EXPECT_EQ(bench.intent.kind, RIDLEY_INTENT_KIND_CANCEL);
  EXPECT_EQ(bench.intent.quantity, 0U);
  EXPECT_FALSE(bench.want(0, 2));
  bench.hear(ended(order_event(RIDLEY_ORDER_EVENT_KIND_CANCELED, bench.entered, 1)));
  EXPECT_EQ(bench.quote.state(), State::Idle);
  EXPECT_TRUE(bench.want(10'000, kPauseNs));
}

TEST(Quote, CancelsAsSoonAsTheAnswerIsHere) {
  Bench bench;
  ASSERT_TRUE(bench.want(10'000, 0));
  EXPECT_FALSE(bench.want(0, 1));
  ASSERT_TRUE(bench.hear(order_event(RIDLEY_ORDER_EVENT_KIND_ACCEPTED, bench.intent, 1)));
  EXPECT_EQ(bench.intent.kind, RIDLEY_INTENT_KIND_CANCEL);
  EXPECT_EQ(bench.intent.user_ref, 1U);
}

TEST(Quote, DoesNotCancelWhatIsWantedAgainBeforeTheAnswer) {
  Bench bench;
  ASSERT_TRUE(bench.want(10'000, 0));
  const auto entered = bench.intent;
  EXPECT_FALSE(bench.want(0, 1));
  EXPECT_FALSE(bench.want(10'000, 2));
  EXPECT_FALSE(bench.hear(order_event(RIDLEY_ORDER_EVENT_KIND_ACCEPTED, entered, 1)));
}

TEST(Quote, IsPulledWhateverTheBookSays) {
  Bench bench;
  bench.rest();
  ASSERT_TRUE(bench.quote.pull(7, kTag, bench.intent));
  EXPECT_EQ(bench.intent.kind, RIDLEY_INTENT_KIND_CANCEL);
  EXPECT_FALSE(bench.quote.pull(7, kTag, bench.intent));
}

TEST(Quote, KeepsTheOldOneWhenAMoveIsRefused) {
  for (const auto kind : {RIDLEY_ORDER_EVENT_KIND_REJECTED, RIDLEY_ORDER_EVENT_KIND_LOST,
                          RIDLEY_ORDER_EVENT_KIND_GATE_REJECTED}) {
    Bench bench;
    bench.rest();
    ASSERT_TRUE(bench.want(20'000, kPauseNs));
    bench.hear(ended(order_event(kind, bench.intent, 2)));
    EXPECT_EQ(bench.quote.state(), State::Working);
    EXPECT_EQ(bench.quote.price_e4(), 10'000U);
    EXPECT_FALSE(bench.want(20'000, 2 * kPauseNs + 99'999'999));
    EXPECT_TRUE(bench.want(20'000, 2 * kPauseNs + 100'000'000));
  }
}

TEST(Quote, IsIdleAgainWhenItsEntryIsRefused) {
  Bench bench;
  ASSERT_TRUE(bench.want(10'000, 0));
  bench.hear(ended(order_event(RIDLEY_ORDER_EVENT_KIND_REJECTED, bench.intent, 1)));
  EXPECT_EQ(bench.quote.state(), State::Idle);
  EXPECT_FALSE(bench.want(10'000, 100'000'000));
  EXPECT_TRUE(bench.want(10'000, 100'000'000 + kPauseNs));
}

TEST(Quote, IsIdleWhenTheOldOneTradesWholeBeforeAMoveArrives) {
  Bench bench;
  bench.rest();
  ASSERT_TRUE(bench.want(20'000, kPauseNs));
  const auto move = bench.intent;
  bench.hear(executed(bench.entered, 1, 100, 0));
  EXPECT_EQ(bench.quote.state(), State::Idle);
  // The replacement that dies with it says so afterwards, perhaps when the next one is out.
  ASSERT_TRUE(bench.want(10'000, 2 * kPauseNs));
  bench.hear(ended(order_event(RIDLEY_ORDER_EVENT_KIND_LOST, move, 2)));
  EXPECT_EQ(bench.quote.state(), State::Entering);
}

TEST(Quote, CancelsAgainAfterAPauseWhenACancelIsRejected) {
  Bench bench;
  bench.rest();
  ASSERT_TRUE(bench.want(0, 5000));
  bench.hear(order_event(RIDLEY_ORDER_EVENT_KIND_CANCEL_PENDING, bench.entered, 1));
  EXPECT_EQ(bench.quote.state(), State::Canceling);
  EXPECT_FALSE(bench.hear(order_event(RIDLEY_ORDER_EVENT_KIND_CANCEL_REJECTED, bench.entered, 1)));
  EXPECT_EQ(bench.quote.state(), State::Working);
  EXPECT_FALSE(bench.want(0, 100'004'999));
  EXPECT_TRUE(bench.want(0, 100'005'000));
  EXPECT_EQ(bench.intent.kind, RIDLEY_INTENT_KIND_CANCEL);
}

TEST(Quote, IsOverWhenItsOrderIsNotOpenAnyMore) {
  for (const bool canceled : {true, false}) {
    Bench bench;
    bench.rest();
    ASSERT_TRUE(bench.want(canceled ? 0 : 20'000, 5000));
    ridley_order_event event =
        canceled ? order_event(RIDLEY_ORDER_EVENT_KIND_CANCEL_REJECTED, bench.entered, 1)
                 : order_event(RIDLEY_ORDER_EVENT_KIND_LOST, bench.intent, 2);
    event.reason = RIDLEY_REASON_UNKNOWN_ORDER;
    EXPECT_FALSE(bench.hear(event));
    EXPECT_EQ(bench.quote.state(), State::Idle);
    EXPECT_EQ(bench.quote.open_quantity(), 0U);
    ASSERT_TRUE(bench.want(10'000, 1'000'000));
    EXPECT_EQ(bench.intent.kind, RIDLEY_INTENT_KIND_NEW);
  }
}

TEST(Quote, CancelsAgainWhenThereWasNoAnswer) {
  Bench bench;
  bench.rest();
  ASSERT_TRUE(bench.want(0, 5000));
  EXPECT_FALSE(bench.want(0, 1'000'004'999));
  EXPECT_TRUE(bench.want(0, 1'000'005'000));
  EXPECT_FALSE(bench.want(10'000, 2'000'004'999));
  EXPECT_TRUE(bench.want(10'000, 2'000'005'000));
  EXPECT_EQ(bench.intent.kind, RIDLEY_INTENT_KIND_CANCEL);
}

TEST(Quote, EntersAnewWhenItsSideMustBeMarkedAnew) {
  Bench bench;
  bench.rest();
  QuoteWish other = wish(10'000, 1);
  other.side = RIDLEY_SIDE_SELL_SHORT;
  ASSERT_TRUE(bench.quote.want(other, kTag, bench.intent));
  EXPECT_EQ(bench.intent.kind, RIDLEY_INTENT_KIND_CANCEL);
  EXPECT_EQ(bench.intent.side, RIDLEY_SIDE_BUY);
}

TEST(Quote, DoesNotHearAnotherTag) {
  Bench bench;
  ASSERT_TRUE(bench.want(10'000, 0));
  ridley_order_event event = order_event(RIDLEY_ORDER_EVENT_KIND_ACCEPTED, bench.intent, 1);
  event.client_tag ^= 1;
  bench.hear(event);
  EXPECT_EQ(bench.quote.state(), State::Entering);
}

}  // namespace ridley::strategy
