// SPDX-License-Identifier: Apache-2.0
#include "risk/approved_order.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <type_traits>
#include <utility>

#include "gate_fixture.hpp"

namespace ridley::risk {
namespace {

// What a strategy, an order room or a test could try in order to get around the gate.
static_assert(!std::is_default_constructible_v<ApprovedOrder>);
static_assert(!std::is_constructible_v<ApprovedOrder, event::OrderIntent>);
static_assert(!std::is_constructible_v<ApprovedOrder, const event::OrderIntent&>);
static_assert(!std::is_convertible_v<event::OrderIntent, ApprovedOrder>);
static_assert(!std::is_aggregate_v<ApprovedOrder>);

template <typename Order>
concept CanBeMade = requires(const event::OrderIntent& intent) { Order{intent}; };
template <typename Order>
concept CanBeChanged = requires(Order& order) { order.intent() = event::OrderIntent{}; };
template <typename Order>
concept FieldsAreOpen = requires(Order& order) { order.intent_; };

static_assert(!CanBeMade<ApprovedOrder>);
static_assert(!CanBeChanged<ApprovedOrder>);
static_assert(!FieldsAreOpen<ApprovedOrder>);
static_assert(CanBeMade<std::optional<event::OrderIntent>>, "the concept itself can be true");

class ApprovedOrderTest : public GateTest {};

TEST_F(ApprovedOrderTest, CarriesTheIntentThatWasChecked) {
  const Verdict verdict = gate.check(buy(300, 1'000'100), market, now_ns);
  ASSERT_TRUE(verdict.order);
  EXPECT_EQ(verdict.order->intent().quantity, 300U);
  EXPECT_EQ(verdict.order->intent().price_e4, 1'000'100U);
  EXPECT_EQ(verdict.order->intent().client_tag, 42U);
}

}  // namespace
}  // namespace ridley::risk
