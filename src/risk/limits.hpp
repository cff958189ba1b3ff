// SPDX-License-Identifier: Apache-2.0
// In: the operator's choices. Out: limits the gate compares with. Any core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace ridley::risk {

// OUCH: a quantity is below this.
inline constexpr std::uint32_t kQuantityEnd = 1'000'000;
inline constexpr std::uint32_t kBasisPoints = 10'000;
inline constexpr std::uint32_t kDollarE4 = 10'000;
// Strategies that can be stopped one by one: a bit each in one word. A strategy with a higher
// number is unknown and may not trade.
inline constexpr std::uint32_t kStrategiesMax = 64;

// What the price collar is measured from.
enum class Reference : std::uint8_t { OppositeTouch, Mid, Last };

// In an instrument's own limits: what the firm's limits say.
template <typename Integer>
inline constexpr Integer kAsFirm = std::numeric_limits<Integer>::max();

enum class Permit : std::uint8_t { No, Yes, AsFirm };

// Limits that the firm sets for every instrument and that an instrument may have of its own.
// The values here are the firm's defaults: nothing passes until somebody has chosen.
struct OrderLimits {
  std::uint32_t quantity_max = 0;
  std::uint32_t collar_bps = 0;
  std::uint64_t notional_max_e4 = 0;
  std::uint64_t long_max = 0;   // shares
  std::uint64_t short_max = 0;  // shares, as a positive number
  std::uint32_t tick_e4 = 100;
  std::uint32_t sub_dollar_tick_e4 = 1;
  std::uint32_t round_lot = 100;
  Permit round_lots_only = Permit::No;
  Permit short_sales = Permit::No;
  // Of one instrument; the firm's own totals are in Limits.
  std::uint64_t gross_max_e4 = kAsFirm<std::uint64_t>;
  std::uint32_t open_orders_max = kAsFirm<std::uint32_t>;
};

inline constexpr OrderLimits kAllAsFirm{
    .quantity_max = kAsFirm<std::uint32_t>,
    .collar_bps = kAsFirm<std::uint32_t>,
    .notional_max_e4 = kAsFirm<std::uint64_t>,
    .long_max = kAsFirm<std::uint64_t>,
    .short_max = kAsFirm<std::uint64_t>,
    .tick_e4 = kAsFirm<std::uint32_t>,
    .sub_dollar_tick_e4 = kAsFirm<std::uint32_t>,
    .round_lot = kAsFirm<std::uint32_t>,
    .round_lots_only = Permit::AsFirm,
    .short_sales = Permit::AsFirm,
    .gross_max_e4 = kAsFirm<std::uint64_t>,
    .open_orders_max = kAsFirm<std::uint32_t>,
};

struct Limits {
  std::uint32_t version = 0;
  Reference reference = Reference::OppositeTouch;
  std::uint64_t age_ns_max = 0;
  std::uint32_t burst_messages_max = 0;                                      // bucket size
  std::uint64_t ns_per_message = std::numeric_limits<std::uint64_t>::max();  // bucket refill
  std::uint64_t gross_max_e4 = 0;                                            // of the firm
  std::uint32_t open_orders_max = 0;                                         // of the firm
  OrderLimits order;  // of every instrument without limits of its own
};

}  // namespace ridley::risk
