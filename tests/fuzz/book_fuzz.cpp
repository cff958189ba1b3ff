// SPDX-License-Identifier: Apache-2.0
// In: ITCH messages, each behind a one-byte length. Holds the books to this: the top is the best
// level, levels are sorted and are the sums of their queues, and all orders are in some queue.
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.hpp"
#include "book/books.hpp"
#include "feed/decode.hpp"

using namespace ridley;

namespace {

// Small, so that every limit is met.
constexpr book::Limits kLimits{.orders_max = 32, .levels_max = 64, .instruments_max = 4};

struct Sums {
  std::uint64_t orders = 0;
  std::uint64_t levels = 0;
};

void check_side(const book::Books& books, book::Locate locate, event::Side side, Sums& sums) {
  const bool buys = side == event::Side::Buy;
  const book::Top& top = books.top(locate);
  bool best = true;
  std::uint32_t last_price_e4 = 0;
  books.for_each_level(locate, side, [&](const book::LevelView& level) {
    if (best) {
      RIDLEY_ASSERT(level.price_e4 == (buys ? top.bid_price_e4 : top.ask_price_e4));
      RIDLEY_ASSERT(level.quantity == (buys ? top.bid_quantity : top.ask_quantity));
      RIDLEY_ASSERT(level.orders == (buys ? top.bid_orders : top.ask_orders));
    } else {
      RIDLEY_ASSERT(buys ? level.price_e4 < last_price_e4 : level.price_e4 > last_price_e4);
    }
    best = false;
    last_price_e4 = level.price_e4;
    std::uint64_t quantity = 0;
    std::uint32_t orders = 0;
    books.for_each_order(locate, side, level.price_e4, [&](std::uint64_t id, std::uint32_t left) {
      RIDLEY_ASSERT(left > 0);
      RIDLEY_ASSERT(books.quantity_ahead(id) == quantity);
      quantity += left;
      ++orders;
    });
    RIDLEY_ASSERT(level.quantity == quantity && level.orders == orders);
    sums.orders += orders;
    ++sums.levels;
  });
  if (best) RIDLEY_ASSERT((buys ? top.bid_quantity : top.ask_quantity) == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static book::Books books{kLimits};
  books.restart();
  std::span<const std::byte> rest = std::as_bytes(std::span{bytes, size});
  event::MarketEvent event;
  while (!rest.empty()) {
    const auto wanted = static_cast<std::size_t>(rest[0]);
    rest = rest.subspan(1);
    const std::size_t length = wanted < rest.size() ? wanted : rest.size();
    if (feed::decode(rest.first(length), 1, event) == feed::Decoded::Event) {
      const book::Change change = books.apply(event);
      if (change.top) RIDLEY_ASSERT(change.locate < kLimits.instruments_max);
      (void)books.tradable(event.locate);
    }
    rest = rest.subspan(length);
  }
  Sums sums;
  for (book::Locate locate = 0; locate < kLimits.instruments_max; ++locate) {
    check_side(books, locate, event::Side::Buy, sums);
    check_side(books, locate, event::Side::Sell, sums);
  }
  RIDLEY_ASSERT(sums.orders == books.live_orders());
  RIDLEY_ASSERT(sums.levels == books.live_levels());
  (void)books.bbo_digest();
  return 0;
}
