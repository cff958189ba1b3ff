// SPDX-License-Identifier: Apache-2.0
// Levels by position against a list, and what contradicts itself.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "book/books.hpp"
#include "book/events.hpp"
#include "book/merged_top.hpp"
#include "event/market_event.hpp"

namespace ridley::book {
namespace {

using event::EventKind;
using event::LevelAction;
using event::MarketEvent;
using event::Side;

constexpr Limits kLimits{.orders_max = 64, .levels_max = 512, .instruments_max = 8};

struct Place {
  std::uint32_t price_e4;
  std::uint64_t quantity;
  bool operator==(const Place&) const = default;
};

MarketEvent change(LevelAction action, std::uint8_t position, const Place& place,
                   Side side = Side::Buy) {
  MarketEvent event = event_of(EventKind::PriceLevel, 1);
  event.side = side;
  event.level.action = action;
  event.level.position = position;
  event.level.price_e4 = place.price_e4;
  event.level.quantity = place.quantity;
  return event;
}

MarketEvent depth(std::uint8_t levels) {
  MarketEvent event = event_of(EventKind::Definition, 1);
  event.definition.depth = levels;
  return event;
}

std::vector<Place> levels(const Books& books, Side side = Side::Buy) {
  std::vector<Place> all;
  books.for_each_level(
      1, side, [&](const LevelView& level) { all.push_back({level.price_e4, level.quantity}); });
  return all;
}

struct Filled : Books {
  explicit Filled(std::uint8_t deep = 3) : Books{kLimits} {
    apply(depth(deep));
    apply(change(LevelAction::Insert, 1, {100, 1}));
    apply(change(LevelAction::Insert, 2, {90, 2}));
    apply(change(LevelAction::Insert, 3, {80, 3}));
  }
};

}  // namespace

TEST(PositionedLevels, AnInsertedOneMovesTheOthersDownAndTheLastFallsOff) {
  Filled books;
  EXPECT_EQ(levels(books), (std::vector<Place>{{100, 1}, {90, 2}, {80, 3}}));
  const Change applied = books.apply(change(LevelAction::Insert, 2, {95, 9}));
  EXPECT_EQ(applied.outcome, Outcome::Applied);
  EXPECT_FALSE(applied.top);
  EXPECT_EQ(levels(books), (std::vector<Place>{{100, 1}, {95, 9}, {90, 2}}));
  EXPECT_TRUE(books.apply(change(LevelAction::Insert, 1, {101, 4})).top);
  EXPECT_EQ(levels(books), (std::vector<Place>{{101, 4}, {100, 1}, {95, 9}}));
  EXPECT_EQ(books.live_levels(), 3u);
  EXPECT_FALSE(books.stale(1));
}

TEST(PositionedLevels, GoOneByOneFromOneOrUpToOne) {
  Filled books;
  EXPECT_TRUE(books.apply(change(LevelAction::Remove, 1, {100, 0})).top);
  EXPECT_EQ(levels(books), (std::vector<Place>{{90, 2}, {80, 3}}));
  EXPECT_FALSE(books.apply(change(LevelAction::RemoveFrom, 2, {event::kPriceBeyond, 0})).top);
  EXPECT_EQ(levels(books), (std::vector<Place>{{90, 2}}));
  Filled others;
  EXPECT_TRUE(others.apply(change(LevelAction::RemoveThrough, 2, {event::kPriceBeyond, 0})).top);
  EXPECT_EQ(levels(others), (std::vector<Place>{{80, 3}}));
  EXPECT_EQ(others.top(1).bid_price_e4, 80u);
  EXPECT_TRUE(others.apply(change(LevelAction::RemoveThrough, 9, {0, 0})).outcome ==
              Outcome::Inconsistent)
      << "deeper than the book is told to be";
  EXPECT_FALSE(books.stale(1));
}

TEST(PositionedLevels, ChangeTheirQuantityOrAreOverlaid) {
  Filled books;
  EXPECT_TRUE(books.apply(change(LevelAction::Change, 1, {100, 8})).top);
  EXPECT_EQ(books.apply(change(LevelAction::Overlay, 2, {95, 7})).outcome, Outcome::Applied);
  EXPECT_EQ(books.apply(change(LevelAction::Overlay, 3, {80, 6})).outcome, Outcome::Applied);
  EXPECT_EQ(levels(books), (std::vector<Place>{{100, 8}, {95, 7}, {80, 6}}));
  EXPECT_TRUE(books.apply(change(LevelAction::Overlay, 1, {99, 5})).top);
  EXPECT_EQ(levels(books), (std::vector<Place>{{99, 5}, {95, 7}, {80, 6}}));
  EXPECT_FALSE(books.stale(1));
}

TEST(PositionedLevels, OneThatIsNotWhereItIsSaidToBeMakesTheBookStale) {
  const std::vector<MarketEvent> wrong{change(LevelAction::Insert, 1, {95, 9}),
                                       change(LevelAction::Insert, 3, {95, 9}),
                                       change(LevelAction::Insert, 2, {90, 9}),
                                       change(LevelAction::Insert, 4, {70, 9}),
                                       change(LevelAction::Insert, 0, {95, 9}),
                                       change(LevelAction::Change, 1, {90, 9}),
                                       change(LevelAction::Change, 2, {95, 9}),
                                       change(LevelAction::Remove, 2, {80, 0}),
                                       change(LevelAction::Overlay, 1, {85, 9}),
                                       change(LevelAction::Overlay, 1, {80, 9}),
                                       change(LevelAction::Insert, 2, {95, 0}),
                                       change(LevelAction::Change, 2, {90, 0}),
                                       change(LevelAction::Insert, 2, {event::kPriceBeyond, 9})};
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    Filled books;
    EXPECT_EQ(books.apply(wrong[i]).outcome, Outcome::Inconsistent) << i;
    EXPECT_TRUE(books.stale(1)) << i;
    EXPECT_EQ(books.counters().inconsistencies, 1u) << i;
  }
}

TEST(PositionedLevels, OneMoreOrLessThanThereAre) {
  Filled books{10};
  EXPECT_EQ(books.apply(change(LevelAction::Insert, 4, {70, 9})).outcome, Outcome::Applied);
  EXPECT_EQ(books.apply(change(LevelAction::Remove, 5, {60, 0})).outcome, Outcome::Inconsistent);
  Filled others{10};
  EXPECT_EQ(others.apply(change(LevelAction::Insert, 5, {70, 9})).outcome, Outcome::Inconsistent);
  EXPECT_EQ(levels(others).size(), 4u) << "the price is believed";
}

TEST(PositionedLevels, OrdersAreNoLevels) {
  Books books{kLimits};
  books.apply(Add{1, Side::Buy, 5, 100});
  EXPECT_EQ(books.apply(change(LevelAction::Remove, 1, {100, 0})).outcome, Outcome::Inconsistent);
  EXPECT_EQ(books.live_orders(), 1u);
}

constexpr std::size_t kDepth = 5;

// One side as a list, and what a stream may rightly say of it.
struct Listed {
  Side side;
  std::vector<Place> places = {};

  [[nodiscard]] bool better(const Place& one, const Place& other) const {
    return side == Side::Buy ? one.price_e4 > other.price_e4 : one.price_e4 < other.price_e4;
  }
  [[nodiscard]] Place best() const { return places.empty() ? Place{0, 0} : places.front(); }
  [[nodiscard]] std::ptrdiff_t any() const {
    return *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(places));
  }
  [[nodiscard]] MarketEvent say(LevelAction action, std::ptrdiff_t index,
                                const Place& place) const {
    return change(action, static_cast<std::uint8_t>(index + 1), place, side);
  }

  MarketEvent put(const Place& place) {
    const auto at = std::ranges::lower_bound(
        places, place, [this](const Place& one, const Place& other) { return better(one, other); });
    const std::ptrdiff_t index = at - places.begin();
    const bool there = at != places.end() && at->price_e4 == place.price_e4;
    if (there) at->quantity = place.quantity;
    if (!there) places.insert(at, place);
    if (places.size() > kDepth) places.resize(kDepth);
    if (index == static_cast<std::ptrdiff_t>(kDepth)) return {};
    return say(there ? LevelAction::Change : LevelAction::Insert, index, place);
  }
  MarketEvent remove() {
    const std::ptrdiff_t index = any();
    const Place gone{places[static_cast<std::size_t>(index)].price_e4, 0};
    places.erase(places.begin() + index);
    return say(LevelAction::Remove, index, gone);
  }
  // Another price, between those of the neighbours.
  MarketEvent overlay(const Place& place) {
    std::vector<Place> next = places;
    const std::ptrdiff_t index = any();
    next[static_cast<std::size_t>(index)] = place;
    for (std::size_t i = 1; i < next.size(); ++i)
      if (!better(next[i - 1], next[i])) return {};
    places = next;
    return say(LevelAction::Overlay, index, place);
  }
  MarketEvent remove_many(bool through) {
    const std::ptrdiff_t index = any();
    const auto at = places.begin() + index;
    if (through) places.erase(places.begin(), at + 1);
    if (!through) places.erase(at, places.end());
    return say(through ? LevelAction::RemoveThrough : LevelAction::RemoveFrom, index,
               {event::kPriceBeyond, 0});
  }

  // Nothing said is an event of no kind.
  MarketEvent next() {
    const Place place{*rc::gen::inRange(1U, 40U), *rc::gen::inRange(1U, 1000U)};
    const int what = *rc::gen::inRange(0, 24);
    if (places.empty() || what < 14) return put(place);
    if (what < 19) return remove();
    if (what < 23) return overlay(place);
    return remove_many(*rc::gen::arbitrary<bool>());
  }
};

RC_GTEST_PROP(PositionedLevels, AreThoseOfAList, ()) {
  Books books{kLimits};
  books.apply(depth(kDepth));
  std::vector<Listed> sides{{Side::Buy}, {Side::Sell}};
  const int steps = *rc::gen::inRange(1, 300);
  for (int step = 0; step < steps; ++step) {
    Listed& listed = sides[*rc::gen::inRange<std::size_t>(0, 2)];
    const Place before = listed.best();
    const Change applied = books.apply(listed.next());
    RC_ASSERT(levels(books, listed.side) == listed.places);
    RC_ASSERT(!books.stale(1));
    RC_ASSERT(applied.top == !(before == listed.best()));
  }
}

TEST(MergedTop, IsTheBetterPriceOfEachSideAndBothAtTheSame) {
  const Top own{.bid_quantity = 5,
                .bid_price_e4 = 100,
                .bid_orders = 2,
                .ask_quantity = 6,
                .ask_price_e4 = 110,
                .ask_orders = 3,
                .exchange_ns = 9,
                .last_price_e4 = 77};
  const Top implied{.bid_quantity = 50,
                    .bid_price_e4 = 101,
                    .bid_orders = 1,
                    .ask_quantity = 60,
                    .ask_price_e4 = 110,
                    .ask_orders = 1,
                    .exchange_ns = 8,
                    .last_price_e4 = 1};
  const Top merged = merged_top(own, implied);
  EXPECT_EQ(merged.bid_price_e4, 101u);
  EXPECT_EQ(merged.bid_quantity, 50u);
  EXPECT_EQ(merged.ask_price_e4, 110u);
  EXPECT_EQ(merged.ask_quantity, 66u);
  EXPECT_EQ(merged.ask_orders, 4u);
  EXPECT_EQ(merged.exchange_ns, 9u);
  EXPECT_EQ(merged.last_price_e4, 77u);
  EXPECT_EQ(merged_top(own, {}).bid_quantity, 5u);
  EXPECT_EQ(merged_top({}, implied).ask_quantity, 60u);
  EXPECT_EQ(merged_top(implied, own).bid_price_e4, 101u);
}

}  // namespace ridley::book
