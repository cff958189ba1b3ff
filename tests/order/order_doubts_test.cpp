// SPDX-License-Identifier: Apache-2.0
// When an instrument is in doubt, and what leaves for it then: order/order_lifetime.cpp.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "order_fixture.hpp"

namespace ridley::order {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint16_t kOne = 3;
constexpr std::uint16_t kOther = 4;

class OrderDoubtsTest : public OrderTest {
 protected:
  void SetUp() override {
    log_in();
    look_after_ms(0);
  }

  void look_after_ms(std::uint64_t milliseconds) {
    elapsed_ns += milliseconds * kMillisecond;
    entry.look_for_answers(elapsed_ns);
  }

  Sent send_on(std::uint16_t locate, std::uint32_t quantity = 100) {
    event::OrderIntent intent = intent_of(event::IntentKind::New, quantity);
    intent.locate = locate;
    return send(intent);
  }

  void expect_in_doubt(std::uint16_t locate, Doubt doubt) {
    EXPECT_TRUE(has(entry.doubts_of(locate), doubt));
    const std::uint64_t open = gate.exposure().open_orders();
    const Sent sent = send_on(locate);
    EXPECT_FALSE(sent.ok);
    EXPECT_EQ(sent.event.kind, event::OrderEventKind::Lost);
    EXPECT_EQ(sent.event.reason, static_cast<std::uint16_t>(LocalReason::StateUnknown));
    EXPECT_EQ(gate.exposure().open_orders(), open) << "the reservation is given back";
  }
  void expect_trusted(std::uint16_t locate) {
    EXPECT_EQ(entry.doubts_of(locate), 0);
    const Sent sent = send_on(locate);
    EXPECT_TRUE(sent.ok);
    receive(rejected(sent.user_ref, 0x0007));
  }

  // Not at its beginning, and over the end of the clock's round.
  std::uint64_t elapsed_ns = 65'000 * kMillisecond;
};

TEST_F(OrderDoubtsTest, AnOrderWithoutAnAnswerStopsItsInstrumentOnly) {
  const std::uint32_t order = send_on(kOne).user_ref;
  look_after_ms(1'000);
  EXPECT_EQ(entry.doubts_of(kOne), 0);
  look_after_ms(1);
  expect_in_doubt(kOne, Doubt::Unanswered);
  expect_trusted(kOther);
  EXPECT_TRUE(send_cancel(order).ok) << "cancels always leave";
  receive(accepted(order, 100));
  expect_trusted(kOne);
  receive(canceled(order, 100));
  expect_nothing_reserved();
}

TEST_F(OrderDoubtsTest, AReplaceIsANewOrder) {
  const std::uint32_t resting = live(100);
  send_on(kOne);
  look_after_ms(1'001);
  const Sent sent = send_replace(resting, 150);
  EXPECT_FALSE(sent.ok);
  EXPECT_EQ(sent.event.reason, static_cast<std::uint16_t>(LocalReason::StateUnknown));
}

TEST_F(OrderDoubtsTest, EveryAnswerSettlesIt) {
  const std::uint32_t resting = live(1'000);
  const auto overdue = [&](std::uint32_t user_ref) {
    look_after_ms(1'001);
    EXPECT_TRUE(has(entry.doubts_of(kOne), Doubt::Unanswered));
    return user_ref;
  };
  receive(accepted(overdue(send_on(kOne).user_ref), 100));
  EXPECT_EQ(entry.doubts_of(kOne), 0) << "accepted";
  receive(rejected(overdue(send_on(kOne).user_ref), 0x0007));
  EXPECT_EQ(entry.doubts_of(kOne), 0) << "rejected";
  receive(executed(overdue(send_on(kOne).user_ref), 100, 1));
  EXPECT_EQ(entry.doubts_of(kOne), 0) << "executed ahead of its acknowledgement";
  const std::uint32_t replacement = overdue(send_replace(resting, 900).user_ref);
  receive(replaced(resting, replacement, 900));
  EXPECT_EQ(entry.doubts_of(kOne), 0) << "replaced";
  overdue(send_replace(replacement, 800).user_ref);
  receive(canceled(replacement, 900));
  EXPECT_EQ(entry.doubts_of(kOne), 0) << "lost with the order that it was to replace";
}

TEST_F(OrderDoubtsTest, AllOrdersOfTheInstrumentNeedTheirAnswer) {
  const std::uint32_t first = send_on(kOne).user_ref;
  const std::uint32_t second = send_on(kOne).user_ref;
  const std::uint32_t third = send_on(kOther).user_ref;
  look_after_ms(1'001);
  receive(accepted(first, 100));
  expect_in_doubt(kOne, Doubt::Unanswered);
  receive(accepted(third, 100));
  expect_trusted(kOther);
  expect_in_doubt(kOne, Doubt::Unanswered);
  receive(accepted(second, 100));
  expect_trusted(kOne);
}

TEST_F(OrderDoubtsTest, ManyOrdersAreLookedForInTurns) {
  const std::uint32_t quick = send_on(kOther).user_ref;
  receive(accepted(quick, 100));
  for (int i = 0; i < 400; ++i) {
    receive(rejected(send_on(kOther).user_ref, 0x0007));
    while (ring.pop(popped)) {
    }
  }
  send_on(kOne);
  look_after_ms(1'001);
  look_after_ms(1);
  EXPECT_TRUE(has(entry.doubts_of(kOne), Doubt::Unanswered));
}

TEST_F(OrderDoubtsTest, ALostConnectionStopsTheInstrumentsThatHadOpenOrders) {
  const std::uint32_t resting = send_on(kOne).user_ref;
  receive(accepted(resting, 100));
  receive(session_event(InboundKind::Disconnected));
  EXPECT_FALSE(entry.ready());
  receive(session_event(InboundKind::LoggedIn, 2));
  EXPECT_TRUE(entry.ready());
  EXPECT_FALSE(entry.reconciled());
  expect_in_doubt(kOne, Doubt::Connection);
  expect_trusted(kOther);
  EXPECT_TRUE(send_cancel(resting).ok);
  receive(query_response(2));
  EXPECT_TRUE(entry.reconciled());
  expect_trusted(kOne);
}

TEST_F(OrderDoubtsTest, AnOrderSentBeforeTheAnswerToTheQueryIsNotLostByIt) {
  receive(session_event(InboundKind::Disconnected));
  receive(session_event(InboundKind::LoggedIn, 2));
  const std::uint32_t order = send_on(kOther).user_ref;
  EXPECT_TRUE(receive(query_response(order)).empty()) << "asked before it was sent";
  EXPECT_TRUE(entry.reconciled());
  EXPECT_EQ(reserved(), 100U);
  receive(accepted(order, 100));
  receive(canceled(order, 100));
  expect_nothing_reserved();
}

TEST_F(OrderDoubtsTest, AnOrderThatArrivedWithoutAnAnswerKeepsItsInstrumentInDoubt) {
  const std::uint32_t order = send_on(kOne).user_ref;
  receive(session_event(InboundKind::Disconnected));
  receive(session_event(InboundKind::LoggedIn, 2));
  receive(query_response(order + 1));
  expect_in_doubt(kOne, Doubt::Unanswered);
  receive(accepted(order, 100));
  expect_trusted(kOne);
}

TEST_F(OrderDoubtsTest, TheDropCopyStopsTheInstrumentOfTheOrderOrAll) {
  const std::uint32_t order = live(100);
  receive(canceled(order, 100));
  EXPECT_EQ(entry.doubt(order), kOne) << "a dead one is still known";
  expect_in_doubt(kOne, Doubt::DropCopy);
  expect_trusted(kOther);
  entry.settle_doubt(kOne, Doubt::DropCopy);
  expect_trusted(kOne);
  EXPECT_EQ(entry.doubt(4'711), kEveryInstrument);
  expect_in_doubt(kOne, Doubt::DropCopy);
  expect_in_doubt(kOther, Doubt::DropCopy);
  entry.settle_doubt(kEveryInstrument, Doubt::DropCopy);
  expect_trusted(kOther);
}

TEST_F(OrderDoubtsTest, WhoHasLookedMayTrustAnInstrument) {
  const std::uint32_t order = send_on(kOne).user_ref;
  look_after_ms(1'001);
  entry.trust(kOne);
  expect_trusted(kOne);
  receive(accepted(order, 100));
  EXPECT_EQ(entry.broken_invariants(), 0U);
}

TEST(OrderEntryAnswers, TheTimeForAnAnswerHasBounds) {
  base::SpscRing<Outbound> ring{64};
  const auto make = [&](std::uint32_t answer_within_ms) {
    OrderEntry{{.answer_within_ms = answer_within_ms, .orders_max = 64, .executions_max = 64},
               ring};
  };
  EXPECT_THROW(make(0), base::Error);
  EXPECT_NO_THROW(make(kAnswerWithinMsMax));
  EXPECT_THROW(make(kAnswerWithinMsMax + 1), base::Error);
}

}  // namespace
}  // namespace ridley::order
