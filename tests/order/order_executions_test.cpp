// SPDX-License-Identifier: Apache-2.0
// Executions, and those that are taken back: order/order_replies.cpp.
#include <gtest/gtest.h>

#include "order_fixture.hpp"

namespace ridley::order {
namespace {

using event::OrderEventKind;

class OrderExecutionsTest : public OrderTest {
 protected:
  void SetUp() override { log_in(); }
};

TEST_F(OrderExecutionsTest, ABrokenTradeRestatesThePositionAndRevivesNothing) {
  const std::uint32_t user_ref = live(100);
  receive_one(executed(user_ref, 100, 9));
  Message message = blank<ouch::BrokenTrade>();
  ouch::BrokenTradeWriter{message.data()}
      .user_ref_num(user_ref)
      .match_number(9)
      .broken_trade_reason('E');
  const auto event = receive_one(message);
  EXPECT_EQ(event.kind, OrderEventKind::Broken);
  EXPECT_EQ(event.quantity, 100U);
  EXPECT_EQ(event.price_e4, 999'900U);
  EXPECT_EQ(event.reason, 'E');
  EXPECT_EQ(gate.position(3), 0);
  EXPECT_TRUE(gate.exposure().cash_e4() == 0);
  expect_nothing_reserved();
  EXPECT_TRUE(receive(message).empty()) << "broken only once";
  EXPECT_EQ(gate.position(3), 0);
}

TEST_F(OrderExecutionsTest, ABrokenTradeOfUnknownNumberIsABrokenInvariant) {
  Message message = blank<ouch::BrokenTrade>();
  ouch::BrokenTradeWriter{message.data()}.user_ref_num(1).match_number(9);
  for (std::uint64_t match = 1; match <= 48; ++match) {
    receive_one(executed(live(1), 1, match + 100));
    while (ring.pop(popped)) {
    }
  }
  EXPECT_TRUE(receive(message).empty());
  EXPECT_EQ(entry.broken_invariants(), 0U) << "of an earlier life of this process";
  receive_one(executed(live(1), 1, 1'000));
  EXPECT_EQ(entry.counters().executions_not_kept, 1U);
  EXPECT_TRUE(receive(message).empty());
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

TEST_F(OrderExecutionsTest, ACorrectedTradeIsBrokenAndTakenAgain) {
  const std::uint32_t user_ref = live(100);
  receive_one(executed(user_ref, 100, 9));
  Message message = blank<ouch::TradeCorrection>();
  ouch::TradeCorrectionWriter{message.data()}
      .user_ref_num(user_ref)
      .quantity(90)
      .price(980'000)
      .match_number(9);
  const auto events = receive(message);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, OrderEventKind::Broken);
  EXPECT_EQ(events[1].kind, OrderEventKind::Corrected);
  EXPECT_EQ(events[1].quantity, 90U);
  EXPECT_EQ(gate.position(3), 90);
  EXPECT_TRUE(gate.exposure().cash_e4() == -90 * 980'000);
}

TEST_F(OrderExecutionsTest, TheSameExecutionTwiceIsABrokenInvariant) {
  const std::uint32_t user_ref = live(100);
  receive_one(executed(user_ref, 10, 9));
  receive_one(executed(user_ref, 10, 9));
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

TEST_F(OrderExecutionsTest, AnExecutionMovesThePositionAndReleasesAtTheOrdersPrice) {
  const auto event = receive_one(executed(live(100), 30, 9));
  EXPECT_EQ(event.kind, OrderEventKind::Executed);
  EXPECT_EQ(event.quantity, 30U);
  EXPECT_EQ(event.price_e4, 999'900U);
  EXPECT_EQ(event.open_quantity, 70U);
  EXPECT_EQ(event.executed_quantity, 30U);
  EXPECT_EQ(event.released_quantity, 30U);
  EXPECT_EQ(event.released_price_e4, 1'000'000U);
  EXPECT_EQ(event.match_number, 9U);
  EXPECT_EQ(event.liquidity, 'A');
  EXPECT_EQ(gate.position(3), 30);
  EXPECT_EQ(reserved(), 70U);
}

TEST_F(OrderExecutionsTest, TheLastExecutionEndsTheOrder) {
  const std::uint32_t user_ref = live(100);
  receive_one(executed(user_ref, 99, 1));
  const auto event = receive_one(executed(user_ref, 1, 2));
  EXPECT_EQ(event.terminal, 1);
  EXPECT_EQ(event.executed_quantity, 100U);
  expect_nothing_reserved();
}

TEST_F(OrderExecutionsTest, OneShareTooManyIsABrokenInvariantAndStillCounts) {
  const auto event = receive_one(executed(live(100), 101, 1));
  EXPECT_EQ(event.released_quantity, 100U);
  EXPECT_EQ(event.terminal, 1);
  EXPECT_EQ(gate.position(3), 101);
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

TEST_F(OrderExecutionsTest, AnExecutionOfADeadOrderIsABrokenInvariantAndStillCounts) {
  const std::uint32_t user_ref = live(100);
  receive_one(canceled(user_ref, 100));
  const auto event = receive_one(executed(user_ref, 10, 1));
  EXPECT_EQ(event.released_quantity, 0U);
  EXPECT_EQ(event.terminal, 0);
  EXPECT_EQ(gate.position(3), 10);
  EXPECT_EQ(entry.broken_invariants(), 1U);
  expect_nothing_reserved();
}

TEST_F(OrderExecutionsTest, APriceThatDoesNotFitIsABrokenInvariant) {
  const auto event = receive_one(executed(live(100), 1, 1, 0x1'0000'0000));
  EXPECT_EQ(event.price_e4, 0xFFFF'FFFFU);
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

}  // namespace
}  // namespace ridley::order
