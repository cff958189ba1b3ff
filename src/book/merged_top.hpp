// SPDX-License-Identifier: Apache-2.0
// In: the tops of an instrument's own book and of the one that other instruments' orders imply.
// Out: what can be traded with: the better price of each side, and at the same price both. Any
// core. Source: MDP 3.0, section 5 "Book rules".
#pragma once

#include <algorithm>
#include <cstdint>

#include "book/instrument.hpp"

namespace ridley::book {

// What is best on one side; quantity 0: nothing.
struct Best {
  std::uint64_t quantity;
  std::uint32_t price_e4;
  std::uint32_t orders;
};

[[nodiscard]] constexpr Best merged_best(const Best& own, const Best& implied, bool buys) noexcept {
  if (implied.quantity == 0) return own;
  if (own.quantity == 0) return implied;
  if (own.price_e4 == implied.price_e4)
    return {own.quantity + implied.quantity, own.price_e4, own.orders + implied.orders};
  return (own.price_e4 > implied.price_e4) == buys ? own : implied;
}

// The last price is the own book's; implied levels count the orders that they say, else one.
[[nodiscard]] constexpr Top merged_top(const Top& own, const Top& implied) noexcept {
  const Best bid =
      merged_best({own.bid_quantity, own.bid_price_e4, own.bid_orders},
                  {implied.bid_quantity, implied.bid_price_e4, implied.bid_orders}, true);
  const Best ask =
      merged_best({own.ask_quantity, own.ask_price_e4, own.ask_orders},
                  {implied.ask_quantity, implied.ask_price_e4, implied.ask_orders}, false);
  return {.bid_quantity = bid.quantity,
          .bid_price_e4 = bid.price_e4,
          .bid_orders = bid.orders,
          .ask_quantity = ask.quantity,
          .ask_price_e4 = ask.price_e4,
          .ask_orders = ask.orders,
          .exchange_ns = std::max(own.exchange_ns, implied.exchange_ns),
          .last_price_e4 = own.last_price_e4};
}

}  // namespace ridley::book
