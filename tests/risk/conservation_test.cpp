// SPDX-License-Identifier: Apache-2.0
// Reservations against a model that keeps every order in a list and adds it all up each time.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "gate_fixture.hpp"

namespace ridley::risk {
namespace {

using event::OrderEventKind;

constexpr int kStepsMax = 400;

struct ModelOrder {
  event::OrderIntent intent;
  std::uint32_t open;
};

struct Model {
  std::vector<ModelOrder> orders;
  std::int64_t position[4] = {};
  std::uint64_t executed_e4 = 0;
  std::int64_t cash_e4 = 0;

  std::uint64_t open(std::uint16_t locate, bool buys) const {
    std::uint64_t sum = 0;
    for (const ModelOrder& order : orders) {
      if (order.intent.locate == locate && (order.intent.side == event::Side::Buy) == buys) {
        sum += order.open;
      }
    }
    return sum;
  }

  std::uint64_t open_e4() const {
    std::uint64_t sum = 0;
    for (const ModelOrder& order : orders) {
      sum += static_cast<std::uint64_t>(order.open) * order.intent.price_e4;
    }
    return sum;
  }
};

Limits tight_limits() {
  Limits limits = wide_limits();
  limits.order.long_max = 2'000;
  limits.order.short_max = 1'500;
  limits.open_orders_max = 12;
  limits.gross_max_e4 = 6'000'000'000;
  limits.burst_messages_max = 1'000'000;
  return limits;
}

// What the limits say, computed from the list.
bool model_allows(const Model& model, const Limits& limits, const event::OrderIntent& intent) {
  const bool buys = intent.side == event::Side::Buy;
  const std::int64_t held = buys ? model.position[intent.locate] : -model.position[intent.locate];
  const std::int64_t worst =
      held + static_cast<std::int64_t>(model.open(intent.locate, buys)) + intent.quantity;
  const std::uint64_t limit = buys ? limits.order.long_max : limits.order.short_max;
  if (worst > static_cast<std::int64_t>(limit)) return false;
  const std::uint64_t notional = static_cast<std::uint64_t>(intent.quantity) * intent.price_e4;
  if (model.executed_e4 + model.open_e4() + notional > limits.gross_max_e4) return false;
  return model.orders.size() + 1 <= limits.open_orders_max;
}

// One execution or cancel of a random part of a random order, told to both.
void end_some(RiskGate& gate, Model& model, std::uint32_t random) {
  const std::size_t index = random % model.orders.size();
  ModelOrder& order = model.orders[index];
  const std::uint32_t quantity = (random >> 8) % order.open + 1;
  const bool executes = (random & 128U) != 0;
  order.open -= quantity;
  event::OrderEvent event =
      event_of(executes ? OrderEventKind::Executed : OrderEventKind::Canceled, order.intent);
  event.quantity = quantity;
  event.open_quantity = order.open;
  event.released_quantity = quantity;
  event.released_price_e4 = order.intent.price_e4;
  event.terminal = order.open == 0;
  if (executes) {
    const auto signed_quantity =
        static_cast<std::int64_t>(quantity) * (order.intent.side == event::Side::Buy ? 1 : -1);
    model.position[order.intent.locate] += signed_quantity;
    model.executed_e4 += static_cast<std::uint64_t>(quantity) * event.price_e4;
    model.cash_e4 -= signed_quantity * static_cast<std::int64_t>(event.price_e4);
  }
  gate.apply(event);
  if (order.open == 0) model.orders.erase(model.orders.begin() + static_cast<long>(index));
}

void expect_equal(const RiskGate& gate, const Model& model) {
  RC_ASSERT(gate.exposure().open_orders() == model.orders.size());
  RC_ASSERT(gate.exposure().open_notional_e4() == model.open_e4());
  RC_ASSERT(gate.exposure().executed_notional_e4() == model.executed_e4);
  RC_ASSERT(gate.exposure().cash_e4() == model.cash_e4);
  for (std::uint16_t locate = 0; locate < 4; ++locate) {
    RC_ASSERT(gate.position(locate) == model.position[locate]);
    RC_ASSERT(gate.exposure(locate).open_buys() == model.open(locate, true));
    RC_ASSERT(gate.exposure(locate).open_sells() == model.open(locate, false));
  }
  RC_ASSERT(gate.broken_invariants() == 0U);
}

TEST(Conservation, TheGateAgreesWithAListOfOrdersWhateverHappens) {
  const bool holds = rc::check("the gate agrees with a list of orders", [] {
    const Limits limits = tight_limits();
    RiskGate gate{limits, 4};
    Model model;
    gate.apply(command(event::CommandKind::Arm));
    // Full-range numbers from the first case on: RapidCheck's own start small.
    const auto steps =
        *rc::gen::resize(kStepsMax, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::resize(
                                        rc::kNominalSize, rc::gen::arbitrary<std::uint32_t>())));
    for (const std::uint32_t random : steps) {
      if (random % 3 != 0 && !model.orders.empty()) {
        end_some(gate, model, random / 3);
      } else {
        event::OrderIntent intent = (random & 64U) != 0 ? buy() : sell();
        intent.locate = (random >> 7) & 3U;
        intent.quantity = (random >> 9) % 700 + 1;
        intent.price_e4 = 960'000 + (random >> 20) % 80 * 1'000;
        const bool allowed = model_allows(model, limits, intent);
        const bool approved = gate.check(intent, open_market(), 1).order.has_value();
        RC_ASSERT(approved == allowed);
        if (approved) model.orders.push_back({intent, intent.quantity});
      }
      expect_equal(gate, model);
    }
    while (!model.orders.empty()) end_some(gate, model, 0xFFFF'FF7FU);
    RC_ASSERT(gate.exposure().open_notional_e4() == 0U);
    RC_ASSERT(gate.exposure().open_orders() == 0U);
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace ridley::risk
