// SPDX-License-Identifier: Apache-2.0
// In: an intent, the market, limits. Out: the first control that fails, or none. Each function is
// one control of schema/controls.toml; risk_gate.cpp calls them in the order of their numbers.
// Hot core.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/uint128.hpp"
#include "event/records.hpp"
#include "risk/conditions.hpp"
#include "risk/controls.hpp"
#include "risk/exposure.hpp"
#include "risk/limits.hpp"
#include "risk/market.hpp"

namespace ridley::risk {

// What an operator reads: numbers too big for the record stand as its largest.
template <typename Integer>
[[nodiscard]] constexpr std::int64_t as_recorded(Integer value) noexcept {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  return value > static_cast<Integer>(kMost) ? kMost : static_cast<std::int64_t>(value);
}

struct Failure {
  Control control{};  // zero: nothing failed
  std::int64_t limit = 0;
  std::int64_t observed = 0;

  [[nodiscard]] constexpr explicit operator bool() const noexcept { return control != Control{}; }
};

inline constexpr Failure kPasses{};

[[nodiscard]] constexpr Failure check_stale_market(const Limits& limits,
                                                   const event::OrderIntent& intent,
                                                   const Market& market) noexcept {
  const std::uint64_t reference = doubled_reference_e4(limits.reference, intent, market);
  if (is_fresh(limits.age_ns_max, reference, market)) return kPasses;
  const std::int64_t limit = as_recorded(limits.age_ns_max);
  if (market.stale) {
    return {Control::StaleMarket, limit, std::numeric_limits<std::int64_t>::max()};
  }
  if (market.age_ns > limits.age_ns_max) {
    return {Control::StaleMarket, limit, as_recorded(market.age_ns)};
  }
  return {Control::StaleMarket, limit, -1};
}

[[nodiscard]] constexpr Failure check_halt_or_band(const event::OrderIntent& intent,
                                                   const Market& market) noexcept {
  const std::uint32_t price = intent.price_e4;
  if (is_within_band(intent, market)) return kPasses;
  if (market.halted) return {Control::HaltOrBand, 0, 1};
  const bool low = price < market.lower_band_e4;
  return {Control::HaltOrBand, low ? market.lower_band_e4 : market.upper_band_e4, price};
}

[[nodiscard]] constexpr Failure check_short_sale(const OrderLimits& limits,
                                                 const event::OrderIntent& intent,
                                                 const Market& market) noexcept {
  if (may_sell(limits, intent, market)) return kPasses;
  if (limits.short_sales != Permit::Yes) return {Control::ShortSale, 0, 1};
  return {Control::ShortSale, market.bid_price_e4, intent.price_e4};
}

[[nodiscard]] constexpr Failure check_tick_and_lot(const OrderLimits& limits,
                                                   const event::OrderIntent& intent) noexcept {
  const std::uint32_t price = intent.price_e4;
  const std::uint32_t tick = price < kDollarE4 ? limits.sub_dollar_tick_e4 : limits.tick_e4;
  if (!well_formed(intent)) return {Control::TickAndLot, 0, 0};
  if (price == 0 || tick == 0 || price % tick != 0) return {Control::TickAndLot, tick, price};
  const std::uint32_t quantity = intent.quantity;
  if (!is_tradable_quantity(quantity)) {
    return {Control::TickAndLot, kQuantityEnd - 1, quantity};
  }
  if (limits.round_lots_only == Permit::No) return kPasses;
  const bool whole = limits.round_lot != 0 && quantity % limits.round_lot == 0;
  return whole ? kPasses : Failure{Control::TickAndLot, limits.round_lot, quantity};
}

[[nodiscard]] constexpr Failure check_price_collar(std::uint32_t collar_bps,
                                                   std::uint64_t doubled_reference,
                                                   std::uint32_t price_e4) noexcept {
  if (is_near(collar_bps, doubled_reference, price_e4)) return kPasses;
  if (doubled_reference == 0) return {Control::PriceCollar, collar_bps, -1};
  // For the operator: how far away it was, rounded up.
  const std::uint64_t price = 2 * static_cast<std::uint64_t>(price_e4) * kBasisPoints;
  const std::uint64_t reference = doubled_reference * kBasisPoints;
  const std::uint64_t distance = price > reference ? price - reference : reference - price;
  const std::uint64_t bps = (distance + doubled_reference - 1) / doubled_reference;
  return {Control::PriceCollar, collar_bps, as_recorded(bps)};
}

[[nodiscard]] constexpr Failure check_quantity(const OrderLimits& limits,
                                               std::uint32_t quantity) noexcept {
  if (quantity <= limits.quantity_max) return kPasses;
  return {Control::MaximumQuantity, limits.quantity_max, quantity};
}

[[nodiscard]] constexpr Failure check_notional(const OrderLimits& limits, Lot lot) noexcept {
  if (lot.notional_e4() <= limits.notional_max_e4) return kPasses;
  return {Control::MaximumNotional, as_recorded(limits.notional_max_e4),
          as_recorded(lot.notional_e4())};
}

[[nodiscard]] inline Failure check_position(const OrderLimits& limits, const Exposure& exposure,
                                            const event::OrderIntent& intent) noexcept {
  const std::uint64_t limit = position_limit(limits, intent);
  const Int128 worst = worst_position(exposure, intent);
  if (worst <= static_cast<Int128>(limit)) return kPasses;
  return {Control::PositionLimit, as_recorded(limit), as_recorded(worst)};
}

[[nodiscard]] inline Failure check_gross(std::uint64_t limit_e4, const Exposure& exposure,
                                         Lot lot) noexcept {
  const base::UInt128 gross = exposure.gross_notional_e4() + lot.notional_e4();
  if (gross <= limit_e4) return kPasses;
  return {Control::GrossNotional, as_recorded(limit_e4), as_recorded(gross)};
}

[[nodiscard]] inline Failure check_open_orders(std::uint32_t limit,
                                               const Exposure& exposure) noexcept {
  const std::uint64_t orders = static_cast<std::uint64_t>(exposure.open_orders()) + 1;
  if (orders <= limit) return kPasses;
  return {Control::OpenOrders, limit, as_recorded(orders)};
}

}  // namespace ridley::risk
