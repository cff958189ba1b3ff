// SPDX-License-Identifier: Apache-2.0
#include "control/appliance_settings.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "risk/controls.hpp"

namespace ridley::control {
namespace {

Config config() {
  Config config;
  config.feed.groups = {{.group = "233.54.12.111", .port = 26477},
                        {.group = "233.54.12.111", .port = 26478}};
  config.order.firm = "RDLY";
  config.order.capacity = Capacity::Agency;
  config.strategy.symbols = {"AAPL", "MSFT"};
  config.risk.max_order_notional_usd = 250;
  config.risk.stale_after_ms = 7;
  config.risk.message_rate = 1'000;
  config.risk.restricted = {"GME"};
  config.risk.instruments.emplace_back().symbol = "MSFT";
  config.risk.instruments.back().max_order_quantity = 5;
  return config;
}

const engine::RollEntry& entry(const engine::StreetSettings& settings, std::string_view symbol) {
  for (const engine::RollEntry& row : settings.roll.entries())
    if (std::string_view{row.symbol.data(), symbol.size()} == symbol) return row;
  throw std::runtime_error{"not on the roll"};
}

}  // namespace

TEST(ApplianceSettings, SpeakTheRoomsUnits) {
  const engine::StreetSettings settings = street_settings(config());
  EXPECT_EQ(settings.limits.order.notional_max_e4, 2'500'000u);
  EXPECT_EQ(settings.limits.age_ns_max, 7'000'000u);
  EXPECT_EQ(settings.limits.ns_per_message, 1'000'000u);
  EXPECT_EQ(settings.orders.capacity, 'A');
  EXPECT_EQ(std::string(settings.orders.firm.data(), 4), "RDLY");
  EXPECT_EQ(settings.filter.find(0xE936'0C6F, 26477), 0u) << "line A";
  EXPECT_EQ(settings.filter.find(0xE936'0C6F, 26478), 1u) << "line B";
  EXPECT_EQ(settings.lines, 2u);
  EXPECT_EQ(settings.hold_ns, 100'000'000u);
  EXPECT_EQ(settings.held_packets, 1'024u);
  EXPECT_FALSE(settings.recovers);
  EXPECT_EQ(settings.filter.find(0xE936'0C6F, 26479), nic::kNoLine);
}

TEST(ApplianceSettings, TakeMemoryForOrdersAsFarAsTheyMayBeOpen) {
  Config few = config();
  few.order.open_orders_max = 200;
  EXPECT_EQ(street_settings(few).orders.orders_max, 256u);
  EXPECT_EQ(street_settings(few).orders.executions_max, 16'384u);
  few.order.open_orders_max = 256;
  EXPECT_EQ(street_settings(few).orders.orders_max, 256u);
  few.order.open_orders_max = 65'536;
  EXPECT_EQ(street_settings(few).orders.orders_max, 65'536u);
  EXPECT_EQ(street_settings(few).orders.executions_max, 65'536u);
}

TEST(ApplianceSettings, LetNothingPassWithoutAMessageRate) {
  Config none = config();
  none.risk.message_rate = 0;
  EXPECT_EQ(street_settings(none).limits.ns_per_message, ~std::uint64_t{0});
}

TEST(ApplianceSettings, PutEverySymbolOnTheRoll) {
  const engine::StreetSettings settings = street_settings(config());
  EXPECT_EQ(settings.roll.entries().size(), 3u);
  EXPECT_TRUE(entry(settings, "AAPL").traded);
  EXPECT_EQ(entry(settings, "MSFT").limits.quantity_max, 5u);
  EXPECT_EQ(entry(settings, "AAPL").limits.quantity_max, risk::kAllAsFirm.quantity_max);
  EXPECT_TRUE(entry(settings, "GME").restricted);
  EXPECT_FALSE(entry(settings, "GME").traded);
}

TEST(ApplianceSettings, JoinEachGroupOnce) {
  EXPECT_EQ(feed_groups(config()), std::vector<std::uint32_t>{0xE936'0C6F});
}

TEST(LimitCommands, CarryTheGatesUnits) {
  const std::vector<LimitChange> changes{{"max_order_notional_usd", 3}, {"max_open_orders", 9}};
  const auto commands = limit_commands(changes, {}, 0, 12);
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_EQ(commands[0].control, static_cast<std::uint32_t>(risk::Control::MaximumNotional));
  EXPECT_EQ(commands[0].value, 30'000);
  EXPECT_EQ(commands[1].value, 9);
  EXPECT_EQ(commands[1].limit_version, 12u);
}

TEST(LimitCommands, NameTheSymbolByItsLocate) {
  const Scope scope{Reach::Symbol, "AAPL", 0};
  const auto commands = limit_commands(std::vector<LimitChange>{{"restricted", 1}}, scope, 7, 1);
  ASSERT_EQ(commands.size(), 1u);
  EXPECT_EQ(commands[0].kind, event::CommandKind::RestrictSymbol);
  EXPECT_EQ(commands[0].locate, 7u);
}

TEST(LimitCommands, RefuseWhatOnlyARestartChanges) {
  const std::vector<LimitChange> changes{{"max_open_orders", 9}, {"tick_e4", 1}};
  EXPECT_THROW((void)limit_commands(changes, {}, 0, 1), base::Error);
}

TEST(LimitCommands, ChangeBothPositionLimitsTogether) {
  std::vector<LimitChange> changes{{"position_limit_long", 9}};
  EXPECT_THROW((void)limit_commands(changes, {}, 0, 1), base::Error);
  changes.push_back({"position_limit_short", 8});
  EXPECT_THROW((void)limit_commands(changes, {}, 0, 1), base::Error);
  changes.back().value = 9;
  EXPECT_EQ(limit_commands(changes, {}, 0, 1).front().value, 9);
}

TEST(NoteLimits, ShowsWhatHoldsFromNowOn) {
  Config now = config();
  note_limits(now, {}, std::vector<LimitChange>{{"max_open_orders", 9}});
  EXPECT_EQ(now.risk.max_open_orders, 9u);
  EXPECT_EQ(now.risk.limits_version, 1u);
  const Scope symbol{Reach::Symbol, "AAPL", 0};
  note_limits(now, symbol, std::vector<LimitChange>{{"max_order_quantity", 4}, {"restricted", 1}});
  EXPECT_EQ(now.risk.instruments.back().symbol, "AAPL");
  EXPECT_EQ(now.risk.instruments.back().max_order_quantity, 4u);
  EXPECT_EQ(now.risk.restricted.back(), "AAPL");
  note_limits(now, symbol, std::vector<LimitChange>{{"restricted", 0}});
  EXPECT_EQ(now.risk.restricted.back(), "GME");
}

}  // namespace ridley::control
