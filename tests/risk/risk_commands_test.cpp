// SPDX-License-Identifier: Apache-2.0
// The commands of risk/risk_commands.cpp and the limits of risk/limits.hpp.
#include <gtest/gtest.h>

#include "gate_fixture.hpp"

namespace ridley::risk {
namespace {

using event::CommandKind;

event::Command limit(Control control, std::int64_t value, Scope scope = Scope::Firm,
                     std::uint16_t locate = 0) {
  event::Command order = command(CommandKind::SetLimit);
  order.control = static_cast<std::uint32_t>(control);
  order.value = value;
  order.scope = static_cast<std::uint8_t>(scope);
  order.locate = locate;
  order.limit_version = 8;
  return order;
}

event::Command latch(CommandKind kind, Scope scope, std::uint16_t locate, std::int64_t strategy) {
  event::Command order = command(kind);
  order.scope = static_cast<std::uint8_t>(scope);
  order.locate = locate;
  order.value = strategy;
  return order;
}

class RiskCommandsTest : public GateTest {};

TEST_F(RiskCommandsTest, DisarmingRejectsAsControlOne) {
  EXPECT_TRUE(gate.apply(command(CommandKind::Disarm)));
  EXPECT_EQ(control_of(buy()), 1);
  EXPECT_EQ(last.observed, kDisarmed);
  EXPECT_TRUE(gate.apply(command(CommandKind::Arm)));
  EXPECT_EQ(control_of(buy()), 0);
}

TEST_F(RiskCommandsTest, AKilledFirmStaysKilledWhenItIsArmed) {
  EXPECT_TRUE(gate.apply(command(CommandKind::Kill)));
  gate.apply(command(CommandKind::Arm));
  EXPECT_EQ(control_of(buy()), 1);
  EXPECT_EQ(last.observed, kKilledFirm);
  EXPECT_TRUE(gate.apply(command(CommandKind::Rearm)));
  EXPECT_EQ(control_of(buy()), 0);
}

TEST_F(RiskCommandsTest, AKilledSymbolStopsOnlyItself) {
  EXPECT_TRUE(gate.apply(latch(CommandKind::Kill, Scope::Symbol, 3, 0)));
  event::OrderIntent other = buy();
  other.locate = 4;
  EXPECT_EQ(control_of(buy()), 1);
  EXPECT_EQ(last.observed, kKilledSymbol);
  EXPECT_EQ(control_of(other), 0);
  EXPECT_TRUE(gate.apply(latch(CommandKind::Rearm, Scope::Symbol, 3, 0)));
  EXPECT_EQ(control_of(buy()), 0);
  EXPECT_FALSE(gate.apply(latch(CommandKind::Kill, Scope::Symbol, 16, 0)));
}

TEST_F(RiskCommandsTest, AKilledStrategyStopsOnlyItself) {
  EXPECT_TRUE(gate.apply(latch(CommandKind::Kill, Scope::Strategy, 0, 63)));
  event::OrderIntent intent = buy();
  EXPECT_EQ(control_of(intent), 0);
  intent.strategy_id = 63;
  EXPECT_EQ(control_of(intent), 1);
  EXPECT_EQ(last.observed, kKilledStrategy);
  EXPECT_TRUE(gate.apply(latch(CommandKind::Rearm, Scope::Strategy, 0, 63)));
  EXPECT_EQ(control_of(intent), 0);
  EXPECT_FALSE(gate.apply(latch(CommandKind::Kill, Scope::Strategy, 0, 64)));
  EXPECT_FALSE(gate.apply(latch(CommandKind::Kill, Scope::Strategy, 0, -1)));
}

TEST_F(RiskCommandsTest, AStrategyWithANumberTooHighIsStopped) {
  event::OrderIntent intent = buy();
  intent.strategy_id = kStrategiesMax;
  EXPECT_EQ(control_of(intent), 1);
}

TEST_F(RiskCommandsTest, AnUnknownScopeChangesNothing) {
  EXPECT_FALSE(gate.apply(latch(CommandKind::Kill, static_cast<Scope>(3), 3, 0)));
  EXPECT_EQ(control_of(buy()), 0);
}

TEST_F(RiskCommandsTest, TheRestrictedListCanBeChanged) {
  event::Command order = command(CommandKind::RestrictSymbol);
  order.locate = 3;
  EXPECT_TRUE(gate.apply(order));
  EXPECT_EQ(control_of(buy()), 5);
  order.kind = CommandKind::UnrestrictSymbol;
  EXPECT_TRUE(gate.apply(order));
  EXPECT_EQ(control_of(buy()), 0);
  order.locate = 16;
  EXPECT_FALSE(gate.apply(order));
}

TEST_F(RiskCommandsTest, ALimitChangesWithItsVersion) {
  EXPECT_TRUE(gate.apply(limit(Control::MaximumQuantity, 99)));
  EXPECT_EQ(control_of(buy(100)), 11);
  EXPECT_EQ(last.limit, 99);
  EXPECT_EQ(last.limit_version, 8U);
}

TEST_F(RiskCommandsTest, AnInstrumentsOwnLimitStandsBeforeTheFirms) {
  EXPECT_TRUE(gate.apply(limit(Control::MaximumQuantity, 99)));
  EXPECT_TRUE(gate.apply(limit(Control::MaximumQuantity, 150, Scope::Symbol, 3)));
  EXPECT_EQ(control_of(buy(150)), 0);
  EXPECT_EQ(control_of(buy(151)), 11);
}

TEST_F(RiskCommandsTest, EveryImplementedLimitCanBeSetToNothing) {
  const std::pair<Control, int> limits[] = {
      {Control::OpenOrders, 18},  {Control::GrossNotional, 17},   {Control::PositionLimit, 16},
      {Control::MessageRate, 14}, {Control::MaximumNotional, 12}, {Control::MaximumQuantity, 11},
      {Control::StaleMarket, 2},
  };
  for (const auto& [control, number] : limits) {
    EXPECT_TRUE(gate.apply(limit(control, 0)));
    EXPECT_EQ(control_of(buy()), number) << "each is lower than those before it";
  }
}

TEST_F(RiskCommandsTest, TheCollarAndTheTickCanBeSet) {
  EXPECT_TRUE(gate.apply(limit(Control::PriceCollar, 0)));
  EXPECT_EQ(control_of(buy(100, 1'000'000)), 0);
  EXPECT_EQ(control_of(buy(100, 1'000'100)), 9);
  EXPECT_TRUE(gate.apply(limit(Control::TickAndLot, 500, Scope::Symbol, 3)));
  EXPECT_EQ(control_of(buy(100, 1'000'100)), 8);
  EXPECT_FALSE(gate.apply(limit(Control::TickAndLot, 0, Scope::Symbol, 3)));
}

TEST_F(RiskCommandsTest, TheMessageRateIsASecondsWorth) {
  EXPECT_TRUE(gate.apply(limit(Control::MessageRate, 10)));
  event::OrderIntent cancel = buy();
  cancel.kind = event::IntentKind::Cancel;
  for (int i = 0; i < 1'000; ++i) ASSERT_EQ(control_of(cancel), 0);
  now_ns += 99'999'999;
  EXPECT_EQ(control_of(buy(1)), 14);
  now_ns += 1;
  EXPECT_EQ(control_of(buy(1)), 0);
}

TEST_F(RiskCommandsTest, ALimitThatMakesNoSenseChangesNothing) {
  EXPECT_FALSE(gate.apply(limit(Control::MaximumQuantity, -1)));
  EXPECT_FALSE(gate.apply(limit(Control::MaximumQuantity, 0xFFFF'FFFF)));
  EXPECT_FALSE(gate.apply(limit(Control::MaximumQuantity, 1, Scope::Symbol, 16)));
  EXPECT_FALSE(gate.apply(limit(Control::MaximumQuantity, 1, Scope::Strategy, 3)));
  EXPECT_FALSE(gate.apply(limit(Control::KillSwitch, 1)));
  EXPECT_FALSE(gate.apply(limit(static_cast<Control>(200), 1)));
  EXPECT_EQ(control_of(buy()), 0);
  EXPECT_EQ(gate.limits().version, 7U);
}

TEST_F(RiskCommandsTest, WhatIsNotForTheGateIsLeftToOthers) {
  EXPECT_FALSE(gate.apply(command(CommandKind::CancelAll)));
  EXPECT_FALSE(gate.apply(command(CommandKind::Stop)));
  EXPECT_FALSE(gate.apply(command(CommandKind::None)));
  EXPECT_EQ(control_of(buy()), 0);
}

}  // namespace
}  // namespace ridley::risk
