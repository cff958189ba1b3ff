// SPDX-License-Identifier: Apache-2.0
// In: the books, an intent, a reject. Out: the market as the gate sees it, and the gate's answer as
// the strategy sees it. Hot core.
#pragma once

#include <cstdint>

#include "book/books.hpp"
#include "event/records.hpp"
#include "risk/market.hpp"

namespace ridley::engine {

// age_ns: since the line was last heard, heartbeats included. A quiet instrument on a live line is
// not old; a silent line is, whatever its books say.
[[nodiscard]] inline risk::Market market_of(const book::Books& books, book::Locate locate,
                                            std::uint64_t age_ns) noexcept {
  const book::Top& top = books.top(locate);
  const book::Collar& collar = books.collar(locate);
  const bool stale = books.stale(locate);
  return {.bid_price_e4 = top.bid_price_e4,
          .ask_price_e4 = top.ask_price_e4,
          .last_price_e4 = top.last_price_e4,
          .lower_band_e4 = collar.lower_price_e4,
          .upper_band_e4 = collar.upper_price_e4,
          .stale = stale,
          // A stale book is not tradable either, but it is control 2 that says so.
          .halted = !stale && !books.tradable(locate),
          .short_sale_restricted = books.short_sale_restricted(locate),
          .age_ns = age_ns};
}

[[nodiscard]] inline event::OrderEvent refusal_of(const event::OrderIntent& intent,
                                                  const event::RejectRecord& reject) noexcept {
  event::OrderEvent refusal{};
  refusal.kind = event::OrderEventKind::GateRejected;
  refusal.side = intent.side;
  refusal.locate = intent.locate;
  refusal.user_ref = intent.user_ref;
  refusal.quantity = intent.quantity;
  refusal.price_e4 = intent.price_e4;
  refusal.strategy_id = intent.strategy_id;
  refusal.client_tag = intent.client_tag;
  refusal.terminal = intent.kind == event::IntentKind::New ? 1 : 0;
  refusal.control = reject.control;
  refusal.limit = reject.limit;
  refusal.observed = reject.observed;
  return refusal;
}

// The instrument's book has become stale by this event, or would have if it were not already.
[[nodiscard]] constexpr bool is_doubt(book::Outcome outcome) noexcept {
  return outcome != book::Outcome::Applied && outcome != book::Outcome::NoEffect;
}

[[nodiscard]] constexpr bool is_trade(event::EventKind kind) noexcept {
  return kind == event::EventKind::ExecuteOrder || kind == event::EventKind::ExecuteOrderAtPrice ||
         kind == event::EventKind::ExecuteOrderLeaving || kind == event::EventKind::Trade;
}

}  // namespace ridley::engine
