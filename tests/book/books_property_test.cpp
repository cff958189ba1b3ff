// SPDX-License-Identifier: Apache-2.0
// src/book/books.cpp against the naive reference, with streams that are valid and streams that are
// not. RapidCheck prints the seed of a failure and takes it back through RC_PARAMS.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <limits>
#include <ostream>
#include <span>
#include <vector>

#include "book/books.hpp"
#include "book/events.hpp"
#include "book/naive_books.hpp"

namespace ridley::event {

// How RapidCheck prints a counterexample.
void showValue(const MarketEvent& event, std::ostream& out) {
  const auto bytes = std::as_bytes(std::span{&event, 1});
  out << "kind " << int{static_cast<std::uint8_t>(event.kind)} << " side "
      << int{static_cast<std::uint8_t>(event.side)} << " locate " << event.locate << " body";
  for (std::size_t at = 24; at < 52; at += 4) {
    std::uint32_t word;
    std::memcpy(&word, &bytes[at], sizeof word);
    out << ' ' << word;
  }
}

}  // namespace ridley::event

namespace ridley::book {
namespace {

constexpr std::uint32_t kInstruments = 3;

template <typename Value>
rc::Gen<Value> mostly_small(Value small_max) {
  constexpr Value kMost = std::numeric_limits<Value>::max();
  return rc::gen::weightedOneOf<Value>(
      {{30, rc::gen::inRange<Value>(0, small_max)}, {1, rc::gen::just(kMost)}});
}

rc::Gen<event::Side> any_side() {
  return rc::gen::weightedElement<event::Side>({{20, event::Side::Buy},
                                                {20, event::Side::Sell},
                                                {1, event::Side::None},
                                                {1, event::Side::SellShort}});
}

// Few ids, prices and instruments, so that everything meets everything.
rc::Gen<event::MarketEvent> any_event() {
  return rc::gen::exec([] {
    const auto id = *mostly_small<std::uint64_t>(40);
    const auto quantity = *mostly_small<std::uint32_t>(6);
    const auto price_e4 = *mostly_small<std::uint32_t>(16);
    const auto locate = *rc::gen::weightedElement<Locate>({{40, 0}, {40, 2}, {2, 3}});
    switch (*rc::gen::weightedElement<int>({{8, 0}, {2, 1}, {1, 2}, {2, 3}, {2, 4}, {2, 5}})) {
      case 0: return event::MarketEvent(Add{id, *any_side(), quantity, price_e4, locate});
      case 1: return event::MarketEvent(Execute{id, quantity, locate});
      case 2:
        return event::MarketEvent(
            ExecuteAt{id, quantity, price_e4, *rc::gen::arbitrary<bool>(), locate});
      case 3: return event::MarketEvent(Cancel{id, quantity, locate});
      case 4: return event::MarketEvent(Delete{id, locate});
      default:
        return event::MarketEvent(
            Replace{id, *mostly_small<std::uint64_t>(40), quantity, price_e4, locate});
    }
  });
}

std::uint64_t total(const std::vector<NaiveOrder>& level) {
  std::uint64_t quantity = 0;
  for (const NaiveOrder& order : level) quantity += order.quantity;
  return quantity;
}

void check_top(const Books& books, const NaiveBooks& naive, Locate locate) {
  const Top& top = books.top(locate);
  const auto bids = naive.levels(locate, event::Side::Buy);
  const auto asks = naive.levels(locate, event::Side::Sell);
  RC_ASSERT(top.bid_quantity == (bids.empty() ? 0 : total(bids.front())));
  RC_ASSERT(top.bid_price_e4 == (bids.empty() ? 0 : bids.front().front().price_e4));
  RC_ASSERT(top.bid_orders == (bids.empty() ? 0 : bids.front().size()));
  RC_ASSERT(top.ask_quantity == (asks.empty() ? 0 : total(asks.front())));
  RC_ASSERT(top.ask_price_e4 == (asks.empty() ? 0 : asks.front().front().price_e4));
  RC_ASSERT(top.ask_orders == (asks.empty() ? 0 : asks.front().size()));
  RC_ASSERT(top.last_price_e4 == naive.last_price_e4(locate));
  RC_ASSERT(books.stale(locate) == naive.stale(locate));
}

struct SeenOrder {
  std::uint64_t id;
  std::uint32_t quantity;
  std::uint32_t price_e4;
  std::uint64_t level_quantity;
  std::uint32_t level_orders;
  std::uint64_t ahead;

  bool operator==(const SeenOrder&) const = default;
};

std::vector<SeenOrder> seen(const Books& books, Locate locate, event::Side side) {
  std::vector<SeenOrder> seen;
  books.for_each_level(locate, side, [&](const LevelView& level) {
    books.for_each_order(locate, side, level.price_e4, [&](std::uint64_t id, std::uint32_t left) {
      seen.push_back({id, left, level.price_e4, level.quantity, level.orders,
                      books.quantity_ahead(id).value_or(~0ULL)});
    });
  });
  return seen;
}

std::vector<SeenOrder> seen(const NaiveBooks& naive, Locate locate, event::Side side) {
  std::vector<SeenOrder> seen;
  for (const std::vector<NaiveOrder>& level : naive.levels(locate, side)) {
    std::uint64_t ahead = 0;
    for (const NaiveOrder& order : level) {
      seen.push_back({order.id, order.quantity, order.price_e4, total(level),
                      static_cast<std::uint32_t>(level.size()), ahead});
      ahead += order.quantity;
    }
  }
  return seen;
}

void check_counters(const Books& books, const NaiveBooks& naive) {
  RC_ASSERT(books.live_orders() == naive.live_orders());
  RC_ASSERT(books.counters().unknown_orders == naive.unknown_orders);
  RC_ASSERT(books.counters().duplicate_orders == naive.duplicate_orders);
  RC_ASSERT(books.counters().inconsistencies == naive.inconsistencies);
  RC_ASSERT(books.counters().locates_beyond_limit == naive.locates_beyond_limit);
  RC_ASSERT(books.counters().out_of_memory == 0u);
}

}  // namespace

RC_GTEST_PROP(BooksProperty, ShowWhatTheNaiveBooksShowAfterEveryMessage, ()) {
  const auto events = *rc::gen::resize(
      400, rc::gen::container<std::vector<event::MarketEvent>>(rc::gen::noShrink(any_event())));
  Books books{Limits{.orders_max = 64, .levels_max = 512, .instruments_max = kInstruments}};
  NaiveBooks naive{kInstruments};
  for (const event::MarketEvent& event : events) {
    const Top before = books.top(event.locate);
    const Change change = books.apply(event);
    naive.apply(event);
    for (const Locate locate : {Locate{0}, Locate{1}, Locate{2}}) {
      check_top(books, naive, locate);
      for (const event::Side side : {event::Side::Buy, event::Side::Sell})
        RC_ASSERT(seen(books, locate, side) == seen(naive, locate, side));
    }
    check_counters(books, naive);
    const Top& after = books.top(event.locate);
    if (change.locate == event.locate) {
      const bool same =
          before.bid_quantity == after.bid_quantity && before.bid_price_e4 == after.bid_price_e4 &&
          before.bid_orders == after.bid_orders && before.ask_quantity == after.ask_quantity &&
          before.ask_price_e4 == after.ask_price_e4 && before.ask_orders == after.ask_orders;
      RC_ASSERT(change.top == !same);
    }
  }
}

}  // namespace ridley::book
