// SPDX-License-Identifier: Apache-2.0
#include "risk/limit_fields.hpp"

#include <gtest/gtest.h>

#include "gate_fixture.hpp"

namespace ridley::risk {
namespace {

TEST(LimitFields, NothingOfItsOwnIsAllAsTheFirm) {
  EXPECT_EQ(own_fields(kAllAsFirm), 0);
  const OrderLimits firm = wide_limits().order;
  const OrderLimits in_force = limits_in_force(kAllAsFirm, 0, firm);
  EXPECT_EQ(in_force.quantity_max, firm.quantity_max);
  EXPECT_EQ(in_force.short_sales, firm.short_sales);
}

TEST(LimitFields, EveryFieldHasABitOfItsOwn) {
  LimitFields seen = 0;
  int fields = 0;
  for_each_limit(kAllAsFirm, kAllAsFirm, [&](LimitFields bit, const auto&, const auto&) {
    EXPECT_EQ(seen & bit, 0);
    seen = static_cast<LimitFields>(seen | bit);
    ++fields;
  });
  EXPECT_EQ(fields, 12);
}

TEST(LimitFields, AnInstrumentKeepsItsOwnWhenTheFirmsChange) {
  RiskGate gate{wide_limits(), 16};
  gate.apply(command(event::CommandKind::Arm));
  OrderLimits own = kAllAsFirm;
  own.quantity_max = 300;
  ASSERT_TRUE(gate.set_instrument(3, own));
  auto change = command(event::CommandKind::SetLimit);
  change.control = static_cast<std::uint32_t>(Control::MaximumQuantity);
  change.value = 200;
  ASSERT_TRUE(gate.apply(change));
  event::OrderIntent other = buy(300);
  other.locate = 4;
  EXPECT_TRUE(gate.check(buy(300), open_market(), 1).order.has_value());
  EXPECT_EQ(gate.check(buy(301), open_market(), 1).reject.control, 11);
  EXPECT_EQ(gate.check(other, open_market(), 1).reject.control, 11);
}

TEST(LimitFields, ATickOfItsOwnIsInForceAtOnce) {
  RiskGate gate{wide_limits(), 16};
  gate.apply(command(event::CommandKind::Arm));
  auto change = command(event::CommandKind::SetLimit);
  change.scope = static_cast<std::uint8_t>(Scope::Symbol);
  change.locate = 3;
  change.control = static_cast<std::uint32_t>(Control::TickAndLot);
  change.value = 300;
  ASSERT_TRUE(gate.apply(change));
  EXPECT_EQ(gate.check(buy(100, 1'000'000), open_market(), 1).reject.control, 8);
  EXPECT_TRUE(gate.check(buy(100, 999'900), open_market(), 1).order.has_value());
}

}  // namespace
}  // namespace ridley::risk
