// SPDX-License-Identifier: Apache-2.0
#include "venue/matching_engine.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <list>
#include <tuple>
#include <vector>

namespace ridley::venue {
namespace {

using event::Side;

NewOrder order(Side side, std::uint32_t quantity, std::uint32_t price_e4) {
  NewOrder result;
  result.locate = 1;
  result.side = side;
  result.quantity = quantity;
  result.price_e4 = price_e4;
  return result;
}

TEST(MatchingEngine, RestsWhatDoesNotReachTheOtherSide) {
  MatchingEngine engine{1};
  const Submission bid = engine.submit(order(Side::Buy, 100, 9900));
  const Submission ask = engine.submit(order(Side::Sell, 100, 10000));
  EXPECT_EQ(bid.ending, Ending::Rests);
  EXPECT_EQ(ask.ending, Ending::Rests);
  EXPECT_EQ(ask.reference, bid.reference + 1);
  EXPECT_EQ(engine.displayed_best_e4(1, Side::Buy), 9900u);
  EXPECT_EQ(engine.displayed_best_e4(1, Side::Sell), 10000u);
}

TEST(MatchingEngine, TradesAtTheRestingPriceAndRestsTheRemainder) {
  MatchingEngine engine{1};
  const std::uint64_t ask = engine.submit(order(Side::Sell, 100, 10000)).reference;
  const Submission bid = engine.submit(order(Side::Buy, 150, 10100));
  ASSERT_EQ(bid.fills.size(), 1u);
  EXPECT_EQ(bid.fills[0].reference, ask);
  EXPECT_EQ(bid.fills[0].price_e4, 10000u);
  EXPECT_EQ(bid.fills[0].open_quantity, 0u);
  EXPECT_EQ(bid.executed_quantity, 100u);
  EXPECT_EQ(bid.open_quantity, 50u);
  EXPECT_EQ(engine.find(ask), nullptr);
  EXPECT_EQ(engine.find(bid.reference)->price_e4, 10100u);
}

TEST(MatchingEngine, SweepsBetterPricesFirstAndEarlierOrdersFirst) {
  MatchingEngine engine{1};
  const std::uint64_t far = engine.submit(order(Side::Sell, 10, 10200)).reference;
  const std::uint64_t early = engine.submit(order(Side::Sell, 10, 10100)).reference;
  const std::uint64_t late = engine.submit(order(Side::Sell, 10, 10100)).reference;
  const Submission bid = engine.submit(order(Side::Buy, 25, 10200));
  ASSERT_EQ(bid.fills.size(), 3u);
  EXPECT_EQ(bid.fills[0].reference, early);
  EXPECT_EQ(bid.fills[1].reference, late);
  EXPECT_EQ(bid.fills[2].reference, far);
  EXPECT_EQ(bid.fills[2].open_quantity, 5u);
  EXPECT_EQ(bid.ending, Ending::Filled);
}

TEST(MatchingEngine, LetsDisplayedOrdersTradeBeforeHiddenOnesAtOnePrice) {
  MatchingEngine engine{1};
  NewOrder hidden = order(Side::Sell, 10, 10000);
  hidden.display = Display::Hidden;
  const std::uint64_t first = engine.submit(hidden).reference;
  const std::uint64_t second = engine.submit(order(Side::Sell, 10, 10000)).reference;
  const Submission bid = engine.submit(order(Side::Buy, 20, 10000));
  ASSERT_EQ(bid.fills.size(), 2u);
  EXPECT_EQ(bid.fills[0].reference, second);
  EXPECT_TRUE(bid.fills[0].displayed);
  EXPECT_EQ(bid.fills[1].reference, first);
  EXPECT_FALSE(bid.fills[1].displayed);
}

TEST(MatchingEngine, CancelsTheRestOfAnImmediateOrder) {
  MatchingEngine engine{1};
  (void)engine.submit(order(Side::Sell, 10, 10000));
  NewOrder immediate = order(Side::Buy, 25, 10000);
  immediate.immediate = true;
  const Submission bid = engine.submit(immediate);
  EXPECT_EQ(bid.ending, Ending::Expired);
  EXPECT_EQ(bid.executed_quantity, 10u);
  EXPECT_EQ(bid.open_quantity, 15u);
  EXPECT_EQ(engine.resting_count(), 0u);
}

TEST(MatchingEngine, KeepsPostOnlyOrdersFromTradingAndTellsWhatWasInTheWay) {
  MatchingEngine engine{1};
  (void)engine.submit(order(Side::Sell, 10, 10000));
  NewOrder post = order(Side::Buy, 10, 10000);
  post.post_only = true;
  const Submission blocked = engine.submit(post);
  EXPECT_EQ(blocked.ending, Ending::PostOnly);
  EXPECT_TRUE(blocked.contra_displayed);
  post.price_e4 = 9999;
  EXPECT_EQ(engine.submit(post).ending, Ending::Rests);
}

TEST(MatchingEngine, KeepsPriorityWhenAnOrderShrinksAndLosesItWhenReplaced) {
  MatchingEngine engine{1};
  const std::uint64_t first = engine.submit(order(Side::Buy, 100, 9900)).reference;
  const std::uint64_t second = engine.submit(order(Side::Buy, 100, 9900)).reference;
  EXPECT_EQ(engine.reduce(first, 40), 40u);
  EXPECT_EQ(engine.submit(order(Side::Sell, 10, 9900)).fills[0].reference, first);
  const std::uint64_t third = engine.replace(first, order(Side::Buy, 100, 9900)).reference;
  EXPECT_EQ(engine.find(first), nullptr);
  const Submission ask = engine.submit(order(Side::Sell, 200, 9900));
  ASSERT_EQ(ask.fills.size(), 2u);
  EXPECT_EQ(ask.fills[0].reference, second);
  EXPECT_EQ(ask.fills[1].reference, third);
}

TEST(MatchingEngine, RemovesAnOrderWhenAllOrMoreIsTakenAway) {
  MatchingEngine engine{1};
  const std::uint64_t bid = engine.submit(order(Side::Buy, 100, 9900)).reference;
  EXPECT_EQ(engine.reduce(bid, 101), 100u);
  EXPECT_EQ(engine.reduce(bid, 1), 0u);
  EXPECT_TRUE(engine.ladder(1, Side::Buy).empty());
  EXPECT_EQ(engine.reduce(12345, 1), 0u);
}

TEST(MatchingEngine, KeepsInstrumentsApart) {
  MatchingEngine engine{2};
  (void)engine.submit(order(Side::Sell, 10, 10000));
  NewOrder elsewhere = order(Side::Buy, 10, 10000);
  elsewhere.locate = 2;
  EXPECT_EQ(engine.submit(elsewhere).ending, Ending::Rests);
}

// The rules again, written so that nothing can hide: one list of orders in time order, searched
// from end to end for the best one.
class NaiveExchange {
 public:
  struct Order {
    std::uint64_t reference;
    NewOrder terms;
    std::uint32_t quantity;
  };
  using Trade = std::tuple<std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t>;

  std::vector<Trade> submit(const NewOrder& incoming) {
    std::vector<Trade> trades;
    const std::uint64_t reference = next_++;
    std::uint32_t left = incoming.quantity;
    if (incoming.post_only && best_for(incoming) != orders.end()) return trades;
    for (auto best = best_for(incoming); left > 0 && best != orders.end();
         best = best_for(incoming)) {
      const std::uint32_t quantity = std::min(left, best->quantity);
      left -= quantity;
      best->quantity -= quantity;
      trades.emplace_back(best->reference, quantity, best->terms.price_e4, best->quantity);
      if (best->quantity == 0) orders.erase(best);
    }
    if (left > 0 && !incoming.immediate) orders.push_back({reference, incoming, left});
    return trades;
  }

  void reduce(std::uint64_t reference, std::uint32_t quantity) {
    for (auto order = orders.begin(); order != orders.end(); ++order) {
      if (order->reference != reference) continue;
      if (quantity < order->quantity) {
        order->quantity -= quantity;
      } else {
        orders.erase(order);
      }
      return;
    }
  }

  std::list<Order> orders;

 private:
  std::list<Order>::iterator best_for(const NewOrder& incoming) {
    auto best = orders.end();
    for (auto order = orders.begin(); order != orders.end(); ++order) {
      const NewOrder& terms = order->terms;
      if (terms.locate != incoming.locate || terms.side == incoming.side) continue;
      const bool buy = incoming.side == Side::Buy;
      if (buy ? terms.price_e4 > incoming.price_e4 : terms.price_e4 < incoming.price_e4) continue;
      if (best == orders.end() || goes_before(terms, best->terms, buy)) best = order;
    }
    return best;
  }

  static bool goes_before(const NewOrder& one, const NewOrder& other, bool buy) {
    if (one.price_e4 != other.price_e4) {
      return buy ? one.price_e4 < other.price_e4 : one.price_e4 > other.price_e4;
    }
    return one.display != Display::Hidden && other.display == Display::Hidden;
  }

  std::uint64_t next_ = 1;
};

NewOrder random_order() {
  NewOrder result;
  result.locate = *rc::gen::inRange<std::uint16_t>(1, 3);
  result.side = *rc::gen::element(Side::Buy, Side::Sell);
  result.display = *rc::gen::element(Display::Visible, Display::Hidden, Display::Attributed);
  result.immediate = *rc::gen::inRange(0, 5) == 0;
  result.post_only = *rc::gen::inRange(0, 5) == 0;
  result.quantity = *rc::gen::inRange<std::uint32_t>(1, 50);
  result.price_e4 = *rc::gen::inRange<std::uint32_t>(10000, 10008);
  return result;
}

RC_GTEST_PROP(MatchingEngine, AgreesWithTheNaiveExchangeOnAnyInput, ()) {
  MatchingEngine engine{2};
  NaiveExchange naive;
  const int steps = *rc::gen::inRange(1, 200);
  for (int step = 0; step < steps; ++step) {
    const int action = *rc::gen::inRange(0, 10);
    if (action < 6 || naive.orders.empty()) {
      const NewOrder incoming = random_order();
      const auto expected = naive.submit(incoming);
      const Submission got = engine.submit(incoming);
      RC_ASSERT(got.fills.size() == expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        const Fill& fill = got.fills[i];
        RC_ASSERT((NaiveExchange::Trade{fill.reference, fill.quantity, fill.price_e4,
                                        fill.open_quantity}) == expected[i]);
      }
    } else {
      const auto chosen = *rc::gen::inRange<std::size_t>(0, naive.orders.size());
      const auto victim = std::next(naive.orders.begin(), static_cast<std::ptrdiff_t>(chosen));
      const std::uint64_t reference = victim->reference;
      if (action < 8) {
        const auto quantity = *rc::gen::inRange<std::uint32_t>(1, 60);
        naive.reduce(reference, quantity);
        (void)engine.reduce(reference, quantity);
      } else {
        NewOrder incoming = random_order();
        incoming.locate = victim->terms.locate;
        incoming.side = victim->terms.side;
        naive.reduce(reference, 0xFFFF'FFFF);
        const auto expected = naive.submit(incoming);
        RC_ASSERT(engine.replace(reference, incoming).fills.size() == expected.size());
      }
    }
    RC_ASSERT(engine.resting_count() == naive.orders.size());
    for (const auto& resting : naive.orders) {
      const RestingOrder* found = engine.find(resting.reference);
      RC_ASSERT(found != nullptr);
      RC_ASSERT(found->quantity == resting.quantity);
      RC_ASSERT(found->price_e4 == resting.terms.price_e4);
    }
  }
}

}  // namespace
}  // namespace ridley::venue
