// SPDX-License-Identifier: Apache-2.0
// Acknowledgements that come behind what they acknowledge: order/order_replies.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "order_fixture.hpp"

namespace ridley::order {
namespace {

using event::OrderEventKind;

class LateAcknowledgementsTest : public OrderTest {
 protected:
  void SetUp() override { log_in(); }

  // The kinds of the events, and whose they are.
  using Said = std::vector<std::pair<OrderEventKind, std::uint32_t>>;
  Said said(const Message& message) {
    Said kinds;
    for (const event::OrderEvent& event : receive(message))
      kinds.emplace_back(event.kind, event.user_ref);
    return kinds;
  }

  void expect_agreement() const { EXPECT_EQ(entry.broken_invariants(), 0U); }
};

TEST_F(LateAcknowledgementsTest, AnExecutionAcknowledgesItsOrder) {
  const std::uint32_t order = send_new(100).user_ref;
  EXPECT_EQ(said(executed(order, 40, 1)),
            (Said{{OrderEventKind::Accepted, order}, {OrderEventKind::Executed, order}}));
  EXPECT_EQ(reserved(), 60U);
  EXPECT_TRUE(said(accepted(order, 100)).empty()) << "known by then";
  EXPECT_EQ(receive_one(canceled(order, 60)).order_reference, 500U + order);
  EXPECT_EQ(entry.counters().acknowledged, 1U);
  EXPECT_EQ(entry.counters().late, 1U);
  expect_nothing_reserved();
  expect_agreement();
}

TEST_F(LateAcknowledgementsTest, AnOrderMayBeAcceptedBehindItsEnd) {
  const std::uint32_t filled = send_new(100).user_ref;
  receive(executed(filled, 100, 1));
  const std::uint32_t canceled_one = send_new(100).user_ref;
  receive(canceled(canceled_one, 100));
  expect_nothing_reserved();
  EXPECT_TRUE(said(accepted(filled, 100)).empty());
  EXPECT_TRUE(said(accepted(canceled_one, 100)).empty());
  EXPECT_EQ(gate.position(3), 100);
  expect_nothing_reserved();
  expect_agreement();
}

TEST_F(LateAcknowledgementsTest, AnOrderAcceptedLateForLessGivesTheRestBack) {
  const std::uint32_t order = send_new(100).user_ref;
  receive(executed(order, 40, 1));
  const auto event = receive_one(accepted(order, 60));
  EXPECT_EQ(event.kind, OrderEventKind::Modified);
  EXPECT_EQ(event.quantity, 20U);
  EXPECT_EQ(event.released_quantity, 40U);
  EXPECT_EQ(reserved(), 20U);
  const std::uint32_t other = send_new(100).user_ref;
  receive(executed(other, 60, 2));
  EXPECT_EQ(receive_one(accepted(other, 60)).terminal, 1);
  EXPECT_EQ(reserved(), 20U);
  expect_agreement();
}

TEST_F(LateAcknowledgementsTest, WhatTradedCannotHaveBeenAcceptedForLessOrDead) {
  const std::uint32_t order = send_new(100).user_ref;
  receive(executed(order, 40, 1));
  receive(accepted(order, 39));
  EXPECT_EQ(entry.broken_invariants(), 1U);
  const std::uint32_t other = send_new(100).user_ref;
  receive(executed(other, 40, 2));
  receive(accepted(other, 100, 'D'));
  EXPECT_EQ(entry.broken_invariants(), 2U);
}

TEST_F(LateAcknowledgementsTest, AnOrderIsAcknowledgedOnce) {
  const std::uint32_t order = send_new(100).user_ref;
  receive(executed(order, 40, 1));
  receive(accepted(order, 100));
  expect_agreement();
  receive(accepted(order, 100));
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

TEST_F(LateAcknowledgementsTest, WhatIsPresumedCannotBeRejected) {
  const std::uint32_t order = send_new(100).user_ref;
  receive(executed(order, 40, 1));
  receive(rejected(order, 0x0007));
  EXPECT_EQ(entry.broken_invariants(), 1U);
}

TEST_F(LateAcknowledgementsTest, AReplacementThatFillsEndsItsOriginal) {
  const std::uint32_t original = live(100);
  const std::uint32_t replacement = send_replace(original, 150).user_ref;
  EXPECT_EQ(said(executed(replacement, 150, 1)), (Said{{OrderEventKind::Replaced, replacement},
                                                       {OrderEventKind::Executed, replacement}}));
  expect_nothing_reserved();
  EXPECT_TRUE(said(replaced(original, replacement, 150)).empty());
  EXPECT_EQ(gate.position(3), 150);
  expect_nothing_reserved();
  expect_agreement();
}

TEST_F(LateAcknowledgementsTest, AReplacementThatIsCanceledEndsItsOriginal) {
  const std::uint32_t original = live(100);
  const std::uint32_t replacement = send_replace(original, 150).user_ref;
  receive(canceled(replacement, 150));
  expect_nothing_reserved();
  EXPECT_TRUE(said(replaced(original, replacement, 150)).empty());
  expect_nothing_reserved();
  expect_agreement();
}

TEST_F(LateAcknowledgementsTest, WhatTheOriginalTradedCountsForTheReplacement) {
  const std::uint32_t original = live(100);
  const std::uint32_t replacement = send_replace(original, 150).user_ref;
  receive(executed(original, 30, 1));
  const auto events = receive(executed(replacement, 20, 2));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].original_user_ref, original);
  EXPECT_EQ(events[0].released_quantity, 70U);
  EXPECT_EQ(events[0].open_quantity, 120U);
  EXPECT_EQ(events[1].executed_quantity, 50U);
  EXPECT_EQ(reserved(), 100U);
  receive(replaced(original, replacement, 120));
  EXPECT_EQ(receive_one(executed(replacement, 100, 3)).terminal, 1);
  EXPECT_EQ(gate.position(3), 150);
  expect_nothing_reserved();
  expect_agreement();
}

TEST_F(LateAcknowledgementsTest, AReplacementOfAnOrderWithoutAnAnswerAcknowledgesBoth) {
  const std::uint32_t original = send_new(100).user_ref;
  const std::uint32_t replacement = send_replace(original, 150).user_ref;
  EXPECT_EQ(said(replaced(original, replacement, 150)),
            (Said{{OrderEventKind::Accepted, original}, {OrderEventKind::Replaced, replacement}}));
  EXPECT_EQ(reserved(), 150U);
  EXPECT_TRUE(said(accepted(original, 100)).empty());
  receive(canceled(replacement, 150));
  expect_nothing_reserved();
  expect_agreement();
}

// An order and two replaces, and then one execution that fills the last of them: its three
// acknowledgements come before it or behind it, and among each other in any order.
TEST_F(LateAcknowledgementsTest, AChainIsAcknowledgedInAnyOrder) {
  std::array<int, 4> order{0, 1, 2, 3};
  std::int64_t position = 0;
  std::uint64_t match = 0;
  do {
    const std::uint32_t first = send_new(100).user_ref;
    const std::uint32_t second = send_replace(first, 110).user_ref;
    const std::uint32_t third = send_replace(second, 120).user_ref;
    const std::array<Message, 4> messages{accepted(first, 100), replaced(first, second, 110),
                                          replaced(second, third, 120),
                                          executed(third, 120, ++match)};
    while (ring.pop(popped)) {
    }
    Said ends;
    for (const int i : order) {
      for (const event::OrderEvent& event : receive(messages[static_cast<std::size_t>(i)])) {
        if (event.kind == OrderEventKind::Replaced)
          ends.emplace_back(event.kind, event.original_user_ref);
        if (event.terminal != 0) ends.emplace_back(event.kind, event.user_ref);
      }
    }
    EXPECT_EQ(ends, (Said{{OrderEventKind::Replaced, first},
                          {OrderEventKind::Replaced, second},
                          {OrderEventKind::Executed, third}}));
    EXPECT_EQ(gate.position(3), position += 120);
    expect_nothing_reserved();
    expect_agreement();
  } while (std::ranges::next_permutation(order).found);
}

TEST_F(LateAcknowledgementsTest, AReplacementThatIsRejectedForItsQuantityEndsAnOriginalUnheardOf) {
  const std::uint32_t original = send_new(100).user_ref;
  const std::uint32_t replacement = send_replace(original, 150).user_ref;
  EXPECT_EQ(said(rejected(replacement, 0x0013)), (Said{{OrderEventKind::Rejected, replacement},
                                                       {OrderEventKind::Accepted, original},
                                                       {OrderEventKind::Canceled, original}}));
  EXPECT_TRUE(said(accepted(original, 100)).empty());
  expect_nothing_reserved();
  expect_agreement();
}

TEST_F(LateAcknowledgementsTest, AnOrderThatHasArrivedIsNotLost) {
  const std::uint32_t arrived = send_new(100).user_ref;
  const std::uint32_t replacement = send_replace(arrived, 150).user_ref;
  const std::uint32_t lost = send_new(200).user_ref;
  receive(session_event(InboundKind::Disconnected));
  receive(session_event(InboundKind::LoggedIn, 2));
  const auto events = receive(query_response(lost));
  ASSERT_EQ(events.size(), 1U) << "the exchange has seen all numbers below " << lost;
  EXPECT_EQ(events[0].user_ref, lost);
  EXPECT_EQ(reserved(), 250U);
  EXPECT_TRUE(entry.ready());
  EXPECT_FALSE(send_replace(arrived, 160).ok) << "a replace of it is in flight still";
  receive(accepted(arrived, 100));
  receive(replaced(arrived, replacement, 150));
  receive(executed(replacement, 150, 1));
  expect_nothing_reserved();
  expect_agreement();
}

}  // namespace
}  // namespace ridley::order
