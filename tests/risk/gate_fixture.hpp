// SPDX-License-Identifier: Apache-2.0
// An armed gate with room for everything, and an order that passes it. A test takes one thing away.
#pragma once

#include <gtest/gtest.h>

#include "risk/risk_gate.hpp"

namespace ridley::risk {

inline Limits wide_limits() {
  Limits limits;
  limits.version = 7;
  limits.age_ns_max = 1'000;
  limits.burst_messages_max = 1'000;
  limits.ns_per_message = 1'000'000;
  limits.gross_max_e4 = 1'000'000'000'000'000;
  limits.open_orders_max = 1'000;
  limits.order.quantity_max = 999'999;
  limits.order.collar_bps = 500;
  limits.order.notional_max_e4 = 1'000'000'000'000;
  limits.order.long_max = 10'000'000;
  limits.order.short_max = 10'000'000;
  limits.order.short_sales = Permit::Yes;
  return limits;
}

inline Market open_market() {
  return {.bid_price_e4 = 999'900,
          .ask_price_e4 = 1'000'000,
          .last_price_e4 = 1'000'000,
          .stale = false,
          .halted = false,
          .short_sale_restricted = false,
          .age_ns = 10};
}

inline event::OrderIntent buy(std::uint32_t quantity = 100, std::uint32_t price_e4 = 1'000'000) {
  event::OrderIntent intent{};
  intent.kind = event::IntentKind::New;
  intent.side = event::Side::Buy;
  intent.locate = 3;
  intent.quantity = quantity;
  intent.price_e4 = price_e4;
  intent.time_in_force = event::TimeInForce::Day;
  intent.display = 'Y';
  intent.client_tag = 42;
  intent.strategy_id = 1;
  return intent;
}

inline event::OrderIntent sell(std::uint32_t quantity = 100, std::uint32_t price_e4 = 999'900) {
  event::OrderIntent intent = buy(quantity, price_e4);
  intent.side = event::Side::Sell;
  return intent;
}

inline event::Command command(event::CommandKind kind) {
  event::Command order{};
  order.kind = kind;
  return order;
}

// An event of the order of an intent, with nothing else said.
inline event::OrderEvent event_of(event::OrderEventKind kind, const event::OrderIntent& intent) {
  event::OrderEvent event{};
  event.kind = kind;
  event.side = intent.side;
  event.locate = intent.locate;
  event.quantity = intent.quantity;
  event.price_e4 = intent.price_e4;
  return event;
}

class GateTest : public testing::Test {
 protected:
  explicit GateTest(const Limits& limits = wide_limits()) : gate{limits, 16} {
    gate.apply(command(event::CommandKind::Arm));
  }

  // Zero: approved.
  int control_of(const event::OrderIntent& intent) {
    const Verdict verdict = gate.check(intent, market, now_ns);
    last = verdict.reject;
    return verdict.order ? 0 : verdict.reject.control;
  }

  RiskGate gate;
  Market market = open_market();
  std::uint64_t now_ns = 1'000'000'000;
  event::RejectRecord last{};
};

}  // namespace ridley::risk
