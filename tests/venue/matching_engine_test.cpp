// SPDX-License-Identifier: Apache-2.0
// Of venue/matching_engine.cpp, venue/matching_ahead.cpp, venue/matching_setup.cpp and
// venue/careful_matching.cpp.
#include "venue/matching_engine.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "naive_exchange.hpp"

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
  MatchingEngine engine{EngineLimits{}};
  const Submission bid = engine.submit(order(Side::Buy, 100, 9900));
  const Submission ask = engine.submit(order(Side::Sell, 100, 10000));
  EXPECT_EQ(bid.ending, Ending::Rests);
  EXPECT_EQ(ask.ending, Ending::Rests);
  EXPECT_EQ(ask.reference, bid.reference + 1);
  EXPECT_EQ(engine.displayed_best_e4(1, Side::Buy), 9900u);
  EXPECT_EQ(engine.displayed_best_e4(1, Side::Sell), 10000u);
}

TEST(MatchingEngine, TradesAtTheRestingPriceAndRestsTheRemainder) {
  MatchingEngine engine{EngineLimits{}};
  const std::uint64_t ask = engine.submit(order(Side::Sell, 100, 10000)).reference;
  const Submission bid = engine.submit(order(Side::Buy, 150, 10100));
  ASSERT_EQ(bid.fills.size(), 1u);
  EXPECT_EQ(bid.fills[0].reference, ask);
  EXPECT_EQ(bid.fills[0].price_e4, 10000u);
  EXPECT_EQ(bid.fills[0].open_quantity, 0u);
  EXPECT_EQ(bid.executed_quantity, 100u);
  EXPECT_EQ(bid.open_quantity, 50u);
  EXPECT_FALSE(engine.is_live(ask));
  EXPECT_EQ(engine.find(bid.reference)->price_e4, 10100u);
}

TEST(MatchingEngine, SweepsBetterPricesFirstAndEarlierOrdersFirst) {
  MatchingEngine engine{EngineLimits{}};
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
  MatchingEngine engine{EngineLimits{}};
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
  MatchingEngine engine{EngineLimits{}};
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
  MatchingEngine engine{EngineLimits{}};
  (void)engine.submit(order(Side::Sell, 10, 10000));
  NewOrder post = order(Side::Buy, 10, 10000);
  post.post_only = true;
  const Submission blocked = engine.submit(post);
  EXPECT_EQ(blocked.ending, Ending::PostOnly);
  EXPECT_TRUE(blocked.contra_displayed);
  post.price_e4 = 9999;
  EXPECT_EQ(engine.submit(post).ending, Ending::Rests);
}

TEST(MatchingEngine, CanBeLookedAtAheadWhateverIsThere) {
  MatchingEngine engine{EngineLimits{}};
  const auto look = [&](std::uint64_t reference) {
    engine.prefetch_book(1);
    engine.prefetch_prices(1);
    engine.prefetch_youngest(1);
    engine.prefetch_link(reference);
    engine.prefetch_order(reference);
  };
  look(0);
  look(7);
  const std::uint64_t rests = engine.submit(order(Side::Buy, 100, 9900)).reference;
  look(rests);
  look(rests + 1);
  EXPECT_EQ(engine.resting_count(), 1u);
  EXPECT_EQ(engine.find(rests)->quantity, 100u);
}

TEST(MatchingEngine, KeepsPriorityWhenAnOrderShrinksAndLosesItWhenReplaced) {
  MatchingEngine engine{EngineLimits{}};
  const std::uint64_t first = engine.submit(order(Side::Buy, 100, 9900)).reference;
  const std::uint64_t second = engine.submit(order(Side::Buy, 100, 9900)).reference;
  EXPECT_EQ(engine.reduce(first, 40).quantity, 40u);
  EXPECT_EQ(engine.submit(order(Side::Sell, 10, 9900)).fills[0].reference, first);
  const std::uint64_t third = engine.replace(first, order(Side::Buy, 100, 9900)).reference;
  EXPECT_FALSE(engine.find(first).has_value());
  const Submission ask = engine.submit(order(Side::Sell, 200, 9900));
  ASSERT_EQ(ask.fills.size(), 2u);
  EXPECT_EQ(ask.fills[0].reference, second);
  EXPECT_EQ(ask.fills[1].reference, third);
}

TEST(MatchingEngine, RemovesAnOrderWhenAllOrMoreIsTakenAway) {
  MatchingEngine engine{EngineLimits{}};
  const std::uint64_t bid = engine.submit(order(Side::Buy, 100, 9900)).reference;
  EXPECT_EQ(engine.reduce(bid, 101).quantity, 100u);
  EXPECT_EQ(engine.reduce(bid, 1).quantity, 0u);
  EXPECT_EQ(engine.displayed_best(1, Side::Buy).orders, 0u);
  EXPECT_EQ(engine.reduce(12345, 1).quantity, 0u);
}

TEST(MatchingEngine, KeepsInstrumentsApart) {
  MatchingEngine engine{EngineLimits{.instruments = 2}};
  (void)engine.submit(order(Side::Sell, 10, 10000));
  NewOrder elsewhere = order(Side::Buy, 10, 10000);
  elsewhere.locate = 2;
  EXPECT_EQ(engine.submit(elsewhere).ending, Ending::Rests);
}

TEST(MatchingEngine, TellsOrdersInTheOrderInWhichTheyWouldTrade) {
  MatchingEngine engine{EngineLimits{}};
  NewOrder hidden = order(Side::Buy, 1, 10'000);
  hidden.display = Display::Hidden;
  (void)engine.submit(order(Side::Buy, 2, 9'900));   // 1
  (void)engine.submit(hidden);                       // 2
  (void)engine.submit(order(Side::Buy, 3, 10'000));  // 3
  hidden.price_e4 = 10'100;
  (void)engine.submit(hidden);  // 4
  std::vector<std::uint64_t> references;
  engine.for_each_order(1, Side::Buy, [&](const RestingOrder& resting) {
    references.push_back(resting.reference);
    return references.size() < 4;
  });
  EXPECT_EQ(references, (std::vector<std::uint64_t>{4, 3, 2, 1}));
  EXPECT_EQ(engine.displayed_best(1, Side::Buy).price_e4, 10'000u);
  EXPECT_EQ(engine.displayed_best(1, Side::Buy).quantity, 3u);
}

TEST(MatchingEngine, LetsNobodyTradeWhileQuoting) {
  MatchingEngine engine{EngineLimits{}};
  (void)engine.submit(order(Side::Sell, 10, 10'000));
  NewOrder quoting = order(Side::Buy, 10, 10'100);
  quoting.quoting = true;
  EXPECT_EQ(engine.submit(quoting).ending, Ending::Rests);
  EXPECT_EQ(engine.displayed_best_e4(1, Side::Buy), 10'100u);
}

TEST(MatchingEngine, TradesAMinimumOrNothing) {
  MatchingEngine engine{EngineLimits{}};
  (void)engine.submit(order(Side::Sell, 30, 10'000));
  (void)engine.submit(order(Side::Sell, 30, 10'100));
  NewOrder picky = order(Side::Buy, 100, 10'100);
  picky.immediate = true;
  picky.minimum_quantity = 61;
  EXPECT_EQ(engine.submit(picky).executed_quantity, 0u);
  picky.minimum_quantity = 60;
  const Submission fits = engine.submit(picky);
  EXPECT_EQ(fits.executed_quantity, 60u);
  EXPECT_EQ(fits.fills[1].match_number, 2u);
}

TEST(MatchingEngine, PassesByARestingMinimumThatIsTooLarge) {
  MatchingEngine engine{EngineLimits{}};
  NewOrder picky = order(Side::Sell, 100, 10'000);
  picky.display = Display::Hidden;
  picky.minimum_quantity = 50;
  const std::uint64_t first = engine.submit(picky).reference;
  const std::uint64_t second = engine.submit(order(Side::Sell, 10, 10'100)).reference;
  const Submission small = engine.submit(order(Side::Buy, 49, 10'100));
  ASSERT_EQ(small.fills.size(), 1u);
  EXPECT_EQ(small.fills[0].reference, second);
  EXPECT_EQ(engine.find(small.reference)->quantity, 39u);
  const Submission large = engine.submit(order(Side::Buy, 60, 10'100));
  ASSERT_EQ(large.fills.size(), 1u);
  EXPECT_EQ(large.fills[0].reference, first);
  // What is left of it is less than its minimum: the rest is all that can be asked.
  EXPECT_EQ(engine.submit(order(Side::Buy, 39, 10'000)).executed_quantity, 0u);
  EXPECT_EQ(engine.submit(order(Side::Buy, 40, 10'000)).executed_quantity, 40u);
}

class SelfMatching : public testing::Test {
 protected:
  Submission meet(SelfMatch rule, std::uint32_t quantity) {
    NewOrder own = order(Side::Sell, 40, 10'000);
    own.group = 7;
    own_reference = engine.submit(own).reference;
    (void)engine.submit(order(Side::Sell, 10, 10'000));
    NewOrder incoming = order(Side::Buy, quantity, 10'000);
    incoming.group = 7;
    incoming.self_match = rule;
    return engine.submit(incoming);
  }
  MatchingEngine engine{EngineLimits{}};
  std::uint64_t own_reference = 0;
};

TEST_F(SelfMatching, CancelsTheOldest) {
  const Submission result = meet(SelfMatch::CancelOldest, 30);
  ASSERT_EQ(result.preventions.size(), 1u);
  EXPECT_EQ(result.preventions[0].quantity, 30u);
  EXPECT_EQ(result.preventions[0].decrement, 40u);
  EXPECT_FALSE(engine.is_live(own_reference));
  EXPECT_EQ(result.executed_quantity, 10u);
  EXPECT_EQ(result.ending, Ending::Rests);
}

TEST_F(SelfMatching, CancelsTheNewest) {
  const Submission result = meet(SelfMatch::CancelNewest, 30);
  EXPECT_EQ(result.ending, Ending::SelfMatch);
  EXPECT_EQ(result.open_quantity, 30u);
  EXPECT_TRUE(engine.is_live(own_reference));
  EXPECT_FALSE(engine.is_live(result.reference));
}

TEST_F(SelfMatching, DecrementsBoth) {
  const Submission result = meet(SelfMatch::DecrementBoth, 45);
  ASSERT_EQ(result.preventions.size(), 1u);
  EXPECT_EQ(result.preventions[0].open_quantity, 0u);
  EXPECT_EQ(result.prevented_quantity, 40u);
  EXPECT_EQ(result.executed_quantity, 5u);
  EXPECT_EQ(result.ending, Ending::Filled);
}

TEST(MatchingEngine, CancelsWhatItHasNoMemoryForAndGoesOn) {
  MatchingEngine engine{EngineLimits{.instruments = 1, .orders_max = 3, .levels_max = 16}};
  const std::uint64_t first = engine.submit(order(Side::Buy, 10, 9'900)).reference;
  (void)engine.submit(order(Side::Buy, 10, 9'900));
  (void)engine.submit(order(Side::Buy, 10, 9'900));
  const Submission full = engine.submit(order(Side::Buy, 10, 9'900));
  EXPECT_EQ(full.ending, Ending::Full);
  EXPECT_EQ(full.open_quantity, 10u);
  EXPECT_EQ(engine.refused(), 1u);
  EXPECT_EQ(engine.reduce(first, 10).quantity, 10u);
  EXPECT_EQ(engine.submit(order(Side::Buy, 10, 9'900)).ending, Ending::Rests);
  // Levels run out before orders: eight prices a side are one array.
  MatchingEngine narrow{EngineLimits{.instruments = 1, .orders_max = 99, .levels_max = 8}};
  for (std::uint32_t i = 0; i < 8; ++i) {
    ASSERT_EQ(narrow.submit(order(Side::Buy, 1, 100 + i)).ending, Ending::Rests);
  }
  EXPECT_EQ(narrow.submit(order(Side::Buy, 1, 99)).ending, Ending::Full);
  EXPECT_EQ(narrow.submit(order(Side::Buy, 1, 107)).ending, Ending::Rests);
  EXPECT_EQ(narrow.resting_count(), 9u);
}

NewOrder random_order() {
  NewOrder result;
  result.locate = *rc::gen::inRange<std::uint16_t>(1, 3);
  result.side = *rc::gen::element(Side::Buy, Side::Sell);
  result.display = *rc::gen::element(Display::Visible, Display::Hidden, Display::Attributed);
  result.immediate = *rc::gen::inRange(0, 5) == 0;
  result.post_only = *rc::gen::inRange(0, 5) == 0;
  result.group = *rc::gen::inRange<std::uint16_t>(0, 3);
  result.self_match =
      *rc::gen::element(SelfMatch::CancelOldest, SelfMatch::CancelNewest, SelfMatch::DecrementBoth);
  result.quantity = *rc::gen::inRange<std::uint32_t>(1, 50);
  result.price_e4 = *rc::gen::inRange<std::uint32_t>(10000, 10030);
  if (result.immediate || result.display == Display::Hidden)
    result.minimum_quantity = *rc::gen::element<std::uint32_t>(0, 0, 10, 40);
  return result;
}

void expect_same(const MatchingEngine& engine, const test::NaiveExchange& naive) {
  RC_ASSERT(engine.resting_count() == naive.orders.size());
  for (const std::uint16_t locate : {std::uint16_t{1}, std::uint16_t{2}}) {
    for (const Side side : {Side::Buy, Side::Sell}) {
      std::vector<std::pair<std::uint64_t, std::uint32_t>> seen;
      engine.for_each_order(locate, side, [&](const RestingOrder& resting) {
        seen.emplace_back(resting.reference, resting.quantity);
        return true;
      });
      RC_ASSERT(seen == naive.queue(locate, side));
    }
  }
}

RC_GTEST_PROP(MatchingEngine, AgreesWithTheNaiveExchangeOnAnyInput, ()) {
  MatchingEngine engine{EngineLimits{.instruments = 2}};
  test::NaiveExchange naive;
  const int steps = *rc::gen::inRange(1, 200);
  for (int step = 0; step < steps; ++step) {
    const int action = *rc::gen::inRange(0, 10);
    NewOrder incoming = random_order();
    if (action < 7 || naive.orders.empty()) {
      RC_ASSERT(test::outcome_of(engine.submit(incoming)) == naive.submit(incoming));
    } else {
      const auto chosen = *rc::gen::inRange<std::size_t>(0, naive.orders.size());
      const auto victim = std::next(naive.orders.begin(), static_cast<std::ptrdiff_t>(chosen));
      const std::uint64_t reference = victim->reference;
      if (action < 9) {
        const auto quantity = *rc::gen::inRange<std::uint32_t>(1, 60);
        naive.reduce(reference, quantity);
        (void)engine.reduce(reference, quantity);
      } else {
        incoming.locate = victim->terms.locate;
        naive.reduce(reference, 0xFFFF'FFFF);
        RC_ASSERT(test::outcome_of(engine.replace(reference, incoming)) == naive.submit(incoming));
      }
    }
    expect_same(engine, naive);
  }
}

}  // namespace
}  // namespace ridley::venue
