// SPDX-License-Identifier: Apache-2.0
// In: the firm's limits and an instrument's own. Out: the limits in force for the instrument, and
// which of them are its own. Hot core, when limits change.
#pragma once

#include <cstdint>

#include "risk/limits.hpp"

namespace ridley::risk {

// A bit for each field of OrderLimits.
using LimitFields = std::uint16_t;

// Calls visit(bit, one's field, other's field) for each field.
template <typename One, typename Other, typename Visit>
constexpr void for_each_limit(One& one, Other& other, Visit&& visit) noexcept {
  visit(LimitFields{1 << 0}, one.quantity_max, other.quantity_max);
  visit(LimitFields{1 << 1}, one.collar_bps, other.collar_bps);
  visit(LimitFields{1 << 2}, one.notional_max_e4, other.notional_max_e4);
  visit(LimitFields{1 << 3}, one.long_max, other.long_max);
  visit(LimitFields{1 << 4}, one.short_max, other.short_max);
  visit(LimitFields{1 << 5}, one.tick_e4, other.tick_e4);
  visit(LimitFields{1 << 6}, one.sub_dollar_tick_e4, other.sub_dollar_tick_e4);
  visit(LimitFields{1 << 7}, one.round_lot, other.round_lot);
  visit(LimitFields{1 << 8}, one.round_lots_only, other.round_lots_only);
  visit(LimitFields{1 << 9}, one.short_sales, other.short_sales);
  visit(LimitFields{1 << 10}, one.gross_max_e4, other.gross_max_e4);
  visit(LimitFields{1 << 11}, one.open_orders_max, other.open_orders_max);
}

template <typename Integer>
[[nodiscard]] constexpr bool is_as_firm(Integer value) noexcept {
  return value == kAsFirm<Integer>;
}
[[nodiscard]] constexpr bool is_as_firm(Permit value) noexcept { return value == Permit::AsFirm; }

// The fields that own says something about.
[[nodiscard]] constexpr LimitFields own_fields(const OrderLimits& own) noexcept {
  LimitFields fields = 0;
  for_each_limit(own, own, [&fields](LimitFields bit, const auto& value, const auto&) {
    if (!is_as_firm(value)) fields = static_cast<LimitFields>(fields | bit);
  });
  return fields;
}

// These fields of own, the firm's for the rest.
[[nodiscard]] constexpr OrderLimits limits_in_force(const OrderLimits& own, LimitFields fields,
                                                    const OrderLimits& firm) noexcept {
  OrderLimits in_force = firm;
  for_each_limit(in_force, own, [fields](LimitFields bit, auto& value, const auto& own_value) {
    if ((fields & bit) != 0) value = own_value;
  });
  return in_force;
}

}  // namespace ridley::risk
