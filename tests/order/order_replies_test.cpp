// SPDX-License-Identifier: Apache-2.0
// Every message of the exchange but the executions: order/order_replies.cpp.
#include <gtest/gtest.h>

#include "order_fixture.hpp"

namespace ridley::order {
namespace {

using event::OrderEventKind;

class OrderRepliesTest : public OrderTest {
 protected:
  void SetUp() override { log_in(); }
};

TEST_F(OrderRepliesTest, AnAcceptedOrderLives) {
  const std::uint32_t user_ref = send_new(100).user_ref;
  const auto event = receive_one(accepted(user_ref, 100));
  EXPECT_EQ(event.kind, OrderEventKind::Accepted);
  EXPECT_EQ(event.open_quantity, 100U);
  EXPECT_EQ(event.order_reference, 500U + user_ref);
  EXPECT_EQ(event.exchange_ns, 11U);
  EXPECT_EQ(event.client_tag, 7'100U);
  EXPECT_EQ(event.terminal, 0);
  EXPECT_EQ(reserved(), 100U);
}

TEST_F(OrderRepliesTest, AnOrderAcceptedDeadGivesEverythingBack) {
  const auto event = receive_one(accepted(send_new(100).user_ref, 100, 'D'));
  EXPECT_EQ(event.released_quantity, 100U);
  EXPECT_EQ(event.terminal, 1);
  expect_nothing_reserved();
}

TEST_F(OrderRepliesTest, AnOrderAcceptedForLessGivesTheRestBack) {
  const auto event = receive_one(accepted(send_new(100).user_ref, 60));
  EXPECT_EQ(event.released_quantity, 40U);
  EXPECT_EQ(reserved(), 60U);
}

TEST_F(OrderRepliesTest, AcceptedTwiceIsABrokenInvariant) {
  const std::uint32_t user_ref = live(100);
  EXPECT_TRUE(receive(accepted(user_ref, 100)).empty());
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

TEST_F(OrderRepliesTest, AcceptedForMoreIsABrokenInvariant) {
  receive_one(accepted(send_new(100).user_ref, 101));
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

TEST_F(OrderRepliesTest, ACancelTakesItsDecrement) {
  const std::uint32_t user_ref = live(100);
  auto event = receive_one(canceled(user_ref, 40, 'S'));
  EXPECT_EQ(event.kind, OrderEventKind::Canceled);
  EXPECT_EQ(event.quantity, 40U);
  EXPECT_EQ(event.open_quantity, 60U);
  EXPECT_EQ(event.reason, 'S');
  EXPECT_EQ(event.terminal, 0);
  event = receive_one(canceled(user_ref, 60));
  EXPECT_EQ(event.terminal, 1);
  expect_nothing_reserved();
}

TEST_F(OrderRepliesTest, CanceledForMoreThanIsOpenIsABrokenInvariant) {
  EXPECT_EQ(receive_one(canceled(live(100), 101)).released_quantity, 100U);
  EXPECT_EQ(entry.broken_invariants(), 1U);
  expect_nothing_reserved();
}

TEST_F(OrderRepliesTest, ASelfMatchCancelComesInBothLengths) {
  for (const std::size_t length : {std::size_t{31}, std::size_t{32}}) {
    const std::uint32_t user_ref = live(100);
    Message message(length);
    message[0] = std::byte{'D'};
    ouch::AiqCanceledWriter{message.data()}
        .user_ref_num(user_ref)
        .decrement_shares(100)
        .order_cancel_reason('Q');
    const auto event = receive_one(message);
    EXPECT_EQ(event.kind, OrderEventKind::Canceled);
    EXPECT_EQ(event.reason, 'Q');
    EXPECT_EQ(event.terminal, 1);
  }
  expect_nothing_reserved();
}

TEST_F(OrderRepliesTest, AReplacementTakesOverWhatTheChainHasNotTraded) {
  const std::uint32_t original = live(100);
  const std::uint32_t user_ref = send_replace(original, 150).user_ref;
  EXPECT_EQ(reserved(), 250U);
  receive_one(executed(original, 30, 1));
  const auto event = receive_one(replaced(original, user_ref, 120));
  EXPECT_EQ(event.kind, OrderEventKind::Replaced);
  EXPECT_EQ(event.original_user_ref, original);
  EXPECT_EQ(event.quantity, 150U);
  EXPECT_EQ(event.open_quantity, 120U);
  EXPECT_EQ(event.executed_quantity, 30U);
  EXPECT_EQ(event.released_quantity, 70U);
  EXPECT_EQ(event.released_price_e4, 1'000'000U);
  EXPECT_EQ(reserved(), 120U);
  EXPECT_EQ(gate.exposure().open_orders(), 1U);
  receive_one(executed(user_ref, 120, 2));
  EXPECT_EQ(gate.position(3), 150);
  expect_nothing_reserved();
}

TEST_F(OrderRepliesTest, AReplacementForWhatHasTradedAlreadyIsDead) {
  const std::uint32_t original = live(100);
  const std::uint32_t user_ref = send_replace(original, 30).user_ref;
  receive_one(executed(original, 30, 1));
  EXPECT_EQ(receive_one(replaced(original, user_ref, 0)).terminal, 1);
  expect_nothing_reserved();
}

TEST_F(OrderRepliesTest, AReplacementThatIsDeadOnArrivalEndsBoth) {
  const std::uint32_t original = live(100);
  const std::uint32_t user_ref = send_replace(original, 100).user_ref;
  EXPECT_EQ(receive_one(replaced(original, user_ref, 100, 'D')).terminal, 1);
  expect_nothing_reserved();
}

TEST_F(OrderRepliesTest, AnOriginalThatDiesTakesItsReplacementsWithIt) {
  const std::uint32_t original = live(100);
  const std::uint32_t first = send_replace(original, 110).user_ref;
  const std::uint32_t second = send_replace(first, 120).user_ref;
  const auto events = receive(executed(original, 100, 1));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].kind, OrderEventKind::Executed);
  EXPECT_EQ(events[1].kind, OrderEventKind::Lost);
  EXPECT_EQ(events[1].user_ref, first);
  EXPECT_EQ(events[1].released_quantity, 110U);
  EXPECT_EQ(events[2].user_ref, second);
  EXPECT_EQ(events[2].reason, static_cast<std::uint16_t>(LocalReason::OriginalDied));
  expect_nothing_reserved();
}

TEST_F(OrderRepliesTest, ReplacementsInAChainAreAnsweredOneByOne) {
  const std::uint32_t original = live(100);
  const std::uint32_t first = send_replace(original, 110).user_ref;
  const std::uint32_t second = send_replace(first, 120).user_ref;
  receive_one(replaced(original, first, 110));
  EXPECT_EQ(reserved(), 230U);
  receive_one(replaced(first, second, 120));
  EXPECT_EQ(reserved(), 120U);
  receive_one(canceled(second, 120));
  expect_nothing_reserved();
}

TEST_F(OrderRepliesTest, AReplacementNobodyAskedForIsABrokenInvariant) {
  const std::uint32_t original = live(100);
  const std::uint32_t other = live(100);
  EXPECT_TRUE(receive(replaced(original, other, 100)).empty());
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

TEST_F(OrderRepliesTest, ARejectedOrderGivesEverythingBack) {
  const auto event = receive_one(rejected(send_new(100).user_ref, 0x0007));
  EXPECT_EQ(event.kind, OrderEventKind::Rejected);
  EXPECT_EQ(event.reason, 0x0007);
  EXPECT_EQ(event.terminal, 1);
  expect_nothing_reserved();
}

TEST_F(OrderRepliesTest, ARejectedReplaceLeavesItsOriginalInForce) {
  const std::uint32_t original = live(100);
  const std::uint32_t user_ref = send_replace(original, 150).user_ref;
  EXPECT_EQ(receive_one(rejected(user_ref, 0x001D)).released_quantity, 150U);
  EXPECT_EQ(reserved(), 100U);
  EXPECT_TRUE(send_replace(original, 160).ok) << "it may be tried again";
}

TEST_F(OrderRepliesTest, AReplaceWithAnInvalidQuantityEndsItsOriginal) {
  const std::uint32_t original = live(100);
  const std::uint32_t user_ref = send_replace(original, 150).user_ref;
  const auto events = receive(rejected(user_ref, 0x0013));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].kind, OrderEventKind::Canceled);
  EXPECT_EQ(events[1].user_ref, original);
  EXPECT_EQ(events[1].terminal, 1);
  expect_nothing_reserved();
  EXPECT_TRUE(receive(canceled(original, 100)).empty()) << "said by the exchange as well";
  EXPECT_EQ(entry.counters().late, 1U);
  EXPECT_EQ(entry.broken_invariants(), 0U);
}

TEST_F(OrderRepliesTest, NewsAboutACancelEndsNothing) {
  const std::uint32_t user_ref = live(100);
  send_cancel(user_ref);
  Message pending = blank<ouch::CancelPending>();
  ouch::CancelPendingWriter{pending.data()}.user_ref_num(user_ref);
  EXPECT_EQ(receive_one(pending).kind, OrderEventKind::CancelPending);
  EXPECT_EQ(entry.cancel_all({}), 0U);
  EXPECT_EQ(entry.counters().cancels_sent, 1U);
  Message refused = blank<ouch::CancelReject>();
  ouch::CancelRejectWriter{refused.data()}.user_ref_num(user_ref);
  EXPECT_EQ(receive_one(refused).kind, OrderEventKind::CancelRejected);
  EXPECT_EQ(entry.cancel_all({}), 0U);
  EXPECT_EQ(entry.counters().cancels_sent, 2U) << "may be tried again";
  EXPECT_EQ(reserved(), 100U);
}

TEST_F(OrderRepliesTest, APriorityUpdateAndARestatementChangeNoQuantity) {
  const std::uint32_t user_ref = live(100);
  Message update = blank<ouch::OrderPriorityUpdate>();
  ouch::OrderPriorityUpdateWriter{update.data()}
      .user_ref_num(user_ref)
      .price(990'000)
      .order_reference_number(1'234);
  auto event = receive_one(update);
  EXPECT_EQ(event.kind, OrderEventKind::PriorityUpdated);
  EXPECT_EQ(event.price_e4, 990'000U);
  EXPECT_EQ(event.order_reference, 1'234U);
  Message restated = blank<ouch::OrderRestated>();
  ouch::OrderRestatedWriter{restated.data()}.user_ref_num(user_ref).order_restated_reason('R');
  event = receive_one(restated);
  EXPECT_EQ(event.kind, OrderEventKind::Restated);
  EXPECT_EQ(event.reason, 'R');
  EXPECT_EQ(reserved(), 100U);
}

TEST_F(OrderRepliesTest, AModifiedOrderShrinks) {
  const std::uint32_t user_ref = live(100);
  Message message = blank<ouch::OrderModified>();
  ouch::OrderModifiedWriter{message.data()}.user_ref_num(user_ref).side('B').quantity(60);
  EXPECT_EQ(receive_one(message).released_quantity, 40U);
  EXPECT_EQ(reserved(), 60U);
  ouch::OrderModifiedWriter{message.data()}.user_ref_num(user_ref).side('B').quantity(0);
  EXPECT_EQ(receive_one(message).terminal, 1);
  expect_nothing_reserved();
  EXPECT_EQ(entry.broken_invariants(), 0U);
}

TEST_F(OrderRepliesTest, AModifiedSaleMayBecomeShortButNothingElse) {
  event::OrderIntent intent = intent_of(event::IntentKind::New, 100);
  intent.side = event::Side::Sell;
  const std::uint32_t user_ref = send(intent).user_ref;
  receive_one(accepted(user_ref, 100));
  Message message = blank<ouch::OrderModified>();
  ouch::OrderModifiedWriter{message.data()}.user_ref_num(user_ref).side('T').quantity(100);
  EXPECT_EQ(receive_one(message).side, event::Side::SellShort);
  EXPECT_EQ(entry.broken_invariants(), 0U);
  for (const char side : {'B', '?'}) {
    ouch::OrderModifiedWriter{message.data()}.side(side);
    EXPECT_EQ(receive_one(message).side, event::Side::SellShort);
  }
  EXPECT_EQ(entry.broken_invariants(), 2U);
  EXPECT_FALSE(gate.killed());
}

TEST_F(OrderRepliesTest, NewsAboutTheDayIsNoEvent) {
  for (Message message :
       {blank<ouch::SystemEvent>(), blank<ouch::MassCancelResponse>(),
        blank<ouch::DisableOrderEntryResponse>(), blank<ouch::EnableOrderEntryResponse>()}) {
    EXPECT_TRUE(receive(message).empty());
  }
  EXPECT_EQ(entry.counters().malformed, 0U);
}

TEST_F(OrderRepliesTest, ABareFormWithoutItsAppendageLengthIsTaken) {
  const std::uint32_t user_ref = send_new(100).user_ref;
  Message bare = accepted(user_ref, 100);
  bare.resize(ouch::OrderAccepted::kFixedSize);
  EXPECT_EQ(receive_one(bare).kind, OrderEventKind::Accepted);
  bare.resize(ouch::OrderAccepted::kFixedSize - 1);
  EXPECT_TRUE(receive(bare).empty());
  EXPECT_EQ(entry.counters().malformed, 1U);
}

TEST_F(OrderRepliesTest, UnknownElementsBehindAMessageAreSkipped) {
  Message message = accepted(send_new(100).user_ref, 100);
  message[63] = std::byte{4};
  for (const int byte : {3, 0xEE, 1, 2}) message.push_back(static_cast<std::byte>(byte));
  EXPECT_EQ(receive_one(message).kind, OrderEventKind::Accepted);
}

TEST_F(OrderRepliesTest, EveryMessageCutShortIsCountedAndChangesNothing) {
  const std::uint32_t user_ref = live(100);
  const Message whole = executed(user_ref, 1, 1);
  for (std::size_t length = 0; length < ouch::OrderExecuted::kFixedSize; ++length) {
    EXPECT_TRUE(receive(Message(whole.begin(), whole.begin() + static_cast<long>(length))).empty());
  }
  EXPECT_EQ(entry.counters().malformed, ouch::OrderExecuted::kFixedSize);
  EXPECT_EQ(gate.position(3), 0);
}

TEST_F(OrderRepliesTest, MessagesForUnknownNumbersAreCounted) {
  EXPECT_TRUE(receive(accepted(99, 1)).empty());
  EXPECT_TRUE(receive(executed(0, 1, 1)).empty());
  EXPECT_TRUE(receive(replaced(1, 99, 1)).empty());
  EXPECT_TRUE(receive(rejected(99, 1)).empty());
  EXPECT_EQ(entry.counters().unknown_orders, 4U);
  EXPECT_TRUE(receive(Message{std::byte{'?'}}).empty());
  EXPECT_EQ(entry.counters().malformed, 1U);
}

}  // namespace
}  // namespace ridley::order
