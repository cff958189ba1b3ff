// SPDX-License-Identifier: Apache-2.0
#include "book/books.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "book/events.hpp"

namespace ridley::book {
namespace {

constexpr auto kBuy = event::Side::Buy;
constexpr auto kSell = event::Side::Sell;
constexpr Limits kSmall{.orders_max = 1000, .levels_max = 1000, .instruments_max = 10};

using Queue = std::vector<std::pair<std::uint64_t, std::uint32_t>>;

Queue queue(const Books& books, event::Side side, std::uint32_t price_e4, Locate locate = 1) {
  Queue queue;
  books.for_each_order(locate, side, price_e4, [&](std::uint64_t id, std::uint32_t quantity) {
    queue.emplace_back(id, quantity);
  });
  return queue;
}

std::vector<std::uint32_t> prices(const Books& books, event::Side side, Locate locate = 1) {
  std::vector<std::uint32_t> prices;
  books.for_each_level(locate, side,
                       [&](const LevelView& level) { prices.push_back(level.price_e4); });
  return prices;
}

}  // namespace

TEST(Books, ShowTheBestOfBothSides) {
  Books books{kSmall};
  EXPECT_TRUE(books.apply(Add{1, kBuy, 100, 9900}).top);
  EXPECT_TRUE(books.apply(Add{2, kSell, 200, 10100}).top);
  EXPECT_TRUE(books.apply(Add{3, kBuy, 300, 9950}).top);
  EXPECT_FALSE(books.apply(Add{4, kSell, 400, 10200}).top);
  const Top& top = books.top(1);
  EXPECT_EQ(top.bid_price_e4, 9950u);
  EXPECT_EQ(top.bid_quantity, 300u);
  EXPECT_EQ(top.bid_orders, 1u);
  EXPECT_EQ(top.ask_price_e4, 10100u);
  EXPECT_EQ(top.ask_quantity, 200u);
  EXPECT_EQ(top.ask_orders, 1u);
  EXPECT_EQ(prices(books, kBuy), (std::vector<std::uint32_t>{9950, 9900}));
  EXPECT_EQ(prices(books, kSell), (std::vector<std::uint32_t>{10100, 10200}));
}

TEST(Books, KeepTheQueueOfALevelInOrderOfArrival) {
  Books books{kSmall};
  for (std::uint64_t id = 1; id <= 4; ++id) books.apply(Add{id, kBuy, 100, 9900});
  books.apply(Delete{2});
  books.apply(Cancel{3, 40});
  EXPECT_EQ(queue(books, kBuy, 9900), (Queue{{1, 100}, {3, 60}, {4, 100}}));
  EXPECT_EQ(books.quantity_ahead(4), 160u);
  EXPECT_EQ(books.quantity_ahead(1), 0u);
  EXPECT_EQ(books.quantity_ahead(2), std::nullopt);
  books.apply(Delete{1});
  books.apply(Delete{4});
  EXPECT_EQ(queue(books, kBuy, 9900), (Queue{{3, 60}}));
}

TEST(Books, LetAReplacedOrderLoseItsPriorityAndKeepItsSide) {
  Books books{kSmall};
  books.apply(Add{1, kSell, 100, 9900});
  books.apply(Add{2, kSell, 100, 9900});
  const Change change = books.apply(Replace{1, 3, 50, 9900});
  EXPECT_EQ(change.outcome, Outcome::Applied);
  EXPECT_TRUE(change.top);
  EXPECT_EQ(queue(books, kSell, 9900), (Queue{{2, 100}, {3, 50}}));
  EXPECT_EQ(books.quantity_ahead(1), std::nullopt);
}

TEST(Books, ReduceTheRestingLevelWhateverThePriceOfTheExecution) {
  Books books{kSmall};
  books.apply(Add{1, kBuy, 100, 9900});
  EXPECT_TRUE(books.apply(ExecuteAt{1, 30, 9800}).top);
  EXPECT_EQ(books.top(1).bid_price_e4, 9900u);
  EXPECT_EQ(books.top(1).bid_quantity, 70u);
  EXPECT_EQ(books.top(1).last_price_e4, 9800u);
}

TEST(Books, TakeTheLastPriceFromWhatIsPrinted) {
  Books books{kSmall};
  books.apply(Add{1, kBuy, 100, 9900});
  books.apply(Execute{1, 1});
  EXPECT_EQ(books.top(1).last_price_e4, 9900u);
  books.apply(ExecuteAt{1, 1, 9800, false});
  EXPECT_EQ(books.top(1).last_price_e4, 9900u);

  event::MarketEvent trade = event_of(event::EventKind::Trade, 1);
  trade.trade.quantity = 10;
  trade.trade.price_e4 = 9955;
  trade.exchange_ns = 77;
  const Change change = books.apply(trade);
  EXPECT_FALSE(change.top);
  EXPECT_EQ(books.top(1).last_price_e4, 9955u);
  EXPECT_EQ(books.top(1).exchange_ns, 77u);
  EXPECT_EQ(books.top(1).bid_quantity, 98u);

  event::MarketEvent cross = event_of(event::EventKind::CrossTrade, 1);
  cross.cross.price_e4 = 9000;
  books.apply(cross);
  EXPECT_EQ(books.top(1).last_price_e4, 9955u) << "a cross of no shares";
  cross.cross.quantity = 1;
  books.apply(cross);
  EXPECT_EQ(books.top(1).last_price_e4, 9000u);
  EXPECT_EQ(books.apply(event_of(event::EventKind::BrokenTrade, 1)).outcome, Outcome::NoEffect);
}

TEST(Books, DropAnOrderAtItsLastShareAndALevelAtItsLastOrder) {
  Books books{kSmall};
  books.apply(Add{1, kSell, 100, 9900});
  books.apply(Add{2, kSell, 50, 9900});
  books.apply(Execute{1, 99});
  EXPECT_EQ(books.live_orders(), 2u);
  books.apply(Execute{1, 1});
  EXPECT_EQ(books.live_orders(), 1u);
  EXPECT_EQ(books.live_levels(), 1u);
  EXPECT_TRUE(books.apply(Cancel{2, 50}).top);
  EXPECT_EQ(books.live_orders(), 0u);
  EXPECT_EQ(books.live_levels(), 0u);
  EXPECT_EQ(books.top(1).ask_price_e4, 0u);
  EXPECT_EQ(books.top(1).ask_quantity, 0u);
  EXPECT_FALSE(books.stale(1));
}

TEST(Books, ClampWhatTakesMoreThanThereIsAndDoubtTheInstrument) {
  Books books{kSmall};
  books.apply(Add{1, kBuy, 100, 9900});
  books.apply(Add{2, kBuy, 100, 9900});
  EXPECT_EQ(books.apply(Execute{1, 101}).outcome, Outcome::Inconsistent);
  EXPECT_EQ(books.top(1).bid_quantity, 100u);
  EXPECT_EQ(books.live_orders(), 1u);
  EXPECT_TRUE(books.stale(1));
  EXPECT_FALSE(books.stale(2));
  EXPECT_EQ(books.counters().inconsistencies, 1u);
}

TEST(Books, DoubtAnInstrumentThatNamesAnUnknownOrder) {
  Books books{kSmall};
  const std::vector<event::MarketEvent> unknown = {Execute{9, 1, 2}, ExecuteAt{9, 1, 1, true, 2},
                                                   Cancel{9, 1, 2}, Delete{9, 2},
                                                   Replace{9, 10, 1, 1, 2}};
  for (const event::MarketEvent& event : unknown) {
    const Change change = books.apply(event);
    EXPECT_EQ(change.outcome, Outcome::UnknownOrder);
    EXPECT_EQ(change.locate, 2u);
    EXPECT_FALSE(change.top);
  }
  EXPECT_EQ(books.counters().unknown_orders, unknown.size());
  EXPECT_TRUE(books.stale(2));
  EXPECT_FALSE(books.stale(1));
  EXPECT_EQ(books.live_orders(), 0u);
}

TEST(Books, KeepTheOlderOfTwoOrdersWithOneId) {
  Books books{kSmall};
  books.apply(Add{1, kBuy, 100, 9900, 1});
  EXPECT_EQ(books.apply(Add{1, kBuy, 200, 9950, 2}).outcome, Outcome::DuplicateOrder);
  EXPECT_EQ(books.top(1).bid_quantity, 100u);
  EXPECT_EQ(books.top(2).bid_quantity, 0u);
  EXPECT_TRUE(books.stale(1));
  EXPECT_TRUE(books.stale(2));
  EXPECT_EQ(books.counters().duplicate_orders, 1u);

  books.apply(Add{2, kBuy, 10, 9900, 3});
  books.apply(Add{3, kBuy, 10, 9900, 3});
  EXPECT_EQ(books.apply(Replace{2, 3, 20, 9800, 3}).outcome, Outcome::DuplicateOrder);
  EXPECT_EQ(queue(books, kBuy, 9900, 3), (Queue{{3, 10}})) << "the replaced order is gone";
}

TEST(Books, RefuseOrdersWithoutQuantityOrSide) {
  Books books{kSmall};
  EXPECT_EQ(books.apply(Add{1, kBuy, 0, 9900}).outcome, Outcome::Inconsistent);
  EXPECT_EQ(books.apply(Add{2, event::Side::None, 1, 9900}).outcome, Outcome::Inconsistent);
  EXPECT_EQ(books.apply(Add{3, event::Side{'x'}, 1, 9900}).outcome, Outcome::Inconsistent);
  EXPECT_EQ(books.live_orders(), 0u);
  books.apply(Add{4, kBuy, 10, 9900});
  EXPECT_EQ(books.apply(Execute{4, 0}).outcome, Outcome::Inconsistent);
  EXPECT_EQ(books.top(1).last_price_e4, 0u);
  EXPECT_EQ(books.apply(Cancel{4, 0}).outcome, Outcome::Inconsistent);
  EXPECT_EQ(books.apply(Replace{4, 5, 0, 9900}).outcome, Outcome::Inconsistent);
  EXPECT_EQ(books.live_orders(), 0u);
  EXPECT_EQ(books.counters().inconsistencies, 6u);
}

TEST(Books, ApplyToTheOrdersOwnInstrumentAndDoubtBoth) {
  Books books{kSmall};
  books.apply(Add{1, kBuy, 100, 9900, 1});
  const Change change = books.apply(Delete{1, 2});
  EXPECT_EQ(change.locate, 1u);
  EXPECT_TRUE(change.top);
  EXPECT_EQ(change.outcome, Outcome::Inconsistent);
  EXPECT_TRUE(books.stale(1));
  EXPECT_TRUE(books.stale(2));
}

TEST(Books, AreRightAtTheEndsOfEveryField) {
  Books books{Limits{.orders_max = 100, .levels_max = 100, .instruments_max = 65536}};
  constexpr std::uint32_t kMost = 0xFFFF'FFFF;
  books.apply(Add{0, kBuy, kMost, 0, 65535});
  books.apply(Add{~0ULL, kBuy, kMost, 0, 65535});
  books.apply(Add{1, kSell, 1, kMost, 65535});
  books.apply(Add{2, kBuy, 1, kMost, 0});
  books.apply(Add{3, kSell, 1, 0, 0});
  EXPECT_EQ(books.top(65535).bid_price_e4, 0u);
  EXPECT_EQ(books.top(65535).bid_quantity, std::uint64_t{kMost} * 2);
  EXPECT_EQ(books.top(65535).ask_price_e4, kMost);
  EXPECT_EQ(books.top(0).bid_price_e4, kMost);
  EXPECT_EQ(books.top(0).ask_price_e4, 0u);
  EXPECT_EQ(books.top(0).ask_quantity, 1u);
  EXPECT_EQ(books.quantity_ahead(~0ULL), kMost);
  books.apply(Delete{0, 65535});
  EXPECT_EQ(queue(books, kBuy, 0, 65535), (Queue{{~0ULL, kMost}}));
  EXPECT_FALSE(books.stale(65535));
}

TEST(Books, TakeAnOrderIdAgainAfterItsDeath) {
  Books books{kSmall};
  for (int i = 0; i < 3000; ++i) {
    EXPECT_EQ(books.apply(Add{7, kBuy, 1, 9900}).outcome, Outcome::Applied);
    EXPECT_EQ(books.apply(Delete{7}).outcome, Outcome::Applied);
  }
  EXPECT_FALSE(books.stale(1));
}

TEST(Books, HoldExactlyAsManyOrdersAsTheyMay) {
  Books books{Limits{.orders_max = 3, .levels_max = 100, .instruments_max = 10}};
  for (std::uint64_t id = 1; id <= 3; ++id)
    EXPECT_EQ(books.apply(Add{id, kBuy, 1, 9900}).outcome, Outcome::Applied);
  EXPECT_FALSE(books.stale(1));
  EXPECT_EQ(books.apply(Add{4, kBuy, 1, 9900}).outcome, Outcome::OutOfMemory);
  EXPECT_TRUE(books.stale(1));
  EXPECT_EQ(books.top(1).bid_orders, 3u);
  EXPECT_EQ(books.apply(Replace{1, 5, 1, 9800}).outcome, Outcome::Applied);
  EXPECT_EQ(books.apply(Delete{2}).outcome, Outcome::Applied);
  EXPECT_EQ(books.apply(Add{6, kBuy, 1, 9900}).outcome, Outcome::Applied);
  EXPECT_EQ(books.counters().out_of_memory, 1u);
}

TEST(Books, GoOnWithoutTheOrderWhenTheLevelsAreUsedUp) {
  Books books{Limits{.orders_max = 100, .levels_max = 16, .instruments_max = 10}};
  // One array of 8 levels, and no room to double it.
  for (std::uint64_t id = 1; id <= 8; ++id)
    EXPECT_EQ(books.apply(Add{id, kBuy, 1, 9900 + static_cast<std::uint32_t>(id)}).outcome,
              Outcome::Applied);
  EXPECT_EQ(books.apply(Add{9, kBuy, 1, 9800}).outcome, Outcome::OutOfMemory);
  EXPECT_EQ(books.live_orders(), 8u);
  EXPECT_EQ(books.live_levels(), 8u);
  EXPECT_EQ(books.apply(Add{10, kBuy, 1, 9901}).outcome, Outcome::Applied);
  EXPECT_EQ(books.apply(Delete{9}).outcome, Outcome::UnknownOrder);
  EXPECT_EQ(books.apply(Add{9, kBuy, 1, 9902}).outcome, Outcome::Applied);
  EXPECT_FALSE(books.stale(2));
}

TEST(Books, HaveNoBookBeyondTheLastLocate) {
  Books books{kSmall};
  EXPECT_EQ(books.apply(Add{1, kBuy, 1, 9900, 9}).outcome, Outcome::Applied);
  EXPECT_EQ(books.apply(Add{2, kBuy, 1, 9900, 10}).outcome, Outcome::LocateBeyondLimit);
  EXPECT_EQ(books.apply(Delete{2, 10}).outcome, Outcome::LocateBeyondLimit);
  event::MarketEvent trade = event_of(event::EventKind::Trade, 10);
  EXPECT_EQ(books.apply(trade).outcome, Outcome::LocateBeyondLimit);
  EXPECT_EQ(books.apply(TradingAction{10, 'T'}).outcome, Outcome::LocateBeyondLimit);
  EXPECT_EQ(books.top(10).bid_quantity, 0u);
  EXPECT_EQ(books.top(65535).bid_quantity, 0u);
  EXPECT_FALSE(books.tradable(10));
  EXPECT_EQ(books.counters().locates_beyond_limit, 4u);
}

TEST(Books, CountEveryTimeATradingBookBecomesCrossed) {
  Books books{kSmall};
  books.apply(TradingAction{1, 'T'});
  books.apply(Add{1, kBuy, 10, 9900});
  books.apply(Add{2, kSell, 10, 9901});
  EXPECT_EQ(books.counters().crossed, 0u);
  books.apply(Add{3, kSell, 10, 9900});
  EXPECT_EQ(books.counters().crossed, 1u) << "locked counts";
  books.apply(Add{4, kSell, 10, 9800});
  EXPECT_EQ(books.counters().crossed, 1u) << "still the same crossing";
  books.apply(Delete{3});
  books.apply(Delete{4});
  books.apply(Add{5, kBuy, 10, 9950});
  EXPECT_EQ(books.counters().crossed, 2u);
  books.apply(Add{6, kBuy, 10, 9900, 2});
  books.apply(Add{7, kSell, 10, 9900, 2});
  EXPECT_EQ(books.counters().crossed, 2u) << "no Trading Action: an auction may cross";
}

TEST(Books, StopAtTheLevelWhereTheVisitorSaysSo) {
  Books books{kSmall};
  for (std::uint32_t i = 1; i <= 5; ++i) books.apply(Add{i, kBuy, i, 100 * i});
  std::vector<std::uint32_t> seen;
  books.for_each_level(1, kBuy, [&](const LevelView& level) {
    seen.push_back(level.price_e4);
    return seen.size() < 2;
  });
  EXPECT_EQ(seen, (std::vector<std::uint32_t>{500, 400}));
}

TEST(Books, SortDeepSidesWhateverTheOrderOfArrival) {
  Books books{Limits{.orders_max = 5000, .levels_max = 20000, .instruments_max = 10}};
  for (std::uint32_t i = 0; i < 1009; ++i) {
    books.apply(Add{i, kBuy, 1, i * 500 % 1009});
    books.apply(Add{i + 2000, kSell, 1, i * 500 % 1009});
  }
  std::vector<std::uint32_t> down;
  for (std::uint32_t i = 1009; i-- > 0;) down.push_back(i);
  EXPECT_EQ(prices(books, kBuy), down);
  EXPECT_EQ(prices(books, kSell), (std::vector<std::uint32_t>{down.rbegin(), down.rend()}));
  for (std::uint32_t i = 0; i < 1009; ++i) {
    books.apply(Delete{i});
    books.apply(Delete{i + 2000});
  }
  EXPECT_EQ(books.live_levels(), 0u);
  EXPECT_FALSE(books.stale(1));
}

TEST(Books, AreEmptyAfterARestart) {
  Books books{kSmall};
  books.apply(Directory{1, "AAPL"});
  books.apply(TradingAction{1, 'T'});
  books.apply(Add{1, kBuy, 10, 9900});
  books.mark_all_stale();
  EXPECT_TRUE(books.stale(1));
  EXPECT_TRUE(books.stale(7));
  EXPECT_FALSE(books.tradable(1));
  books.restart();
  EXPECT_FALSE(books.stale(1));
  EXPECT_EQ(books.live_orders(), 0u);
  EXPECT_EQ(books.live_levels(), 0u);
  EXPECT_EQ(books.top(1).bid_quantity, 0u);
  EXPECT_EQ(books.symbol(1), "");
  EXPECT_EQ(books.state(1), TradingState::Unknown);
  EXPECT_EQ(books.apply(Add{1, kBuy, 20, 9900}).outcome, Outcome::Applied);
  EXPECT_EQ(books.top(1).bid_quantity, 20u);
}

}  // namespace ridley::book
