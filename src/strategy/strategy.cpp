// SPDX-License-Identifier: Apache-2.0
#include "strategy/strategy.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace ridley::strategy {
namespace {

// The plug-in writes C records into C++ ones.
static_assert(sizeof(ridley_order_intent) == sizeof(event::OrderIntent));
static_assert(sizeof(ridley_order_event) == sizeof(event::OrderEvent));
static_assert(std::is_trivially_copyable_v<event::OrderEvent>);

uint32_t no_trade(void*, const ridley_trade*, ridley_order_intent*, uint32_t) noexcept { return 0; }
uint32_t no_call(void*, const ridley_now*, ridley_order_intent*, uint32_t) noexcept { return 0; }

Loaded without_nulls(Loaded loaded) noexcept {
  ridley_strategy_table& table = loaded.table;
  if (table.on_trade == nullptr) table.on_trade = no_trade;
  if (table.on_timer == nullptr) table.on_timer = no_call;
  if (table.on_feed_lost == nullptr) table.on_feed_lost = no_call;
  return loaded;
}

std::uint8_t flags_of(const book::Books& books, std::uint16_t locate) noexcept {
  const bool tradable = books.tradable(locate);
  const bool stale = books.stale(locate);
  unsigned flags = 0;
  if (tradable) flags |= RIDLEY_BOOK_TRADABLE;
  if (stale) flags |= RIDLEY_BOOK_STALE;
  if (!tradable && !stale) flags |= RIDLEY_BOOK_HALTED;
  if (books.short_sale_restricted(locate)) flags |= RIDLEY_BOOK_SHORT_SALE;
  return static_cast<std::uint8_t>(flags);
}

}  // namespace

Strategy::Strategy(const Loaded& loaded) noexcept : loaded_{without_nulls(loaded)} {
  forget_directory();
}

bool Strategy::on_directory(std::uint16_t locate, const event::Symbol& symbol) noexcept {
  const auto& symbols = loaded_.symbols;
  const auto found = std::find(symbols.begin(), symbols.end(), symbol);
  const auto instrument = static_cast<std::size_t>(found - symbols.begin());
  if (instrument >= symbols.size() || instrument >= kNotTraded) return false;
  instruments_[locate] = static_cast<std::uint16_t>(instrument);
  return true;
}

void Strategy::forget_directory() noexcept { instruments_.fill(kNotTraded); }

Intents Strategy::on_book(const book::Books& books, std::uint16_t locate,
                          std::uint64_t receive_ns) noexcept {
  const std::uint16_t instrument = instruments_[locate];
  if (instrument == kNotTraded) return {};
  const book::Top& top = books.top(locate);
  const ridley_book_change change{.instrument = instrument,
                                  .locate = locate,
                                  .flags = flags_of(books, locate),
                                  .reserved = 0,
                                  .bid_price_e4 = top.bid_price_e4,
                                  .ask_price_e4 = top.ask_price_e4,
                                  .bid_quantity = top.bid_quantity,
                                  .ask_quantity = top.ask_quantity,
                                  .bid_orders = top.bid_orders,
                                  .ask_orders = top.ask_orders,
                                  .last_price_e4 = top.last_price_e4,
                                  .reserved_too = 0,
                                  .exchange_ns = top.exchange_ns,
                                  .receive_ns = receive_ns};
  return checked(loaded_.table.on_book(loaded_.self, &change, out(), kIntentsMax), receive_ns);
}

Intents Strategy::on_trade(const event::MarketEvent& event, std::uint32_t price_e4,
                           std::uint64_t receive_ns) noexcept {
  const std::uint16_t instrument = instruments_[event.locate];
  if (instrument == kNotTraded) return {};
  ridley_trade trade{};
  trade.instrument = instrument;
  trade.locate = event.locate;
  trade.side = static_cast<std::uint8_t>(event.side);
  trade.price_e4 = price_e4;
  trade.exchange_ns = event.exchange_ns;
  trade.receive_ns = receive_ns;
  if (event.kind == event::EventKind::Trade) {
    trade.quantity = event.trade.quantity;
    trade.match_number = event.trade.match_number;
    trade.printable = 1;
  } else {
    trade.quantity = event.execute.quantity;
    trade.match_number = event.execute.match_number;
    trade.printable = event.execute.printable;
  }
  return checked(loaded_.table.on_trade(loaded_.self, &trade, out(), kIntentsMax), receive_ns);
}

Intents Strategy::on_order(const event::OrderEvent& event, const Now& now) noexcept {
  const std::uint16_t instrument = instruments_[event.locate];
  if (instrument == kNotTraded) return {};
  ridley_order_event copy;
  std::memcpy(&copy, &event, sizeof copy);
  return checked(loaded_.table.on_order(loaded_.self, instrument, &copy, out(), kIntentsMax),
                 now.receive_ns);
}

Intents Strategy::on_timer(const Now& now) noexcept {
  const ridley_now when{now.exchange_ns, now.receive_ns};
  return checked(loaded_.table.on_timer(loaded_.self, &when, out(), kIntentsMax), now.receive_ns);
}

Intents Strategy::on_feed_lost(const Now& now) noexcept {
  const ridley_now when{now.exchange_ns, now.receive_ns};
  return checked(loaded_.table.on_feed_lost(loaded_.self, &when, out(), kIntentsMax),
                 now.receive_ns);
}

Intents Strategy::checked(std::uint32_t count, std::uint64_t decided_ns) noexcept {
  ++counters_.calls;
  if (count == 0) return {};
  if (count > kIntentsMax) [[unlikely]] {
    ++counters_.overflows;
    return {};
  }
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    event::OrderIntent& intent = intents_[i];
    if (!trades(intent.locate)) [[unlikely]] {
      ++counters_.foreign_locates;
      continue;
    }
    intent.strategy_id = loaded_.strategy_id;
    intent.decided_ns = decided_ns;
    if (kept != i) intents_[kept] = intent;
    ++kept;
  }
  counters_.intents += kept;
  return {intents_.data(), kept};
}

Swapped Strategy::swap(Reload& reload) noexcept {
  const Loaded& next = reload.loaded;
  if (!std::ranges::equal(next.symbols, loaded_.symbols)) return Swapped::SymbolsDiffer;
  if (reload.with_state && !take_over_state(reload)) return Swapped::StateRefused;
  const Loaded old = loaded_;
  loaded_ = without_nulls(next);
  reload.loaded = old;
  return Swapped::Done;
}

bool Strategy::take_over_state(const Reload& reload) noexcept {
  const std::size_t bytes = loaded_.state_bytes;
  if (bytes == 0) return true;
  const ridley_strategy_table& next = reload.loaded.table;
  if (next.restore_state == nullptr || reload.state.size() < bytes) return false;
  if (loaded_.table.save_state(loaded_.self, reload.state.data(), bytes) != bytes) return false;
  return next.restore_state(reload.loaded.self, reload.state.data(), bytes) == 0;
}

}  // namespace ridley::strategy
