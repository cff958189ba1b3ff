// SPDX-License-Identifier: Apache-2.0
// The gate as risk/risk_gate_setup.cpp makes it and with what risk/market.hpp tells it.
#include "risk/risk_gate.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.hpp"
#include "gate_fixture.hpp"

namespace ridley::risk {
namespace {

using event::OrderEventKind;
constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();

class RiskGateTest : public GateTest {};

TEST_F(RiskGateTest, LetsAGoodOrderThrough) {
  EXPECT_EQ(control_of(buy()), 0);
  EXPECT_EQ(control_of(sell()), 0);
  EXPECT_EQ(gate.approved(), 2U);
}

TEST_F(RiskGateTest, StartsDisarmedAndWithoutLimits) {
  RiskGate fresh{Limits{}, 4};
  const Verdict verdict = fresh.check(buy(), market, now_ns);
  EXPECT_FALSE(verdict.order);
  EXPECT_EQ(verdict.reject.control, 1);
  EXPECT_EQ(verdict.reject.observed, kDisarmed);
}

TEST_F(RiskGateTest, RefusesMoreInstrumentsThanThereAreLocates) {
  EXPECT_THROW((RiskGate{Limits{}, kInstrumentsMax + 1}), base::Error);
  EXPECT_THROW((RiskGate{Limits{}, 0}), base::Error);
  EXPECT_TRUE(gate.set_instrument(15, kAllAsFirm));
  EXPECT_FALSE(gate.set_instrument(16, kAllAsFirm)) << "the feed may name any";
}

TEST_F(RiskGateTest, RecordsEverythingAboutAReject) {
  event::OrderIntent intent = buy(777, 1'000'050);
  EXPECT_EQ(control_of(intent), 8);
  EXPECT_EQ(last.side, event::Side::Buy);
  EXPECT_EQ(last.locate, 3);
  EXPECT_EQ(last.quantity, 777U);
  EXPECT_EQ(last.price_e4, 1'000'050U);
  EXPECT_EQ(last.limit_version, 7U);
  EXPECT_EQ(last.limit, 100);
  EXPECT_EQ(last.observed, 1'000'050);
  EXPECT_EQ(last.ns, now_ns);
  EXPECT_EQ(last.client_tag, 42U);
  EXPECT_EQ(last.strategy_id, 1U);
  EXPECT_EQ(last.engine, 1);
  EXPECT_EQ(gate.rejects()[8], 1U);
}

TEST_F(RiskGateTest, Control2HoldsAtTheAgeLimitAndNotOneNanosecondLater) {
  market.age_ns = 1'000;
  EXPECT_EQ(control_of(buy()), 0);
  market.age_ns = 1'001;
  EXPECT_EQ(control_of(buy()), 2);
  EXPECT_EQ(last.observed, 1'001);
}

TEST_F(RiskGateTest, Control2RejectsAStaleBookAndAMissingReference) {
  market.stale = true;
  EXPECT_EQ(control_of(buy()), 2);
  market = open_market();
  market.ask_price_e4 = 0;
  EXPECT_EQ(control_of(buy()), 2);
  EXPECT_EQ(control_of(sell()), 0);
  EXPECT_FALSE(gate.check(buy(), Market{}, now_ns).order) << "an unfilled market";
}

TEST_F(RiskGateTest, Control5RejectsAnInstrumentThatIsUnknown) {
  event::OrderIntent intent = buy();
  intent.locate = 15;
  EXPECT_EQ(control_of(intent), 0);
  intent.locate = 16;
  EXPECT_EQ(control_of(intent), 5);
  intent.locate = 0xFFFF;
  EXPECT_EQ(control_of(intent), 5);
}

TEST_F(RiskGateTest, Control6RejectsWhatIsHaltedOrOutsideItsBands) {
  market.lower_band_e4 = 990'000;
  market.upper_band_e4 = 1'010'000;
  EXPECT_EQ(control_of(buy(100, 990'000)), 0);
  EXPECT_EQ(control_of(buy(100, 989'900)), 6);
  EXPECT_EQ(control_of(buy(100, 1'010'000)), 0);
  EXPECT_EQ(control_of(buy(100, 1'010'100)), 6);
  market.halted = true;
  EXPECT_EQ(control_of(buy(100, 1'000'000)), 6);
}

TEST_F(RiskGateTest, Control7HoldsAShortSaleAboveTheBidWhileThePriceTestIsOn) {
  event::OrderIntent intent = sell(100, 999'900);
  intent.side = event::Side::SellShort;
  EXPECT_EQ(control_of(intent), 0);
  market.short_sale_restricted = true;
  EXPECT_EQ(control_of(intent), 7);
  intent.price_e4 = 1'000'000;
  EXPECT_EQ(control_of(intent), 0);
  intent.price_e4 = 999'900;
  intent.side = event::Side::SellShortExempt;
  EXPECT_EQ(control_of(intent), 0);
}

TEST_F(RiskGateTest, Control7NeedsPermissionForAnyShortSale) {
  OrderLimits own = kAllAsFirm;
  own.short_sales = Permit::No;
  gate.set_instrument(3, own);
  event::OrderIntent intent = sell();
  for (const auto side : {event::Side::SellShort, event::Side::SellShortExempt}) {
    intent.side = side;
    EXPECT_EQ(control_of(intent), 7);
  }
}

TEST_F(RiskGateTest, Control8WantsWholeTicksAndSmallOnesBelowADollar) {
  EXPECT_EQ(control_of(buy(100, 1'000'001)), 8);
  market.ask_price_e4 = 10'000;
  EXPECT_EQ(control_of(buy(100, 9'999)), 0);
  EXPECT_EQ(control_of(buy(100, 10'001)), 8);
  EXPECT_EQ(control_of(buy(100, 0)), 8);
}

TEST_F(RiskGateTest, Control8WantsAQuantityBelowAMillion) {
  EXPECT_EQ(control_of(buy(0)), 8);
  EXPECT_EQ(control_of(buy(1)), 0);
  EXPECT_EQ(control_of(buy(999'999)), 0);
  EXPECT_EQ(control_of(buy(1'000'000)), 8);
  EXPECT_EQ(control_of(buy(kMost)), 8);
}

TEST_F(RiskGateTest, Control8WantsRoundLotsWhereOnlyThoseTrade) {
  OrderLimits own = kAllAsFirm;
  own.round_lots_only = Permit::Yes;
  gate.set_instrument(3, own);
  EXPECT_EQ(control_of(buy(200)), 0);
  EXPECT_EQ(control_of(buy(201)), 8);
  own.round_lot = 0;
  gate.set_instrument(3, own);
  EXPECT_EQ(control_of(buy(200)), 8) << "a lot of nothing";
}

TEST_F(RiskGateTest, Control8RejectsFieldsWithoutAMeaning) {
  event::OrderIntent intent = buy();
  intent.kind = event::IntentKind::None;
  EXPECT_EQ(control_of(intent), 8);
  intent = buy();
  intent.display = '?';
  EXPECT_EQ(control_of(intent), 8);
  intent = buy();
  intent.time_in_force = event::TimeInForce::GoodTillTime;
  EXPECT_EQ(control_of(intent), 8);
  intent = buy();
  intent.side = static_cast<event::Side>('x');
  EXPECT_NE(control_of(intent), 0);
}

TEST_F(RiskGateTest, Control9HoldsAtTheCollarAndNotOneTickBeyond) {
  EXPECT_EQ(control_of(buy(100, 1'050'000)), 0);
  EXPECT_EQ(control_of(buy(100, 1'050'100)), 9);
  EXPECT_EQ(last.limit, 500);
  EXPECT_EQ(last.observed, 501);
  EXPECT_EQ(control_of(buy(100, 950'000)), 0);
  EXPECT_EQ(control_of(buy(100, 949'900)), 9);
}

TEST_F(RiskGateTest, Control11HoldsAtTheQuantityAndNotOneShareMore) {
  OrderLimits own = kAllAsFirm;
  own.quantity_max = 500;
  gate.set_instrument(3, own);
  EXPECT_EQ(control_of(buy(500)), 0);
  EXPECT_EQ(control_of(buy(501)), 11);
}

TEST_F(RiskGateTest, Control12HoldsAtTheNotionalAndNotOneUnitMore) {
  OrderLimits own = kAllAsFirm;
  own.notional_max_e4 = 100'000'000;
  gate.set_instrument(3, own);
  EXPECT_EQ(control_of(buy(100)), 0);
  EXPECT_EQ(control_of(buy(101)), 12);
  own.notional_max_e4 = 99'999'999;
  gate.set_instrument(3, own);
  EXPECT_EQ(control_of(buy(100)), 12);
  EXPECT_EQ(last.observed, 100'000'000);
}

TEST_F(RiskGateTest, Control14HoldsForABurstAndNotOneMessageMore) {
  for (int i = 0; i < 1'000; ++i) ASSERT_EQ(control_of(buy(1)), 0) << i;
  EXPECT_EQ(control_of(buy(1)), 14);
  EXPECT_EQ(last.limit, 1'000);
  EXPECT_EQ(last.observed, 1'001);
}

TEST_F(RiskGateTest, Control14CountsCancelsAndLetsThemPass) {
  event::OrderIntent cancel = buy();
  cancel.kind = event::IntentKind::Cancel;
  for (int i = 0; i < 1'001; ++i) ASSERT_EQ(control_of(cancel), 0) << i;
  EXPECT_EQ(control_of(buy(1)), 14);
  now_ns += 1'000'000;
  EXPECT_EQ(control_of(buy(1)), 0);
  EXPECT_EQ(gate.cancels(), 1'001U);
}

TEST_F(RiskGateTest, Control14IsNotSpentOnARejectedOrder) {
  for (int i = 0; i < 5'000; ++i) ASSERT_EQ(control_of(buy(0)), 8);
  EXPECT_EQ(control_of(buy(1)), 0);
}

TEST_F(RiskGateTest, Control16HoldsAtTheLongLimitCountingOpenOrders) {
  OrderLimits own = kAllAsFirm;
  own.long_max = 300;
  gate.set_instrument(3, own);
  EXPECT_EQ(control_of(buy(200)), 0);
  EXPECT_EQ(control_of(buy(101)), 16);
  EXPECT_EQ(control_of(buy(100)), 0);
  EXPECT_EQ(control_of(buy(1)), 16);
  EXPECT_EQ(control_of(sell(100)), 0) << "the other side is not used up";
}

TEST_F(RiskGateTest, Control16HoldsAtTheShortLimitFromAnExecutedPosition) {
  OrderLimits own = kAllAsFirm;
  own.short_max = 50;
  gate.set_instrument(3, own);
  auto executed = event_of(OrderEventKind::Executed, buy(100));
  gate.apply(executed);
  EXPECT_EQ(gate.position(3), 100);
  EXPECT_EQ(control_of(sell(151)), 16);
  EXPECT_EQ(control_of(sell(150)), 0);
  EXPECT_EQ(control_of(sell(1)), 16);
}

TEST_F(RiskGateTest, Control16CountsAReplaceBesideItsOriginal) {
  OrderLimits own = kAllAsFirm;
  own.long_max = 250;
  gate.set_instrument(3, own);
  event::OrderIntent replace = buy(150);
  replace.kind = event::IntentKind::Replace;
  EXPECT_EQ(control_of(buy(101)), 0);
  EXPECT_EQ(control_of(replace), 16);
  replace.quantity = 149;
  EXPECT_EQ(control_of(replace), 0);
}

TEST_F(RiskGateTest, Control17HoldsAtTheFirmsTotalAcrossInstruments) {
  Limits limits = wide_limits();
  limits.gross_max_e4 = 200'000'000;
  RiskGate small{limits, 16};
  small.apply(command(event::CommandKind::Arm));
  event::OrderIntent intent = buy(100);
  EXPECT_TRUE(small.check(intent, market, now_ns).order);
  intent.locate = 4;
  intent.quantity = 101;
  EXPECT_EQ(small.check(intent, market, now_ns).reject.control, 17);
  intent.quantity = 100;
  EXPECT_TRUE(small.check(intent, market, now_ns).order);
  intent.quantity = 1;
  EXPECT_EQ(small.check(intent, market, now_ns).reject.control, 17);
}

TEST_F(RiskGateTest, Control17HoldsAtAnInstrumentsOwnTotal) {
  OrderLimits own = kAllAsFirm;
  own.gross_max_e4 = 100'000'000;
  gate.set_instrument(3, own);
  EXPECT_EQ(control_of(buy(100)), 0);
  EXPECT_EQ(control_of(buy(1)), 17);
  auto executed = event_of(OrderEventKind::Executed, buy(100));
  executed.released_quantity = 100;
  executed.released_price_e4 = 1'000'000;
  executed.terminal = 1;
  gate.apply(executed);
  EXPECT_EQ(control_of(buy(1)), 17) << "what has traded still counts";
}

TEST_F(RiskGateTest, Control18HoldsAtTheNumberOfOrdersAndNotOneMore) {
  OrderLimits own = kAllAsFirm;
  own.open_orders_max = 2;
  gate.set_instrument(3, own);
  EXPECT_EQ(control_of(buy(1)), 0);
  EXPECT_EQ(control_of(buy(1)), 0);
  EXPECT_EQ(control_of(buy(1)), 18);
  auto canceled = event_of(OrderEventKind::Canceled, buy(1));
  canceled.released_quantity = 1;
  canceled.released_price_e4 = 1'000'000;
  canceled.terminal = 1;
  gate.apply(canceled);
  EXPECT_EQ(control_of(buy(1)), 0);
}

TEST_F(RiskGateTest, ReportsTheLowestNumberThatFails) {
  event::OrderIntent intent = buy(kMost, 1);  // 8, 9, 11, 12, 16
  market.stale = true;
  market.halted = true;
  gate.kill();
  EXPECT_EQ(control_of(intent), 1);
  gate.apply(command(event::CommandKind::Rearm));
  EXPECT_EQ(control_of(intent), 2);
  market.stale = false;
  gate.apply([] {
    auto restrict = command(event::CommandKind::RestrictSymbol);
    restrict.locate = 3;
    return restrict;
  }());
  EXPECT_EQ(control_of(intent), 5);
  intent.locate = 4;
  EXPECT_EQ(control_of(intent), 6);
  market.halted = false;
  EXPECT_EQ(control_of(intent), 8);
  intent.quantity = 999'999;
  EXPECT_EQ(control_of(intent), 9);
}

TEST_F(RiskGateTest, ACancelPassesEverything) {
  event::OrderIntent cancel{};
  cancel.kind = event::IntentKind::Cancel;
  cancel.locate = 0xFFFF;
  cancel.strategy_id = kMost;
  gate.kill();
  gate.apply(command(event::CommandKind::Disarm));
  EXPECT_TRUE(gate.check(cancel, Market{}, 0).order);
}

TEST_F(RiskGateTest, AReplacedOrderFreesItsOwnAndWhatTheChainHasTraded) {
  event::OrderIntent replace = buy(150, 1'000'100);
  replace.kind = event::IntentKind::Replace;
  ASSERT_EQ(control_of(buy(100)), 0);
  ASSERT_EQ(control_of(replace), 0);
  EXPECT_EQ(gate.exposure(3).open_buys(), 250U);

  auto executed = event_of(OrderEventKind::Executed, buy(30));
  executed.released_quantity = 30;
  executed.released_price_e4 = 1'000'000;
  gate.apply(executed);
  auto replaced = event_of(OrderEventKind::Replaced, replace);
  replaced.open_quantity = 120;
  replaced.released_quantity = 70;
  replaced.released_price_e4 = 1'000'000;
  gate.apply(replaced);
  EXPECT_EQ(gate.exposure(3).open_buys(), 120U);
  EXPECT_EQ(gate.exposure(3).open_orders(), 1U);
  EXPECT_TRUE(gate.exposure().open_notional_e4() == 120ULL * 1'000'100);
  EXPECT_EQ(gate.broken_invariants(), 0U);
}

TEST_F(RiskGateTest, ABrokenTradeReversesThePosition) {
  gate.apply(event_of(OrderEventKind::Executed, buy(100)));
  gate.apply(event_of(OrderEventKind::Broken, buy(100)));
  EXPECT_EQ(gate.position(3), 0);
  EXPECT_TRUE(gate.profit_e4(3, 2'000'000) == 0);
  EXPECT_FALSE(gate.killed());
}

TEST_F(RiskGateTest, ProfitIsCashPlusThePositionAtTheMark) {
  gate.apply(event_of(OrderEventKind::Executed, buy(100, 1'000'000)));
  EXPECT_TRUE(gate.profit_e4(3, 1'010'000) == 1'000'000);
  gate.apply(event_of(OrderEventKind::Executed, sell(100, 1'020'000)));
  EXPECT_TRUE(gate.profit_e4(3, 0) == 2'000'000);
}

TEST_F(RiskGateTest, GivingBackMoreThanWasTakenKillsTheFirm) {
  auto canceled = event_of(OrderEventKind::Canceled, buy(1));
  canceled.released_quantity = 1;
  canceled.released_price_e4 = 1;
  gate.apply(canceled);
  EXPECT_TRUE(gate.killed());
  EXPECT_GT(gate.broken_invariants(), 0U);
  EXPECT_EQ(control_of(buy()), 1);
}

TEST_F(RiskGateTest, AnEventForNobodyKillsTheFirm) {
  auto executed = event_of(OrderEventKind::Executed, buy());
  executed.locate = 16;
  gate.apply(executed);
  EXPECT_TRUE(gate.killed());
}

TEST_F(RiskGateTest, WhatIsOnlyNewsChangesNothing) {
  for (const auto kind :
       {OrderEventKind::None, OrderEventKind::Sent, OrderEventKind::GateRejected}) {
    auto event = event_of(kind, buy());
    event.locate = 0xFFFF;
    gate.apply(event);
  }
  EXPECT_FALSE(gate.killed());
}

}  // namespace
}  // namespace ridley::risk
