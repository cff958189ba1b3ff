// SPDX-License-Identifier: Apache-2.0
// In: an intent, the market, limits, what is open. Out: whether a control's condition holds; each
// is a formula of schema/controls.toml. checks.hpp says what a condition that does not hold has
// seen. Hot core.
//
// That a condition holds is what the processor may guess: nearly every order passes. What differs
// from order to order (side, time in force) is chosen by masks and never jumped on.
#pragma once

#include <cstdint>

#include "base/uint128.hpp"
#include "event/records.hpp"
#include "risk/choose.hpp"
#include "risk/exposure.hpp"
#include "risk/limits.hpp"
#include "risk/market.hpp"

namespace ridley::risk {

[[nodiscard]] constexpr bool is_buy(const event::OrderIntent& intent) noexcept {
  return intent.side == event::Side::Buy;
}

// Whether a 32-bit number is a multiple of another one, by a multiplication instead of a division:
// of 2^64 / step, rounded up, times the number the fraction stays below one step for multiples
// alone. Exact. Of a step of zero only zero is a multiple.
class Step {
 public:
  constexpr Step() noexcept = default;
  explicit constexpr Step(std::uint32_t step) noexcept
      : inverse_{step == 0 ? 1 : ~std::uint64_t{0} / step + 1} {}

  // For a step of 1 the inverse is 2^64, that is 0, and every fraction is below it.
  [[nodiscard]] constexpr bool divides(std::uint32_t number) const noexcept {
    return inverse_ * number <= inverse_ - 1;
  }

 private:
  std::uint64_t inverse_ = 1;
};

// Twice the reference, so that a mid between two ticks is exact; zero when there is none.
[[nodiscard]] constexpr std::uint64_t doubled_reference_e4(Reference reference,
                                                           const event::OrderIntent& intent,
                                                           const Market& market) noexcept {
  const std::uint64_t bid = market.bid_price_e4;
  const std::uint64_t ask = market.ask_price_e4;
  switch (reference) {
    case Reference::OppositeTouch:
      return is_known(intent.side) ? 2 * choose(is_buy(intent), ask, bid) : 0;
    case Reference::Mid: return bid == 0 || ask == 0 ? 0 : bid + ask;
    case Reference::Last: return 2 * static_cast<std::uint64_t>(market.last_price_e4);
  }
  return 0;
}

[[nodiscard]] constexpr bool is_fresh(std::uint64_t age_ns_max, std::uint64_t doubled_reference,
                                      const Market& market) noexcept {
  return !market.stale && market.age_ns <= age_ns_max && doubled_reference != 0;
}

[[nodiscard]] constexpr bool is_within_band(const event::OrderIntent& intent,
                                            const Market& market) noexcept {
  const bool above = (market.upper_band_e4 != 0) & (intent.price_e4 > market.upper_band_e4);
  return !market.halted && intent.price_e4 >= market.lower_band_e4 && !above;
}

[[nodiscard]] constexpr bool may_sell(const OrderLimits& limits, const event::OrderIntent& intent,
                                      const Market& market) noexcept {
  const bool short_sale = intent.side == event::Side::SellShort;
  const bool exempt = intent.side == event::Side::SellShortExempt;
  if (limits.short_sales != Permit::Yes && (short_sale | exempt)) return false;
  return !market.short_sale_restricted || !short_sale || intent.price_e4 > market.bid_price_e4;
}

// Whether the gate knows what every field means. Good-till-time needs an expiry that an intent
// cannot carry.
[[nodiscard]] constexpr bool well_formed(const event::OrderIntent& intent) noexcept {
  const bool kind =
      intent.kind == event::IntentKind::New || intent.kind == event::IntentKind::Replace;
  // Day, ImmediateOrCancel, Extended, AfterHours.
  const bool lives = is_one_of<'0', '3', '5', 'E'>(static_cast<std::uint8_t>(intent.time_in_force));
  const bool display = is_one_of<'A', 'N', 'Y'>(intent.display);
  return kind && is_known(intent.side) && lives && display && intent.post_only <= 1;
}

[[nodiscard]] constexpr bool is_tradable_quantity(std::uint32_t quantity) noexcept {
  return quantity - 1 < kQuantityEnd - 1;  // zero wraps to the top
}

// Inclusive on both sides; no division decides it.
[[nodiscard]] constexpr bool is_near(std::uint32_t collar_bps, std::uint64_t doubled_reference,
                                     std::uint32_t price_e4) noexcept {
  const std::uint64_t price = 2 * static_cast<std::uint64_t>(price_e4) * kBasisPoints;
  const std::uint64_t down = collar_bps < kBasisPoints ? kBasisPoints - collar_bps : 0;
  const std::uint64_t up = static_cast<std::uint64_t>(kBasisPoints) + collar_bps;
  const base::UInt128 low = static_cast<base::UInt128>(doubled_reference) * down;
  const base::UInt128 high = static_cast<base::UInt128>(doubled_reference) * up;
  return doubled_reference != 0 && price >= low && price <= high;
}

// The position if every open order of this side traded and none of the other.
[[nodiscard]] inline Int128 worst_position(const Exposure& exposure,
                                           const event::OrderIntent& intent) noexcept {
  const std::int64_t sign = is_buy(intent) ? 0 : -1;
  const Int128 position = exposure.position();
  const Int128 held = (position ^ sign) - sign;  // its negative for a sale
  const std::uint64_t open = choose(is_buy(intent), exposure.open_buys(), exposure.open_sells());
  return held + static_cast<Int128>(open) + intent.quantity;
}

[[nodiscard]] inline std::uint64_t position_limit(const OrderLimits& limits,
                                                  const event::OrderIntent& intent) noexcept {
  return choose(is_buy(intent), limits.long_max, limits.short_max);
}

}  // namespace ridley::risk
