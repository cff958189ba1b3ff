// SPDX-License-Identifier: Apache-2.0
// What feeds without locates, and feeds without orders, do to the books.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

#include "book/books.hpp"
#include "book/events.hpp"
#include "event/market_event.hpp"

namespace ridley::book {
namespace {

using event::EventKind;
using event::MarketEvent;
using event::Side;

constexpr Limits kLimits{.orders_max = 256, .levels_max = 512, .instruments_max = 8};

MarketEvent by_order(MarketEvent event) {
  event.locate = 0;
  event.flags |= event::kByOrder;
  return event;
}

MarketEvent modify(std::uint64_t id, std::uint32_t quantity, std::uint32_t price_e4, bool keeps) {
  MarketEvent event = by_order(event_of(EventKind::ModifyOrder, 0));
  event.modify.order_id = id;
  event.modify.quantity = quantity;
  event.modify.price_e4 = price_e4;
  event.modify.keeps_priority = keeps ? 1 : 0;
  return event;
}

MarketEvent leaving(std::uint64_t id, std::uint32_t traded, std::uint32_t remaining) {
  MarketEvent event = by_order(event_of(EventKind::ExecuteOrderLeaving, 0));
  event.leaving.order_id = id;
  event.leaving.quantity = traded;
  event.leaving.price_e4 = 77;
  event.leaving.remaining = remaining;
  return event;
}

MarketEvent level(Side side, std::uint32_t price_e4, std::uint64_t quantity, bool complete = true,
                  Locate locate = 1) {
  MarketEvent event = event_of(EventKind::PriceLevel, locate);
  event.side = side;
  event.level.price_e4 = price_e4;
  event.level.quantity = quantity;
  event.level.action = event::LevelAction::Set;
  if (!complete) event.flags = event::kIncomplete;
  return event;
}

MarketEvent trading(Locate locate = 1) {
  MarketEvent event = event_of(EventKind::TradingAction, locate);
  event.trading.state = 'T';
  return event;
}

std::vector<std::uint64_t> queue(const Books& books, Side side, std::uint32_t price_e4) {
  std::vector<std::uint64_t> ids;
  books.for_each_order(1, side, price_e4,
                       [&](std::uint64_t id, std::uint32_t) { ids.push_back(id); });
  return ids;
}

}  // namespace

TEST(OtherFeeds, AnOrderTellsItsInstrument) {
  Books books{kLimits};
  books.apply(Add{1, Side::Buy, 100, 50, 3});
  const Change change = books.apply(by_order(Execute{1, 40}));
  EXPECT_EQ(change.locate, 3);
  EXPECT_EQ(change.outcome, Outcome::Applied);
  EXPECT_TRUE(change.top);
  EXPECT_EQ(books.top(3).bid_quantity, 60u);
  EXPECT_EQ(books.apply(by_order(Cancel{1, 10})).locate, 3);
  EXPECT_EQ(books.apply(by_order(Delete{1})).locate, 3);
  EXPECT_EQ(books.live_orders(), 0u);
  EXPECT_FALSE(books.stale(3));
}

TEST(OtherFeeds, AnOrderNobodyKnowsMayBeAnybodys) {
  Books books{kLimits};
  EXPECT_EQ(books.apply(by_order(Delete{9})).outcome, Outcome::UnknownOrder);
  EXPECT_TRUE(books.all_stale());
  // After a loss it is to be expected, and those who lost are in doubt already.
  Books other{kLimits};
  MarketEvent event = by_order(Delete{9});
  event.flags |= event::kAfterLoss;
  EXPECT_EQ(other.apply(event).outcome, Outcome::UnknownOrder);
  EXPECT_FALSE(other.all_stale());
}

TEST(OtherFeeds, AModifiedOrderKeepsItsPlaceOrGoesToTheEnd) {
  Books books{kLimits};
  for (const std::uint64_t id : {1, 2, 3}) books.apply(Add{id, Side::Sell, 100, 50});
  Change change = books.apply(modify(1, 70, 50, true));
  EXPECT_EQ(change.outcome, Outcome::Applied);
  EXPECT_EQ(change.locate, 1);
  EXPECT_TRUE(change.top);
  EXPECT_EQ(queue(books, Side::Sell, 50), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(books.top(1).ask_quantity, 270u);
  books.apply(modify(1, 170, 50, true));
  EXPECT_EQ(books.top(1).ask_quantity, 370u);
  EXPECT_EQ(books.quantity_ahead(2), 170u);
  EXPECT_FALSE(books.apply(modify(1, 170, 50, true)).top);
  books.apply(modify(1, 170, 50, false));
  EXPECT_EQ(queue(books, Side::Sell, 50), (std::vector<std::uint64_t>{2, 3, 1}));
  // Another price is another queue, whatever the flag says.
  change = books.apply(modify(2, 30, 40, true));
  EXPECT_TRUE(change.top);
  EXPECT_EQ(books.top(1).ask_price_e4, 40u);
  EXPECT_EQ(books.top(1).ask_quantity, 30u);
  EXPECT_EQ(books.live_orders(), 3u);
  EXPECT_FALSE(books.stale(1));
}

TEST(OtherFeeds, WhoIsFollowedHearsOfThoseBeforeItThatChange) {
  Books books{kLimits};
  for (const std::uint64_t id : {1, 2, 3}) books.apply(Add{id, Side::Buy, 100, 50});
  ASSERT_TRUE(books.follow(2));
  books.apply(modify(1, 130, 50, true));
  books.apply(modify(3, 500, 50, true));
  EXPECT_EQ(books.position(2)->quantity_ahead, 130u);
  books.apply(modify(1, 10, 50, true));
  EXPECT_EQ(books.position(2)->quantity_ahead, 10u);
  books.apply(leaving(1, 5, 2));
  EXPECT_EQ(books.position(2)->quantity_ahead, 2u);
  books.apply(modify(2, 55, 50, true));
  EXPECT_EQ(books.position(2)->quantity, 55u);
}

TEST(OtherFeeds, AModificationThatCannotBeMakesTheBookStale) {
  Books books{kLimits};
  books.apply(Add{1, Side::Buy, 100, 50});
  books.apply(Add{2, Side::Buy, 100, 50, 2});
  books.apply(Add{3, Side::Sell, 100, 60, 3});
  EXPECT_EQ(books.apply(modify(1, 0, 50, true)).outcome, Outcome::Inconsistent);
  EXPECT_TRUE(books.stale(1));
  books.apply(modify(2, 10, event::kPriceBeyond, false));
  EXPECT_TRUE(books.stale(2));
  EXPECT_FALSE(books.stale(3));
  EXPECT_EQ(books.live_orders(), 2u);
}

TEST(OtherFeeds, AnExecutionThatSaysWhatIsLeftIsBelieved) {
  Books books{kLimits};
  books.apply(Add{1, Side::Buy, 100, 50});
  Change change = books.apply(leaving(1, 30, 60));
  EXPECT_EQ(change.outcome, Outcome::Applied);
  EXPECT_TRUE(change.top);
  EXPECT_EQ(books.top(1).bid_quantity, 60u);
  EXPECT_EQ(books.top(1).last_price_e4, 77u);
  // More than there was: what is left is set, and the book is in doubt.
  change = books.apply(leaving(1, 30, 40));
  EXPECT_EQ(change.outcome, Outcome::Inconsistent);
  EXPECT_EQ(books.top(1).bid_quantity, 40u);
  EXPECT_TRUE(books.stale(1));
  books.apply(leaving(1, 40, 0));
  EXPECT_EQ(books.live_orders(), 0u);
}

TEST(OtherFeeds, ALevelIsSetAndGoesWithNothing) {
  Books books{kLimits};
  EXPECT_TRUE(books.apply(level(Side::Buy, 50, 300)).top);
  EXPECT_FALSE(books.apply(level(Side::Buy, 40, 200)).top);
  EXPECT_TRUE(books.apply(level(Side::Sell, 60, 100)).top);
  EXPECT_EQ(books.top(1).bid_quantity, 300u);
  EXPECT_EQ(books.top(1).bid_orders, 1u);
  EXPECT_EQ(books.apply(level(Side::Buy, 50, 300)).outcome, Outcome::NoEffect);
  EXPECT_TRUE(books.apply(level(Side::Buy, 50, 350)).top);
  EXPECT_EQ(books.top(1).bid_quantity, 350u);
  EXPECT_TRUE(books.apply(level(Side::Buy, 50, 0)).top);
  EXPECT_EQ(books.top(1).bid_price_e4, 40u);
  EXPECT_EQ(books.apply(level(Side::Buy, 50, 0)).outcome, Outcome::NoEffect);
  EXPECT_TRUE(books.apply(level(Side::Buy, 40, 0)).top);
  EXPECT_EQ(books.top(1).bid_orders, 0u);
  EXPECT_EQ(books.live_levels(), 1u);
  EXPECT_FALSE(books.stale(1));
}

TEST(OtherFeeds, ALevelAndOrdersDoNotMix) {
  Books books{kLimits};
  books.apply(Add{1, Side::Buy, 100, 50});
  EXPECT_EQ(books.apply(level(Side::Buy, 50, 300)).outcome, Outcome::Inconsistent);
  EXPECT_TRUE(books.stale(1));
  EXPECT_EQ(books.top(1).bid_quantity, 100u);
  // The other way round nothing is lost either.
  books.apply(level(Side::Sell, 60, 300));
  books.apply(Add{2, Side::Sell, 20, 60});
  EXPECT_EQ(books.apply(level(Side::Sell, 60, 0)).outcome, Outcome::Inconsistent);
  books.apply(Delete{2});
  EXPECT_EQ(books.top(1).ask_quantity, 300u);
}

TEST(OtherFeeds, ALevelNeedsABookASideAndAnActionThatIsKnown) {
  Books books{kLimits};
  EXPECT_EQ(books.apply(level(Side::Buy, 50, 1, true, 8)).outcome, Outcome::LocateBeyondLimit);
  EXPECT_EQ(books.apply(level(Side::None, 50, 1)).outcome, Outcome::Inconsistent);
  MarketEvent event = level(Side::Buy, 50, 1, true, 2);
  event.level.action = event::LevelAction::Insert;
  EXPECT_EQ(books.apply(event).outcome, Outcome::Inconsistent);
  EXPECT_TRUE(books.stale(2));
}

TEST(OtherFeeds, NothingIsShownBeforeAnEventIsWhole) {
  Books books{kLimits};
  books.apply(trading());
  books.apply_in_event(level(Side::Buy, 50, 100));
  books.apply_in_event(level(Side::Sell, 60, 100));
  ASSERT_TRUE(books.tradable(1));
  // A buyer takes the offer and rests with what is left: crossed until the offer goes.
  EXPECT_FALSE(books.apply_in_event(level(Side::Buy, 60, 30, false)).top);
  EXPECT_FALSE(books.tradable(1));
  MarketEvent print = event_of(EventKind::Trade, 1);
  print.trade.quantity = 100;
  print.trade.price_e4 = 60;
  EXPECT_FALSE(books.apply_in_event(print).top);
  EXPECT_FALSE(books.tradable(1));
  const Change change = books.apply_in_event(level(Side::Sell, 60, 0));
  EXPECT_TRUE(change.top);
  EXPECT_TRUE(books.tradable(1));
  EXPECT_EQ(books.top(1).bid_price_e4, 60u);
  EXPECT_EQ(books.counters().crossed, 0u);
}

TEST(OtherFeeds, AnEventMayEndWithNothingNew) {
  Books books{kLimits};
  EXPECT_FALSE(books.apply_in_event(level(Side::Buy, 50, 100, false)).top);
  EXPECT_TRUE(books.apply_in_event(event_of(EventKind::EventEnd, 1)).top);
  EXPECT_FALSE(books.apply_in_event(event_of(EventKind::EventEnd, 1)).top);
}

TEST(OtherFeeds, ABookThatIsCrossedWhenItsEventIsWholeIsCounted) {
  Books books{kLimits};
  books.apply(trading());
  books.apply_in_event(level(Side::Buy, 50, 100));
  books.apply_in_event(level(Side::Sell, 40, 100, false));
  EXPECT_EQ(books.counters().crossed, 0u);
  books.apply_in_event(level(Side::Buy, 30, 100));
  EXPECT_EQ(books.counters().crossed, 1u);
}

TEST(OtherFeeds, AClearedBookIsEmptyAndTheOthersStay) {
  Books books{kLimits};
  for (std::uint64_t id = 1; id <= 20; ++id)
    books.apply(Add{id, id % 2 == 0 ? Side::Buy : Side::Sell, 100,
                    static_cast<std::uint32_t>(id % 2 == 0 ? 50 - id : 50 + id),
                    static_cast<Locate>(1 + id % 3)});
  ASSERT_TRUE(books.follow(4));
  const std::uint32_t before = books.live_orders();
  const Change change = books.apply(event_of(EventKind::ClearBook, 2));
  EXPECT_TRUE(change.top);
  EXPECT_EQ(books.top(2).bid_orders + books.top(2).ask_orders, 0u);
  EXPECT_EQ(books.live_orders(), before - 7);
  EXPECT_FALSE(books.position(4).has_value());
  EXPECT_FALSE(books.apply(event_of(EventKind::ClearBook, 2)).top);
  // The ids are free again.
  EXPECT_EQ(books.apply(Add{4, Side::Buy, 1, 10, 2}).outcome, Outcome::Applied);
  books.apply(level(Side::Buy, 5, 10, true, 2));
  books.apply(event_of(EventKind::ClearBook, 0));
  EXPECT_EQ(books.live_orders(), 0u);
  EXPECT_EQ(books.apply(Add{4, Side::Buy, 1, 10, 2}).outcome, Outcome::Applied);
}

TEST(OtherFeeds, ADoubtIsOfOneBookOrOfAll) {
  Books books{kLimits};
  const Change change = books.apply(event_of(EventKind::Doubt, 2));
  EXPECT_EQ(change.outcome, Outcome::Doubted);
  EXPECT_TRUE(books.stale(2));
  EXPECT_FALSE(books.stale(1));
  books.apply(event_of(EventKind::Doubt, 0));
  EXPECT_TRUE(books.stale(1));
  EXPECT_EQ(books.counters().doubts, 2u);
}

TEST(OtherFeeds, ASnapshotIsBelievedWhenItIsWhole) {
  Books books{kLimits};
  books.apply(Add{1, Side::Buy, 100, 50});
  books.apply(event_of(EventKind::Doubt, 1));
  books.apply(event_of(EventKind::SnapshotBegin, 1));
  EXPECT_EQ(books.live_orders(), 0u);
  books.apply(level(Side::Buy, 50, 100));
  EXPECT_TRUE(books.stale(1));
  EXPECT_TRUE(books.apply(event_of(EventKind::SnapshotEnd, 1)).state);
  EXPECT_FALSE(books.stale(1));
}

RC_GTEST_PROP(OtherFeeds, LevelsAreThoseOfAMap,
              (const std::vector<std::tuple<bool, std::uint8_t, std::uint8_t>>& updates)) {
  Books books{kLimits};
  std::map<std::uint32_t, std::uint64_t, std::greater<>> bids;
  std::map<std::uint32_t, std::uint64_t> asks;
  for (const auto& [buys, price, quantity] : updates) {
    const Side side = buys ? Side::Buy : Side::Sell;
    const std::uint64_t wanted = quantity % 3 == 0 ? 0 : quantity;
    const auto update = [&](auto& levels) {
      const std::uint64_t best = levels.empty() ? 0 : levels.begin()->first;
      const std::uint64_t left = levels.empty() ? 0 : levels.begin()->second;
      levels[price] = wanted;
      if (wanted == 0) levels.erase(price);
      return (levels.empty() ? 0 : levels.begin()->first) != best ||
             (levels.empty() ? 0 : levels.begin()->second) != left;
    };
    const bool top = buys ? update(bids) : update(asks);
    RC_ASSERT(books.apply(level(side, price, wanted)).top == top);
  }
  const auto compare = [&](Side side, const auto& levels) {
    auto at = levels.begin();
    books.for_each_level(1, side, [&](const LevelView& view) {
      RC_ASSERT(at != levels.end());
      RC_ASSERT(view.price_e4 == at->first);
      RC_ASSERT(view.quantity == at->second);
      ++at;
    });
    RC_ASSERT(at == levels.end());
  };
  compare(Side::Buy, bids);
  compare(Side::Sell, asks);
  RC_ASSERT(!books.stale(1));
}

}  // namespace ridley::book
