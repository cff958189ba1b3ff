// SPDX-License-Identifier: Apache-2.0
// In: a seed. Out: thousands of orders for thousands of instruments, each with the market it meets.
// Sides, prices, quantities and strategies differ from order to order. Cold.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "risk/risk_gate.hpp"

namespace ridley::bench::gate {

inline constexpr std::size_t kOrders = 16'384;
inline constexpr std::uint16_t kInstruments = 8'000;
inline constexpr std::uint64_t kSeed = 20'261'121;
// What an operator allows to trade; the feed has more.
inline constexpr std::uint16_t kTraded = 500;

struct Asked {
  event::OrderIntent intent;
  risk::Market market;
};

inline risk::Limits wide_limits() {
  risk::Limits limits;
  limits.version = 1;
  limits.age_ns_max = 500'000'000;
  limits.burst_messages_max = 1'000'000;
  limits.ns_per_message = 100;
  limits.gross_max_e4 = ~0ULL;
  limits.open_orders_max = 4'000'000'000;
  limits.order.quantity_max = 100'000;
  limits.order.collar_bps = 500;
  limits.order.notional_max_e4 = ~0ULL - 1;
  limits.order.long_max = 1ULL << 60;
  limits.order.short_max = 1ULL << 60;
  limits.order.short_sales = risk::Permit::Yes;
  return limits;
}

inline Asked random_order(std::mt19937_64& random) {
  const auto below = [&random](std::uint32_t end) {
    return static_cast<std::uint32_t>(random() % end);
  };
  constexpr event::Side kSides[] = {event::Side::Buy, event::Side::Buy, event::Side::Sell,
                                    event::Side::SellShort};
  Asked asked;
  const std::uint32_t bid_e4 = (100 + below(50'000)) * 100;
  const std::uint32_t ask_e4 = bid_e4 + (1 + below(4)) * 100;
  asked.market = {.bid_price_e4 = bid_e4,
                  .ask_price_e4 = ask_e4,
                  .last_price_e4 = bid_e4,
                  .lower_band_e4 = below(2) == 0 ? 0 : bid_e4 / 2,
                  .upper_band_e4 = below(2) == 0 ? 0 : bid_e4 * 2,
                  .stale = false,
                  .halted = false,
                  .short_sale_restricted = false,
                  .age_ns = below(1'000'000)};
  event::OrderIntent& intent = asked.intent;
  intent.kind = event::IntentKind::New;
  intent.side = kSides[below(4)];
  intent.locate = static_cast<std::uint16_t>(1 + below(kTraded) * (kInstruments / kTraded));
  intent.quantity = 1 + below(20) * 100;
  intent.price_e4 = below(2) == 0 ? bid_e4 : ask_e4;
  intent.time_in_force =
      below(2) == 0 ? event::TimeInForce::Day : event::TimeInForce::ImmediateOrCancel;
  intent.client_tag = random();
  intent.strategy_id = below(8);
  return asked;
}

// One in eight breaks a limit, each time another one.
inline void spoil(Asked& asked, std::mt19937_64& random) {
  switch (random() % 6) {
    case 0: asked.market.stale = true; return;
    case 1: asked.market.halted = true; return;
    case 2: asked.intent.price_e4 += 1; return;
    case 3: asked.intent.price_e4 *= 2; return;
    case 4: asked.intent.quantity = 200'000; return;
    default: asked.market.age_ns = 1'000'000'000; return;
  }
}

inline std::vector<Asked> random_orders(bool spoiled) {
  std::mt19937_64 random{kSeed};
  std::vector<Asked> orders;
  for (std::size_t i = 0; i < kOrders; ++i) {
    orders.push_back(random_order(random));
    if (spoiled && random() % 8 == 0) spoil(orders.back(), random);
  }
  return orders;
}

// Armed, and every traded instrument has a limit of its own.
inline void open(risk::RiskGate& gate) {
  for (std::uint16_t i = 0; i < kTraded; ++i) {
    risk::OrderLimits own = risk::kAllAsFirm;
    own.quantity_max = 50'000U + i;
    gate.set_instrument(static_cast<std::uint16_t>(1 + i * (kInstruments / kTraded)), own);
  }
  event::Command arm{};
  arm.kind = event::CommandKind::Arm;
  gate.apply(arm);
}

}  // namespace ridley::bench::gate
