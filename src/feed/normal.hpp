// SPDX-License-Identifier: Apache-2.0
// What decoders of feeds other than ITCH share: prices and symbols as events have them. Pure
// functions; the hot core.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "event/market_event.hpp"
#include "wire/alpha.hpp"

namespace ridley::feed {

inline constexpr std::array<char, 4> kBlank4{' ', ' ', ' ', ' '};
inline constexpr char kEndOfMessages = 'C';  // of a system event

// One that is negative or needs more than 32 bits is event::kPriceBeyond and does not fit.
struct Price {
  std::uint32_t e4;
  bool fits;
};
template <std::integral Integer>
[[nodiscard]] constexpr Price price_e4_of(Integer value) noexcept {
  if (value < 0 || static_cast<std::uint64_t>(value) >= event::kPriceBeyond)
    return {event::kPriceBeyond, false};
  return {static_cast<std::uint32_t>(value), true};
}

// Eight characters, padded with spaces.
template <std::size_t N>
[[nodiscard]] event::Symbol symbol_of(const wire::Alpha<N>& text) noexcept {
  static_assert(N <= 8);
  event::Symbol symbol;
  symbol.fill(' ');
  std::copy_n(text.raw().begin(), N, symbol.begin());
  return symbol;
}

// What a feed does not say of an instrument is blank; the head of the event stays.
inline void fill_directory(event::MarketEvent& event, const event::Symbol& symbol) noexcept {
  event.kind = event::EventKind::Directory;
  event.directory = {.symbol = symbol,
                     .round_lot_size = 0,
                     .etp_leverage_factor = 0,
                     .market_category = ' ',
                     .financial_status = ' ',
                     .round_lots_only = ' ',
                     .issue_classification = ' ',
                     .issue_sub_type = {' ', ' '},
                     .authenticity = ' ',
                     .short_sale_threshold = ' ',
                     .ipo_flag = ' ',
                     .luld_tier = ' ',
                     .etp_flag = ' ',
                     .inverse = ' '};
}

}  // namespace ridley::feed
