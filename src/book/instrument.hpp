// SPDX-License-Identifier: Apache-2.0
// What the books know of one instrument: what changes with every order in one cache line, what
// changes with the day in another. Plain values; written by the hot core that owns the books.
#pragma once

#include <array>
#include <cstdint>

#include "book/ladder.hpp"
#include "event/records.hpp"

namespace ridley::book {

using Locate = std::uint16_t;

// The best price of each side. A side without orders has price, quantity and orders 0; price 0
// with a quantity is a real price.
struct Top {
  std::uint64_t bid_quantity;
  std::uint32_t bid_price_e4;
  std::uint32_t bid_orders;
  std::uint64_t ask_quantity;
  std::uint32_t ask_price_e4;
  std::uint32_t ask_orders;
  std::uint64_t exchange_ns;    // of the last order or trade of the instrument
  std::uint32_t last_price_e4;  // of the last printed trade; 0 before the first
};

// As the exchange spells them. Unknown until the first Trading Action: to be treated as halted.
enum class TradingState : std::uint8_t {
  Unknown = 0,
  Halted = 'H',
  Paused = 'P',
  QuotationOnly = 'Q',
  Trading = 'T',
  AcceptingOrders = 'A',  // they rest and do not trade; the book may be crossed
  Suspended = 'S',        // by the exchange itself
};

// Where the day is, by system event.
enum class Session : std::uint8_t {
  Unknown = 0,
  StartOfMessages = 'O',
  StartOfSystemHours = 'S',
  StartOfMarketHours = 'Q',
  EndOfMarketHours = 'M',
  EndOfSystemHours = 'E',
  EndOfMessages = 'C',
};

// Price limits of the auction that ends a pause; all 0 when none is near.
struct Collar {
  std::uint32_t reference_price_e4;
  std::uint32_t upper_price_e4;
  std::uint32_t lower_price_e4;
  std::uint32_t extension;
};

// Decline levels of the S&P 500 that stop the whole market.
struct BreakerLevels {
  std::uint64_t level_1_e8;
  std::uint64_t level_2_e8;
  std::uint64_t level_3_e8;
};

struct alignas(64) Instrument {
  std::array<Ladder, 2> ladders;  // bids, asks
  std::uint64_t exchange_ns;      // of the last order or trade
  std::uint32_t last_price_e4;    // of the last printed trade
};
static_assert(sizeof(Instrument) == 64, "one cache line an order message");

// One number for a side of an instrument, as a level remembers it.
[[nodiscard]] constexpr std::uint32_t side_of(Locate locate, bool buys) noexcept {
  return locate * 2U + (buys ? 0U : 1U);
}
[[nodiscard]] constexpr Locate locate_of_side(std::uint32_t side) noexcept {
  return static_cast<Locate>(side / 2);
}
[[nodiscard]] constexpr bool buys_of_side(std::uint32_t side) noexcept { return side % 2 == 0; }

// In Reference::markets_halted.
inline constexpr std::uint8_t kNasdaqBit = 1;

struct alignas(64) Reference {
  event::Symbol symbol;
  Collar collar;
  std::uint32_t round_lot_size;
  std::uint16_t breakers_seen;  // market-wide halts at the time of the last Trading Action
  TradingState state;
  std::uint8_t markets_halted;  // one bit a market of Nasdaq
  bool short_sale_restricted;
  bool stale;
  bool listed;         // named by a Stock Directory
  bool in_event;       // the exchange has not told all of what it did: see apply_in_event
  bool top_waits;      // a change of the top that nobody was told yet
  std::uint8_t depth;  // levels that are told by their position, a side; 0: all
};
static_assert(sizeof(Reference) == 64);

}  // namespace ridley::book
