// SPDX-License-Identifier: Apache-2.0
// In: what one order protocol says of an order. Out: what the other says for it. Section 1 and 4 of
// the 4.2 sheet beside the lists of the 5.0 sheet. Cold.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "wire/ouch.hpp"
#include "wire/ouch42.hpp"

namespace ridley::order {

// 5.0 has a letter for each of the numbers that stand for a part of the day, and one for seconds.
[[nodiscard]] constexpr wire::ouch::TimeInForce letter_of_seconds(std::uint32_t seconds) noexcept {
  using Letter = wire::ouch::TimeInForce;
  using Number = wire::ouch42::TimeInForce;
  switch (static_cast<Number>(seconds)) {
    case Number::ImmediateOrCancel: return Letter::ImmediateOrCancel;
    case Number::ExtendedClose: return Letter::AfterHours;
    case Number::MarketHours: return Letter::Day;
    case Number::SystemHours: return Letter::ExtendedHours;
  }
  return Letter::GoodTillTime;
}

// Prices of 4.2 have four bytes; whatever has no room there becomes the greatest.
[[nodiscard]] constexpr std::uint32_t short_price(std::uint64_t price_e4) noexcept {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(price_e4, kMost));
}

// Post-only is a display of 4.2 and an element of 5.0.
[[nodiscard]] constexpr bool is_post_only(char display42) noexcept {
  return display42 == 'P' || display42 == 'L';
}
[[nodiscard]] constexpr char display_without_post_only(char display42) noexcept {
  if (display42 == 'P') return 'Y';
  return display42 == 'L' ? 'A' : display42;
}

}  // namespace ridley::order
