// SPDX-License-Identifier: Apache-2.0
// The limits of a simulated firm, tight enough to be met, and what an operator changes them to.
// Plain values. Any core.
#pragma once

#include <array>
#include <cstdint>

#include "risk/controls.hpp"
#include "risk/limits.hpp"
#include "simulation/clock.hpp"

namespace ridley::simulation {

inline constexpr risk::Limits kFirmLimits{.version = 1,
                                          .reference = risk::Reference::OppositeTouch,
                                          .age_ns_max = 40 * kMillisecondNs,
                                          .burst_messages_max = 60,
                                          .ns_per_message = kMillisecondNs,
                                          .gross_max_e4 = 20'000'000'0000,
                                          .open_orders_max = 24,
                                          .order = {.quantity_max = 400,
                                                    .collar_bps = 300,
                                                    .notional_max_e4 = 100'000'0000,
                                                    .long_max = 900,
                                                    .short_max = 700,
                                                    .short_sales = risk::Permit::Yes,
                                                    .gross_max_e4 = 5'000'000'0000,
                                                    .open_orders_max = 8}};

// Both ways: looser, and tighter than what is open already.
struct LimitChange {
  risk::Control control;
  bool one_instrument;  // else of the firm
  std::array<std::int64_t, 3> values;
};

inline constexpr std::array<LimitChange, 10> kLimitChanges{{
    {risk::Control::MaximumQuantity, false, {400, 150, 600}},
    {risk::Control::MaximumNotional, false, {100'000'0000, 20'000'0000, 0}},
    {risk::Control::PriceCollar, false, {300, 50, 1'000}},
    {risk::Control::PositionLimit, false, {900, 300, 0}},
    {risk::Control::PositionLimit, true, {900, 200, 1'200}},
    {risk::Control::OpenOrders, false, {24, 3, 0}},
    {risk::Control::OpenOrders, true, {8, 1, 12}},
    {risk::Control::MessageRate, false, {1'000, 100, 0}},
    {risk::Control::GrossNotional, true, {5'000'000'0000, 300'000'0000, 0}},
    {risk::Control::MaximumQuantity, true, {400, 100, 1'000}},
}};

}  // namespace ridley::simulation
