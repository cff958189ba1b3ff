// SPDX-License-Identifier: Apache-2.0
// The sending half; order/order_entry_setup.cpp by its errors and order/slots.hpp by what is in the
// ring.
#include "order/order_entry.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "order_fixture.hpp"

namespace ridley::order {
namespace {

using event::OrderEventKind;

std::uint16_t code(LocalReason reason) { return static_cast<std::uint16_t>(reason); }

class OrderEntryTest : public OrderTest {
 protected:
  OrderEntryTest() : OrderTest{16} {}
};

TEST_F(OrderEntryTest, WantsPowersOfTwo) {
  EXPECT_THROW((OrderEntry{{.orders_max = 63}, ring}), base::Error);
  EXPECT_THROW((OrderEntry{{.executions_max = 0}, ring}), base::Error);
}

TEST_F(OrderEntryTest, SendsNothingBeforeTheAccountIsQueried) {
  const Sent early = send_new(100);
  EXPECT_FALSE(early.ok);
  EXPECT_EQ(early.event.kind, OrderEventKind::Lost);
  EXPECT_EQ(early.event.reason, code(LocalReason::NotReady));
  expect_nothing_reserved();

  receive(session_event(InboundKind::LoggedIn));
  EXPECT_FALSE(send_new(100).ok);
  ASSERT_TRUE(ring.pop(popped));
  EXPECT_EQ(popped.packet()[3], std::byte{'Q'});
  EXPECT_FALSE(ring.pop(popped));
  expect_nothing_reserved();
}

TEST_F(OrderEntryTest, NumbersStartWhereTheExchangeSaysAndOnlyGrow) {
  log_in(41);
  EXPECT_EQ(send_new(100).user_ref, 41U);
  EXPECT_EQ(send_new(100).user_ref, 42U);
  EXPECT_EQ(send_replace(41, 200).user_ref, 43U);
  receive(query_response(10));
  EXPECT_EQ(send_new(100).user_ref, 44U);
}

TEST_F(OrderEntryTest, WritesTheOrderIntoTheRing) {
  log_in();
  const Sent sent = send_new(100);
  ASSERT_TRUE(sent.ok);
  EXPECT_EQ(sent.event.kind, OrderEventKind::Sent);
  EXPECT_EQ(sent.event.open_quantity, 100U);
  EXPECT_EQ(sent.event.client_tag, 7'100U);
  EXPECT_EQ(sent.event.terminal, 0);
  ASSERT_TRUE(ring.pop(popped));
  const auto bytes = popped.packet().subspan(3);
  const ouch::EnterOrder message{bytes.data(), bytes.size()};
  EXPECT_EQ(message.user_ref_num(), sent.user_ref);
  EXPECT_EQ(message.symbol().text(), "DDD");
  EXPECT_EQ(popped.connection, 1U);
  EXPECT_EQ(reserved(), 100U);
  EXPECT_EQ(entry.open_count(), 1U);
}

TEST_F(OrderEntryTest, RefusesASymbolItHasNotHeardOf) {
  log_in();
  entry.set_symbol(3, {});
  const Sent sent = send_new(100);
  EXPECT_EQ(sent.event.reason, code(LocalReason::UnknownSymbol));
  expect_nothing_reserved();
}

TEST_F(OrderEntryTest, AFullRingRefusesTheOrderAndGivesItsReservationBack) {
  log_in();
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(send_new(1).ok);
  const Sent sent = send_new(100);
  EXPECT_FALSE(sent.ok);
  EXPECT_EQ(sent.event.reason, code(LocalReason::OutboundFull));
  EXPECT_EQ(sent.event.released_quantity, 100U);
  EXPECT_EQ(sent.event.released_price_e4, 1'000'000U);
  EXPECT_EQ(sent.event.terminal, 1);
  EXPECT_EQ(reserved(), 16U);
  EXPECT_EQ(entry.counters().refused, 1U);
  EXPECT_EQ(entry.open_count(), 16U);
}

TEST_F(OrderEntryTest, AFullRingRefusesACancelWithoutEndingTheOrder) {
  log_in();
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(send_new(1).ok);
  const Sent sent = send_cancel(1);
  EXPECT_FALSE(sent.ok);
  EXPECT_EQ(sent.event.kind, OrderEventKind::CancelRejected);
  EXPECT_EQ(sent.event.terminal, 0);
  EXPECT_EQ(sent.event.released_quantity, 0U);
  EXPECT_EQ(reserved(), 16U);
}

TEST_F(OrderEntryTest, AReplaceNeedsAnOpenTargetOfTheSameKind) {
  log_in();
  const std::uint32_t user_ref = send_new(100).user_ref;
  EXPECT_EQ(send_replace(99, 100).event.reason, code(LocalReason::UnknownOrder));
  event::OrderIntent intent = intent_of(event::IntentKind::Replace, 50);
  intent.user_ref = user_ref;
  intent.locate = 4;
  EXPECT_EQ(send(intent).event.reason, code(LocalReason::OtherInstrument));
  intent.locate = 3;
  intent.side = event::Side::Sell;
  EXPECT_EQ(send(intent).event.reason, code(LocalReason::OtherInstrument));
  intent.side = event::Side::Buy;
  intent.strategy_id = 2;
  EXPECT_EQ(send(intent).event.reason, code(LocalReason::OtherInstrument));
  EXPECT_EQ(reserved(), 100U);
}

TEST_F(OrderEntryTest, OneReplaceIsInFlightForAnOrderAndFourInAChain) {
  log_in();
  std::uint32_t user_ref = send_new(100).user_ref;
  EXPECT_TRUE(send_replace(user_ref, 10).ok);
  EXPECT_EQ(send_replace(user_ref, 10).event.reason, code(LocalReason::ReplaceInFlight));
  for (std::uint32_t i = 0; i < kReplacementsInFlightMax - 1; ++i) {
    ASSERT_TRUE(send_replace(++user_ref, 10).ok) << i;
  }
  EXPECT_EQ(send_replace(++user_ref, 10).event.reason, code(LocalReason::ReplaceInFlight));
  EXPECT_EQ(reserved(), 140U);
}

TEST_F(OrderEntryTest, SkipsNumbersWhoseSlotIsStillTaken) {
  log_in();
  send_new(1);
  receive(accepted(1, 1));
  for (std::uint32_t user_ref = 2; user_ref <= 64; ++user_ref) {
    ASSERT_EQ(send_new(1).user_ref, user_ref);
    ASSERT_TRUE(ring.pop(popped));
    while (ring.pop(popped)) {
    }
    receive(accepted(user_ref, 1, 'D'));
  }
  EXPECT_EQ(send_new(1).user_ref, 66U) << "65 shares its slot with 1";
}

TEST_F(OrderEntryTest, RefusesOrdersWhenTheTableIsFull) {
  log_in();
  for (int i = 0; i < 64; ++i) {
    ASSERT_TRUE(send_new(1).ok);
    ASSERT_TRUE(ring.pop(popped));
  }
  EXPECT_EQ(send_new(1).event.reason, code(LocalReason::TooManyOrders));
  EXPECT_EQ(reserved(), 64U);
}

TEST_F(OrderEntryTest, TheLastNumberIsNeverGivenOut) {
  log_in(0xFFFF'FFFE);
  EXPECT_EQ(send_new(1).user_ref, 0xFFFF'FFFEU);
  EXPECT_EQ(send_new(1).event.reason, code(LocalReason::TooManyOrders));
}

TEST_F(OrderEntryTest, ACancelNamesAnOpenOrderOfItsOwnStrategy) {
  log_in();
  const std::uint32_t user_ref = send_new(100).user_ref;
  ASSERT_TRUE(ring.pop(popped));
  EXPECT_EQ(send_cancel(99).event.reason, code(LocalReason::UnknownOrder));
  event::OrderIntent foreign = intent_of(event::IntentKind::Cancel, 0);
  foreign.user_ref = user_ref;
  foreign.strategy_id = 2;
  EXPECT_EQ(send(foreign).event.reason, code(LocalReason::OtherInstrument));
  const Sent sent = send_cancel(user_ref, 40);
  EXPECT_TRUE(sent.ok);
  EXPECT_EQ(sent.event.kind, OrderEventKind::None);
  ASSERT_TRUE(ring.pop(popped));
  const ouch::CancelOrder message{popped.packet().subspan(3).data(), 9};
  EXPECT_EQ(message.user_ref_num(), user_ref);
  EXPECT_EQ(message.quantity(), 40U);
}

TEST_F(OrderEntryTest, CancelAllTakesEveryOrderOnceAndSaysWhatIsLeft) {
  log_in();
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(send_new(1).ok);
  while (ring.pop(popped)) {
  }
  send_new(1);  // one in the ring already
  EXPECT_EQ(entry.cancel_all({}), 2U);
  EXPECT_EQ(entry.cancel_all({}), 2U);
  while (ring.pop(popped)) {
  }
  EXPECT_EQ(entry.cancel_all({}), 0U);
  EXPECT_EQ(ring.size(), 2U);
  EXPECT_EQ(entry.cancel_all({}), 0U);
  EXPECT_EQ(ring.size(), 2U) << "not twice";
  EXPECT_EQ(entry.counters().cancels_sent, 17U);
}

TEST_F(OrderEntryTest, CancelAllKeepsToItsScope) {
  log_in();
  event::OrderIntent intent = intent_of(event::IntentKind::New, 1);
  send(intent);
  intent.locate = 4;
  send(intent);
  intent.strategy_id = 2;
  send(intent);
  while (ring.pop(popped)) {
  }
  event::Command scope{};
  scope.scope = 1;
  scope.locate = 3;
  EXPECT_EQ(entry.cancel_all(scope), 0U);
  EXPECT_EQ(ring.size(), 1U);
  scope.scope = 2;
  scope.value = 2;
  EXPECT_EQ(entry.cancel_all(scope), 0U);
  EXPECT_EQ(ring.size(), 2U);
  EXPECT_EQ(entry.cancel_all({}), 0U);
  EXPECT_EQ(ring.size(), 3U);
}

TEST_F(OrderEntryTest, CancelAllWithoutAConnectionLeavesThemAll) {
  log_in();
  send_new(1);
  EXPECT_EQ(entry.cancel_all({}), 0U);
  receive(session_event(InboundKind::Disconnected));
  EXPECT_EQ(entry.cancel_all({}), 1U) << "the cancel may not have arrived";
}

TEST_F(OrderEntryTest, TheQueryWaitsForRoomInTheRing) {
  log_in();
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(send_new(1).ok);
  receive(session_event(InboundKind::Disconnected));
  receive(session_event(InboundKind::LoggedIn, 2));
  EXPECT_EQ(ring.size(), 16U);
  ASSERT_TRUE(ring.pop(popped));
  entry.poll();
  while (ring.pop(popped)) {
  }
  EXPECT_EQ(popped.packet()[3], std::byte{'Q'});
  EXPECT_EQ(popped.connection, 2U);
}

TEST_F(OrderEntryTest, ListsOpenOrdersOldestFirst) {
  log_in();
  for (int i = 0; i < 3; ++i) send_new(1);
  receive(accepted(2, 1, 'D'));
  std::vector<std::uint32_t> numbers;
  entry.for_each_open([&](const Order& order) { numbers.push_back(order.user_ref); });
  EXPECT_EQ(numbers, (std::vector<std::uint32_t>{1, 3}));
}

}  // namespace
}  // namespace ridley::order
