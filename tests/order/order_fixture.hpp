// SPDX-License-Identifier: Apache-2.0
// An armed gate and an order entry that has logged in, with nothing on the other end of the ring.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "order/order_entry.hpp"
#include "risk/risk_gate.hpp"
#include "wire/ouch.hpp"

namespace ridley::order {

namespace ouch = wire::ouch;
using Message = std::vector<std::byte>;

inline risk::Limits wide_limits() {
  risk::Limits limits;
  limits.age_ns_max = 1'000;
  limits.burst_messages_max = 1'000'000'000;
  limits.ns_per_message = 1;
  limits.gross_max_e4 = ~0ULL;
  limits.open_orders_max = 100'000;
  limits.order.quantity_max = 999'999;
  limits.order.collar_bps = 5'000;
  limits.order.notional_max_e4 = ~0ULL - 1;
  limits.order.long_max = 1ULL << 60;
  limits.order.short_max = 1ULL << 60;
  return limits;
}

inline risk::Market open_market() {
  return {.bid_price_e4 = 1'000'000,
          .ask_price_e4 = 1'000'000,
          .stale = false,
          .halted = false,
          .short_sale_restricted = false};
}

inline event::OrderIntent intent_of(event::IntentKind kind, std::uint32_t quantity,
                                    std::uint32_t price_e4 = 1'000'000) {
  event::OrderIntent intent{};
  intent.kind = kind;
  intent.side = event::Side::Buy;
  intent.locate = 3;
  intent.quantity = quantity;
  intent.price_e4 = price_e4;
  intent.time_in_force = event::TimeInForce::Day;
  intent.display = 'Y';
  intent.client_tag = 7'000 + quantity;
  intent.strategy_id = 1;
  return intent;
}

inline Inbound inbound_of(const Message& message) {
  Inbound inbound;
  inbound.kind = InboundKind::Message;
  inbound.length = static_cast<std::uint16_t>(message.size());
  std::memcpy(inbound.bytes.data(), message.data(), message.size());
  return inbound;
}

// Zeros with a writer's type in front.
template <typename View>
Message blank() {
  Message message(View::kSize);
  message[0] = static_cast<std::byte>(View::kType);
  return message;
}

inline Message accepted(std::uint32_t user_ref, std::uint32_t quantity, char state = 'L') {
  Message message = blank<ouch::OrderAccepted>();
  ouch::OrderAcceptedWriter{message.data()}
      .timestamp(11)
      .user_ref_num(user_ref)
      .side('B')
      .quantity(quantity)
      .price(1'000'000)
      .order_reference_number(500 + user_ref)
      .order_state(state);
  return message;
}

inline Message replaced(std::uint32_t original, std::uint32_t user_ref, std::uint32_t quantity,
                        char state = 'L') {
  Message message = blank<ouch::OrderReplaced>();
  ouch::OrderReplacedWriter{message.data()}
      .timestamp(12)
      .orig_user_ref_num(original)
      .user_ref_num(user_ref)
      .quantity(quantity)
      .order_reference_number(500 + user_ref)
      .order_state(state);
  return message;
}

inline Message executed(std::uint32_t user_ref, std::uint32_t quantity, std::uint64_t match_number,
                        std::uint64_t price = 999'900) {
  Message message = blank<ouch::OrderExecuted>();
  ouch::OrderExecutedWriter{message.data()}
      .timestamp(13)
      .user_ref_num(user_ref)
      .quantity(quantity)
      .price(price)
      .liquidity_flag('A')
      .match_number(match_number);
  return message;
}

inline Message canceled(std::uint32_t user_ref, std::uint32_t decrement, char reason = 'U') {
  Message message = blank<ouch::OrderCanceled>();
  ouch::OrderCanceledWriter{message.data()}
      .timestamp(14)
      .user_ref_num(user_ref)
      .quantity(decrement)
      .cancel_order_reason(reason);
  return message;
}

inline Message rejected(std::uint32_t user_ref, std::uint16_t reason) {
  Message message = blank<ouch::OrderRejected>();
  ouch::OrderRejectedWriter{message.data()}
      .timestamp(15)
      .user_ref_num(user_ref)
      .rejected_order_reason(reason);
  return message;
}

inline Message query_response(std::uint32_t next) {
  Message message = blank<ouch::AccountQueryResponse>();
  ouch::AccountQueryResponseWriter{message.data()}.timestamp(16).next_user_ref_num(next);
  return message;
}

inline Inbound session_event(InboundKind kind, std::uint16_t connection = 1) {
  Inbound inbound;
  inbound.kind = kind;
  inbound.connection = connection;
  return inbound;
}

class OrderTest : public testing::Test {
 protected:
  explicit OrderTest(std::size_t ring_slots = 64)
      : ring{ring_slots},
        gate{wide_limits(), 16},
        entry{{.orders_max = 64, .executions_max = 64}, ring} {
    event::Command arm{};
    arm.kind = event::CommandKind::Arm;
    gate.apply(arm);
    for (std::uint16_t locate = 0; locate < 16; ++locate) {
      const char letter = static_cast<char>('A' + locate);
      entry.set_symbol(locate, {letter, letter, letter, ' ', ' ', ' ', ' ', ' '});
    }
  }

  void log_in(std::uint32_t next_user_ref = 1, std::uint16_t connection = 1) {
    receive(session_event(InboundKind::LoggedIn, connection));
    receive(inbound_of(query_response(next_user_ref)));
    ASSERT_TRUE(entry.ready());
    while (ring.pop(popped)) {
    }
  }

  Sent send(const event::OrderIntent& intent) {
    const risk::Verdict verdict = gate.check(intent, open_market(), ++now_ns);
    EXPECT_TRUE(verdict.order) << int{verdict.reject.control};
    if (!verdict.order) return {};
    const Sent sent = entry.send(*verdict.order);
    gate.apply(sent.event);
    return sent;
  }

  Sent send_new(std::uint32_t quantity) {
    return send(intent_of(event::IntentKind::New, quantity));
  }

  Sent send_replace(std::uint32_t user_ref, std::uint32_t quantity,
                    std::uint32_t price_e4 = 1'000'100) {
    event::OrderIntent intent = intent_of(event::IntentKind::Replace, quantity, price_e4);
    intent.user_ref = user_ref;
    return send(intent);
  }

  Sent send_cancel(std::uint32_t user_ref, std::uint32_t quantity = 0) {
    event::OrderIntent intent = intent_of(event::IntentKind::Cancel, quantity);
    intent.user_ref = user_ref;
    return send(intent);
  }

  std::vector<event::OrderEvent> receive(const Inbound& inbound) {
    std::vector<event::OrderEvent> events;
    for (const event::OrderEvent& event : entry.receive(inbound)) {
      gate.apply(event);
      events.push_back(event);
    }
    return events;
  }

  std::vector<event::OrderEvent> receive(const Message& message) {
    return receive(inbound_of(message));
  }

  // Exactly one event, or a failed test and an empty one.
  event::OrderEvent receive_one(const Message& message) {
    const auto events = receive(message);
    EXPECT_EQ(events.size(), 1U);
    return events.empty() ? event::OrderEvent{} : events[0];
  }

  // A new order that the exchange has accepted.
  std::uint32_t live(std::uint32_t quantity) {
    const std::uint32_t user_ref = send_new(quantity).user_ref;
    receive_one(accepted(user_ref, quantity));
    return user_ref;
  }

  std::uint64_t reserved() const { return gate.exposure().open_buys(); }

  void expect_nothing_reserved() const {
    EXPECT_EQ(entry.open_count(), 0U);
    EXPECT_EQ(gate.exposure().open_orders(), 0U);
    EXPECT_EQ(gate.exposure().open_buys() + gate.exposure().open_sells(), 0U);
    EXPECT_TRUE(gate.exposure().open_notional_e4() == 0U);
    EXPECT_EQ(gate.broken_invariants(), 0U);
  }

  base::SpscRing<Outbound> ring;
  risk::RiskGate gate;
  OrderEntry entry;
  Outbound popped;
  std::uint64_t now_ns = 1;
};

}  // namespace ridley::order
