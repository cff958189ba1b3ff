// SPDX-License-Identifier: Apache-2.0
#include "simulation/firm_rules.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "simulation/limit_changes.hpp"
#include "simulation/violation.hpp"

namespace ridley::simulation {
namespace {

constexpr MarketState kMarket{.bid_e4 = 100'0000, .ask_e4 = 101'0000, .state = 'T'};

class FirmRulesTest : public testing::Test {
 protected:
  FirmRulesTest() {
    command(event::CommandKind::Arm);
    rules_.hear_feed(now_ns_);
  }

  void command(event::CommandKind kind, std::uint16_t locate = 0) {
    event::Command command{};
    command.kind = kind;
    command.scope = locate == 0 ? 0 : 1;
    command.locate = locate;
    rules_.obey(command);
  }
  void set(risk::Control control, std::int64_t value, std::uint16_t locate = 0) {
    event::Command command{};
    command.kind = event::CommandKind::SetLimit;
    command.scope = locate == 0 ? 0 : 1;
    command.locate = locate;
    command.control = static_cast<std::uint32_t>(control);
    command.value = value;
    rules_.obey(command);
  }
  // The rule that the order breaks.
  std::optional<Rule> broken() {
    try {
      rules_.check({.order = order_,
                    .instrument = instrument_,
                    .firm = firm_,
                    .market = market_,
                    .now_ns = now_ns_});
    } catch (const Violation& violation) {
      return violation.rule();
    }
    return std::nullopt;
  }

  FirmRules rules_{kFirmLimits};
  OwnOrder order_{.number = 1, .locate = 2, .side = 'B', .quantity = 100, .price_e4 = 100'5000};
  OwnExposure instrument_;
  OwnExposure firm_;
  std::vector<MarketState> market_{kMarket};
  std::uint64_t now_ns_ = 1'000 * kMillisecondNs;
};

}  // namespace

TEST_F(FirmRulesTest, LetsAnOrdinaryOrderPass) { EXPECT_EQ(broken(), std::nullopt); }

TEST_F(FirmRulesTest, NothingIsSentDisarmedKilledOrRestricted) {
  command(event::CommandKind::Disarm);
  EXPECT_EQ(broken(), Rule::NothingKilled);
  command(event::CommandKind::Arm);
  command(event::CommandKind::Kill);
  EXPECT_EQ(broken(), Rule::NothingKilled);
  command(event::CommandKind::Rearm);
  command(event::CommandKind::Kill, 2);
  EXPECT_EQ(broken(), Rule::NothingKilled);
  order_.locate = 3;
  EXPECT_EQ(broken(), std::nullopt) << "another instrument goes on";
  command(event::CommandKind::RestrictSymbol, 3);
  EXPECT_EQ(broken(), Rule::NothingKilled);
}

TEST_F(FirmRulesTest, StandsAtTheEdgeOfASilentFeed) {
  rules_.hear_feed(now_ns_ - kFirmLimits.age_ns_max);
  EXPECT_EQ(broken(), std::nullopt);
  rules_.hear_feed(now_ns_ - kFirmLimits.age_ns_max - 1);
  EXPECT_EQ(broken(), Rule::FreshBooks);
}

TEST_F(FirmRulesTest, OneOfTheMarketsHasToDo) {
  order_.price_e4 = 150'0000;
  EXPECT_EQ(broken(), Rule::Limits) << "beyond the collar";
  market_.push_back({.bid_e4 = 149'0000, .ask_e4 = 150'0000, .state = 'T'});
  EXPECT_EQ(broken(), std::nullopt);
  market_.back().state = 'H';
  EXPECT_EQ(broken(), Rule::Limits);
}

TEST_F(FirmRulesTest, StandsAtTheEdgeOfTheCollar) {
  order_.price_e4 = 101'0000 + 101'0000 * 3 / 100;
  EXPECT_EQ(broken(), std::nullopt);
  order_.price_e4 += 100;
  EXPECT_EQ(broken(), Rule::Limits);
}

TEST_F(FirmRulesTest, AShortSaleIsAboveTheBidWhileThePriceTestHolds) {
  order_.side = 'T';
  market_[0].short_sales_restricted = true;
  order_.price_e4 = 100'0000;
  EXPECT_EQ(broken(), Rule::Limits);
  order_.price_e4 = 100'0100;
  EXPECT_EQ(broken(), std::nullopt);
}

TEST_F(FirmRulesTest, StandsAtTheEdgeOfQuantityAndNotional) {
  order_.quantity = kFirmLimits.order.quantity_max;
  EXPECT_EQ(broken(), std::nullopt);
  ++order_.quantity;
  EXPECT_EQ(broken(), Rule::Limits);
  set(risk::Control::MaximumQuantity, 1'000, 2);
  EXPECT_EQ(broken(), std::nullopt) << "the instrument has a limit of its own";
  rules_.forget_instruments();
  EXPECT_EQ(broken(), Rule::Limits);
  order_.quantity = 100;
  set(risk::Control::MaximumNotional, 100 * 100'5000);
  EXPECT_EQ(broken(), std::nullopt);
  set(risk::Control::MaximumNotional, 100 * 100'5000 - 1);
  EXPECT_EQ(broken(), Rule::Limits);
}

TEST_F(FirmRulesTest, StandsAtTheEdgeOfThePosition) {
  instrument_.position = 500;
  instrument_.open_buys = 300;
  EXPECT_EQ(broken(), std::nullopt) << "exactly 900";
  instrument_.open_buys = 301;
  EXPECT_EQ(broken(), Rule::Limits);
  order_.side = 'S';
  EXPECT_EQ(broken(), std::nullopt) << "a sale makes it smaller";
}

TEST_F(FirmRulesTest, StandsAtTheEdgeOfOpenOrdersAndGrossNotional) {
  firm_.open_orders = kFirmLimits.open_orders_max - 1;
  EXPECT_EQ(broken(), std::nullopt);
  ++firm_.open_orders;
  EXPECT_EQ(broken(), Rule::Limits);
  firm_.open_orders = 0;
  instrument_.executed_e4 = kFirmLimits.order.gross_max_e4 - order_.notional_e4();
  EXPECT_EQ(broken(), std::nullopt);
  ++instrument_.executed_e4;
  EXPECT_EQ(broken(), Rule::Limits);
}

TEST_F(FirmRulesTest, NoStretchOfTimeHasTooManyMessages) {
  for (std::uint32_t i = 0; i <= kFirmLimits.burst_messages_max; ++i)
    ASSERT_EQ(broken(), std::nullopt) << i;
  EXPECT_EQ(broken(), Rule::Limits);
  set(risk::Control::MessageRate, 0);
  EXPECT_EQ(broken(), Rule::Limits) << "none at all";
}

}  // namespace ridley::simulation
