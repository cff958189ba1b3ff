// SPDX-License-Identifier: Apache-2.0
// Lost connections and what the account query says then: order/order_lifetime.cpp.
#include <gtest/gtest.h>

#include <string_view>

#include "order_fixture.hpp"

namespace ridley::order {
namespace {

using event::OrderEventKind;

class OrderLifetimeTest : public OrderTest {
 protected:
  void SetUp() override { log_in(); }

  // Down and up again; what the exchange says it expects next.
  std::vector<event::OrderEvent> come_back(std::uint32_t next_user_ref) {
    receive(session_event(InboundKind::Disconnected));
    EXPECT_FALSE(entry.ready());
    receive(session_event(InboundKind::LoggedIn, 2));
    return receive(query_response(next_user_ref));
  }
};

TEST_F(OrderLifetimeTest, AnOrderThatNeverArrivedIsLost) {
  send_new(100);
  const auto events = come_back(1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].kind, OrderEventKind::Lost);
  EXPECT_EQ(events[0].user_ref, 1U);
  EXPECT_EQ(events[0].released_quantity, 100U);
  EXPECT_EQ(events[0].reason, static_cast<std::uint16_t>(LocalReason::NeverArrived));
  EXPECT_EQ(events[0].terminal, 1);
  expect_nothing_reserved();
  EXPECT_EQ(send_new(1).user_ref, 2U) << "its number is not used again";
}

TEST_F(OrderLifetimeTest, AnOrderThatWasAnsweredStays) {
  receive(accepted(send_new(100).user_ref, 100));
  EXPECT_TRUE(come_back(2).empty());
  EXPECT_EQ(reserved(), 100U);
}

TEST_F(OrderLifetimeTest, AnAnswerInTheReplayComesBeforeTheQuerys) {
  const std::uint32_t user_ref = send_new(100).user_ref;
  receive(session_event(InboundKind::Disconnected));
  receive(session_event(InboundKind::LoggedIn, 2));
  receive_one(accepted(user_ref, 100));
  EXPECT_TRUE(receive(query_response(2)).empty());
  EXPECT_EQ(reserved(), 100U);
  EXPECT_TRUE(entry.ready());
}

TEST_F(OrderLifetimeTest, AnAnswerToAQueryOfALostConnectionIsNotTakenForOurs) {
  receive(session_event(InboundKind::Disconnected));
  receive(session_event(InboundKind::LoggedIn, 2));  // its answer is not delivered...
  receive(session_event(InboundKind::Disconnected));
  receive(session_event(InboundKind::LoggedIn, 3));
  EXPECT_TRUE(receive(query_response(1)).empty());  // ...but may come now
  EXPECT_FALSE(entry.reconciled());
  receive(query_response(1));
  EXPECT_TRUE(entry.reconciled());
}

TEST_F(OrderLifetimeTest, AnOrderThatArrivedIsNotLostByAnOldAnswer) {
  receive(session_event(InboundKind::Disconnected));
  receive(session_event(InboundKind::LoggedIn, 2));
  receive(session_event(InboundKind::Disconnected));
  receive(session_event(InboundKind::LoggedIn, 3));
  receive(query_response(1));
  receive(query_response(1));
  const std::uint32_t user_ref = send_new(100).user_ref;
  receive(session_event(InboundKind::Disconnected));
  receive(session_event(InboundKind::LoggedIn, 4));
  EXPECT_TRUE(receive(query_response(1)).empty()) << "the third query of connection 3";
  receive_one(accepted(user_ref, 100));
  EXPECT_TRUE(receive(query_response(2)).empty());
  EXPECT_TRUE(entry.reconciled());
  EXPECT_EQ(reserved(), 100U);
}

TEST_F(OrderLifetimeTest, AReplaceThatNeverArrivedLeavesItsOriginal) {
  const std::uint32_t original = send_new(100).user_ref;
  receive(accepted(original, 100));
  send_replace(original, 150);
  send_replace(original + 1, 160);
  EXPECT_EQ(come_back(2).size(), 2U);
  EXPECT_EQ(reserved(), 100U);
  EXPECT_TRUE(send_replace(original, 120).ok);
}

TEST_F(OrderLifetimeTest, AWholeTableCanBeLost) {
  for (int i = 0; i < 64; ++i) {
    ASSERT_TRUE(send_new(1).ok);
    ASSERT_TRUE(ring.pop(popped));
  }
  EXPECT_EQ(come_back(1).size(), 64U);
  EXPECT_EQ(entry.counters().lost, 64U);
  expect_nothing_reserved();
}

TEST_F(OrderLifetimeTest, ThePacketsOfAnotherConnectionCanBeTold) {
  send_new(1);
  come_back(1);
  send_new(2);
  ASSERT_TRUE(ring.pop(popped));
  EXPECT_EQ(popped.connection, 1U);
  ASSERT_TRUE(ring.pop(popped));  // the query
  EXPECT_EQ(popped.connection, 2U);
  ASSERT_TRUE(ring.pop(popped));
  EXPECT_EQ(popped.connection, 2U);
}

TEST_F(OrderLifetimeTest, AfterTheEndOfTheSessionNothingIsSent) {
  receive(session_event(InboundKind::EndOfSession));
  EXPECT_TRUE(entry.session_ended());
  EXPECT_FALSE(send_new(1).ok);
  receive(session_event(InboundKind::Disconnected));
  EXPECT_TRUE(entry.session_ended());
}

TEST_F(OrderLifetimeTest, ANumberAheadOfOursIsTaken) {
  EXPECT_TRUE(come_back(900).empty());
  EXPECT_EQ(send_new(1).user_ref, 900U);
}

// What came with a number, and what the session says of it.
class OrderStreamTest : public OrderTest {
 protected:
  Inbound numbered(const Message& message, std::uint64_t sequence) {
    Inbound inbound = inbound_of(message);
    inbound.sequence = sequence;
    return inbound;
  }
  Inbound login(std::string_view session, std::uint64_t sequence, std::uint16_t connection = 1) {
    Inbound inbound = session_event(InboundKind::LoggedIn, connection);
    inbound.sequence = sequence;
    inbound.length = static_cast<std::uint16_t>(session.size());
    std::memcpy(inbound.bytes.data(), session.data(), session.size());
    return inbound;
  }
  void come_up() {
    receive(login("DAY1", 1));
    receive(numbered(query_response(1), 1));
  }
};

TEST_F(OrderStreamTest, AMessageThatIsMissingIsADisagreement) {
  come_up();
  const std::uint32_t user_ref = send_new(100).user_ref;
  receive(numbered(accepted(user_ref, 100), 2));
  EXPECT_EQ(entry.broken_invariants(), 0U);
  receive(numbered(executed(user_ref, 10, 1), 4));
  EXPECT_EQ(entry.broken_invariants(), 1U);
  EXPECT_EQ(entry.counters().sequence_breaks, 1U);
}

TEST_F(OrderStreamTest, AMessageThatComesTwiceIsADisagreement) {
  come_up();
  receive(numbered(query_response(1), 1));
  EXPECT_EQ(entry.counters().sequence_breaks, 1U);
}

TEST_F(OrderStreamTest, ALoginGoesOnWhereTheStreamEnded) {
  come_up();
  receive(session_event(InboundKind::Disconnected));
  receive(login("DAY1", 2, 2));
  EXPECT_EQ(entry.broken_invariants(), 0U);
  receive(session_event(InboundKind::Disconnected));
  receive(login("DAY1", 3, 3));
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

TEST_F(OrderStreamTest, AnotherSessionIsFineOnlyWhileNothingIsOpen) {
  come_up();
  receive(session_event(InboundKind::Disconnected));
  receive(login("DAY2", 1, 2));
  EXPECT_EQ(entry.broken_invariants(), 0U);
  receive(numbered(query_response(1), 1));
  receive(numbered(accepted(send_new(100).user_ref, 100), 2));
  receive(session_event(InboundKind::Disconnected));
  receive(login("DAY3", 1, 3));
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

TEST_F(OrderStreamTest, AnExecutionOfAnOrderThatNobodyKnowsIsADisagreement) {
  come_up();
  receive(numbered(accepted(77, 100), 2));
  EXPECT_EQ(entry.broken_invariants(), 0U);
  receive(numbered(executed(77, 10, 1), 3));
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

class CancelOnDisconnectTest : public testing::TestWithParam<bool> {};

TEST_P(CancelOnDisconnectTest, AnOrderThatOutlivesItsConnectionIsADisagreement) {
  base::SpscRing<Outbound> ring{64};
  risk::RiskGate gate{wide_limits(), 16};
  OrderEntry entry{{.cancel_on_disconnect = GetParam(), .orders_max = 64, .executions_max = 64},
                   ring};
  entry.set_symbol(3, {'R', 'D', 'L', 'Y', ' ', ' ', ' ', ' '});
  event::Command arm{};
  arm.kind = event::CommandKind::Arm;
  gate.apply(arm);
  (void)entry.receive(session_event(InboundKind::LoggedIn));
  (void)entry.receive(inbound_of(query_response(1)));
  for (int i = 0; i < 2; ++i) {
    const auto verdict = gate.check(intent_of(event::IntentKind::New, 100), open_market(), 1);
    const std::uint32_t user_ref = entry.send(*verdict.order).user_ref;
    (void)entry.receive(inbound_of(accepted(user_ref, 100)));
  }
  (void)entry.receive(session_event(InboundKind::Disconnected));
  (void)entry.receive(session_event(InboundKind::LoggedIn, 2));
  (void)entry.receive(inbound_of(canceled(1, 100, 'S')));
  EXPECT_EQ(entry.broken_invariants(), 0U);
  (void)entry.receive(inbound_of(query_response(3)));
  EXPECT_EQ(entry.counters().outlived_connections, GetParam() ? 1U : 0U);
  EXPECT_EQ(entry.broken_invariants(), GetParam() ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(Ports, CancelOnDisconnectTest, testing::Bool());

TEST(OrderEntryOuch42, IsReadyWhenTheExchangeHasBeenQuiet) {
  base::SpscRing<Outbound> ring{64};
  OrderEntry entry{{.token_prefix = TokenPrefix{'A', 'B', 'C', 'D', 'E', 'F'},
                    .orders_max = 64,
                    .executions_max = 64},
                   ring};
  (void)entry.receive(session_event(InboundKind::LoggedIn));
  EXPECT_FALSE(entry.ready());
  Outbound packet;
  EXPECT_FALSE(ring.pop(packet)) << "there is no account query";
  (void)entry.receive(session_event(InboundKind::Quiet));
  EXPECT_TRUE(entry.ready());
}

TEST(OrderEntryResumed, AnAnswerToTheQueryOfAnEarlierProcessIsNotTakenForOurs) {
  base::SpscRing<Outbound> ring{64};
  OrderEntry entry{{.resumes = true, .orders_max = 64, .executions_max = 64}, ring};
  (void)entry.receive(session_event(InboundKind::LoggedIn));
  (void)entry.receive(inbound_of(query_response(5)));
  EXPECT_FALSE(entry.ready());
  (void)entry.receive(inbound_of(query_response(9)));
  EXPECT_TRUE(entry.ready());
  EXPECT_EQ(entry.next_user_ref(), 9U);
}

}  // namespace
}  // namespace ridley::order
