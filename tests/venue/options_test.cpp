// SPDX-License-Identifier: Apache-2.0
#include "venue/options.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::venue {
namespace {

Options good() {
  Options options;
  options.seconds = 1;
  return options;
}

template <typename Change>
int exit_code_after(Change change) {
  Options options = good();
  change(options);
  try {
    check(options);
  } catch (const base::Error& error) {
    return error.exit_code();
  }
  return 0;
}

TEST(Options, AreRightByDefaultGivenAnEnd) { EXPECT_NO_THROW(check(good())); }

TEST(Options, ReadAnAccount) {
  const AccountSettings account = parse_account("user:pass:FIRM");
  EXPECT_EQ(account.username, "user");
  EXPECT_EQ(account.password, "pass");
  EXPECT_EQ(account.firm, "FIRM");
  EXPECT_EQ(parse_account("u::").password, "");
  for (const char* wrong : {"", "user", "user:pass", ":pass:FIRM", "seven77:p:F",
                            "user:elevenchars:F", "user:p:FIVEX"}) {
    EXPECT_THROW((void)parse_account(wrong), base::Error) << wrong;
  }
}

TEST(Options, ReadWhatAPortAllows) {
  const AccountSettings account = parse_account(
      "u:p:FIRM,cancel,ouch42,port=2,shares=500,dollars=70000,away=300,rate=10,orders=4");
  EXPECT_EQ(account.firm, "FIRM");
  EXPECT_TRUE(account.cancel_on_disconnect);
  EXPECT_TRUE(account.ouch42);
  EXPECT_EQ(account.port, 2u);
  EXPECT_EQ(account.limits.quantity_max, 500u);
  EXPECT_EQ(account.limits.notional_max_e4, 700'000'000u);
  EXPECT_EQ(account.limits.away_bps_max, 300u);
  EXPECT_EQ(account.limits.orders_a_second, 10u);
  EXPECT_EQ(account.limits.open_orders_max, 4u);
  EXPECT_FALSE(parse_account("u:p:FIRM").cancel_on_disconnect);
  for (const char* wrong :
       {"u:p:F,", "u:p:F,shares", "u:p:F,shares=", "u:p:F,shares=x", "u:p:F,shares=-1",
        "u:p:F,shares=4294967296", "u:p:F,cancel=1", "u:p:F,other=1", "u:p:F,rate=1x"}) {
    EXPECT_THROW((void)parse_account(wrong), base::Error) << wrong;
  }
}

TEST(Options, ReadATimeOfDay) {
  EXPECT_EQ(parse_time_of_day_ns("00:00:00"), 0u);
  EXPECT_EQ(parse_time_of_day_ns("09:30:00"), 34'200'000'000'000u);
  EXPECT_EQ(parse_time_of_day_ns("23:59:59"), 86'399'000'000'000u);
  for (const char* wrong : {"", "9", "24:00:00", "23:60:00", "23:59:60", "09:30:00x", "now"}) {
    EXPECT_THROW((void)parse_time_of_day_ns(wrong), base::Error) << wrong;
  }
}

TEST(Options, ReadAHalt) {
  const Halt halt = parse_halt("RAAB@1.5+0.25");
  EXPECT_EQ(halt.symbol, "RAAB");
  EXPECT_EQ(halt.after_ns, 1'500'000'000u);
  EXPECT_EQ(halt.for_ns, 250'000'000u);
  for (const char* wrong : {"", "RAAB", "RAAB@1", "RAAB@1+0", "@1+1", "RAAB@-1+1", "RAAB@1+1s"}) {
    EXPECT_THROW((void)parse_halt(wrong), base::Error) << wrong;
  }
}

TEST(Options, ReadAHaltThatEndsWithQuoting) {
  const Halt halt = parse_halt("RAAB@1+3+0.5");
  EXPECT_EQ(halt.for_ns, 3'000'000'000u);
  EXPECT_EQ(halt.quoting_ns, 500'000'000u);
  for (const char* wrong : {"RAAB@1+1+2", "RAAB@1+1+", "RAAB@1+1+-1", "RAAB@1+1+1+1"}) {
    EXPECT_THROW((void)parse_halt(wrong), base::Error) << wrong;
  }
}

TEST(Options, MakeTheRulesOfTheMarket) {
  Options options = good();
  EXPECT_FALSE(rules_of(options).price_bands);
  EXPECT_EQ(rules_of(options).close_ns, kNever);
  options.market_rules = true;
  options.open = "09:30:00";
  options.close = "16:00:00";
  options.pause_s = 2;
  const MarketRules rules = rules_of(options);
  EXPECT_TRUE(rules.price_bands && rules.circuit_breakers && rules.short_sale_test);
  EXPECT_EQ(rules.open_ns, 34'200 * kSecond_ns);
  EXPECT_EQ(rules.close_ns, 57'600 * kSecond_ns);
  EXPECT_EQ(rules.pause_ns, 2 * kSecond_ns);
  EXPECT_EQ(rules.breaker_ns, 6 * kSecond_ns);
  options.close = "09:30:00";
  EXPECT_THROW((void)rules_of(options), base::Error);
}

TEST(Options, AreRefusedAtTheFirstStepBeyondALimit) {
  EXPECT_EQ(exit_code_after([](Options& o) { o.instruments = 65'535; }), 0);
  EXPECT_EQ(exit_code_after([](Options& o) { o.instruments = 65'536; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.instruments = 0; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.messages_per_second = 0; }), 0);
  EXPECT_EQ(exit_code_after([](Options& o) { o.messages_per_second = -0.1; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.seconds = 0; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.session = "0123456789"; }), 0);
  EXPECT_EQ(exit_code_after([](Options& o) { o.session = "0123456789A"; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.group = "10.0.0.1:1"; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.source = "here"; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.records = {"x.pcapng"}; }), EX_USAGE);
}

TEST(Options, WantPortsAndLinesThatFitTogether) {
  const auto accounts = [](std::uint32_t ports, const char* account) {
    return exit_code_after([&](Options& o) {
      o.order_ports = ports;
      o.accounts = {account};
    });
  };
  EXPECT_EQ(accounts(2, "u:p:F,port=1"), 0);
  EXPECT_EQ(accounts(2, "u:p:F,port=2"), EX_USAGE);
  EXPECT_EQ(accounts(0, "u:p:F"), EX_USAGE);
  EXPECT_EQ(accounts(17, "u:p:F"), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.more_groups = {"233.1.1.1:1", "233.1.1.2:1"}; }), 0);
  EXPECT_EQ(exit_code_after([](Options& o) { o.more_groups.assign(3, "233.1.1.1:1"); }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.more_groups = {"10.0.0.1:1"}; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.drop_copy_port = 0; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.history_mb = 0; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.run_folder = "/nowhere"; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.run_folder = "/tmp"; }), 0);
}

TEST(Options, KnowTheFlowsThereAre) {
  for (const char* flow :
       {"makers", "zero-intelligence", "hawkes", "day.itch.xz", "day.csv", "./day", "-"})
    EXPECT_EQ(exit_code_after([&](Options& o) { o.flow = flow; }), 0) << flow;
  EXPECT_EQ(exit_code_after([](Options& o) { o.flow = "poisson"; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.flow = ""; }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) { o.speed = 0; }), EX_USAGE);
  TradingDaySettings settings;
  Options recorded = good();
  recorded.flow = "day.itch";
  recorded.speed = 8;
  choose_flow(recorded, settings);
  ASSERT_TRUE(settings.recorded);
  EXPECT_EQ(settings.recorded->file, "day.itch");
  EXPECT_DOUBLE_EQ(settings.recorded->speed, 8);
}

TEST(Options, TakeTheMarketOfAScenarioWhereTheyAreTheDefaults) {
  ridley::test::ScratchFolder folder;
  const std::string path = folder / "day.toml";
  std::ofstream{path} << "name = \"day\"\n[market]\nseed = 9\nseconds = 3\nlines = 3\n"
                      << "instruments = 7\n";
  Options options;
  options.scenario_file = path;
  options.instruments = 8;
  read_scenario(options);
  EXPECT_EQ(options.scenario.name, "day");
  EXPECT_EQ(options.seed, 9u);
  EXPECT_EQ(options.instruments, 8u);
  EXPECT_DOUBLE_EQ(options.seconds.value(), 3);
  EXPECT_EQ(options.more_groups.size(), 2u);
  EXPECT_NO_THROW(check(options));
}

TEST(Options, WantSomebodyWhoListensOrAnEnd) {
  EXPECT_EQ(exit_code_after([](Options& o) { o.seconds.reset(); }), EX_USAGE);
  EXPECT_EQ(exit_code_after([](Options& o) {
              o.seconds.reset();
              o.order_port = 0;
            }),
            0);
}

}  // namespace
}  // namespace ridley::venue
