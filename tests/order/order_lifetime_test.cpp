// SPDX-License-Identifier: Apache-2.0
// Lost connections and what the account query says then: order/order_lifetime.cpp.
#include <gtest/gtest.h>

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
  EXPECT_FALSE(entry.ready());
  receive(query_response(1));
  EXPECT_TRUE(entry.ready());
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
  EXPECT_TRUE(entry.ready());
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

}  // namespace
}  // namespace ridley::order
