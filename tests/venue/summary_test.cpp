// SPDX-License-Identifier: Apache-2.0
#include "venue/summary.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "exchange_bench.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::venue {
namespace {

TEST(Summary, AddsTheAccountsUpAndKeepsThemApart) {
  test::ExchangeBench bench;
  (void)bench.enter({.number = 1, .side = 'S'});
  bench.desk.receive(1, test::enter_order({.number = 1, .quantity = 60}));
  bench.desk.receive(1, test::enter_order({.number = 2, .symbol = "NONE"}));
  Traffic traffic;
  traffic.seed = 7;
  traffic.frames = 3;
  const auto summary = nlohmann::json::parse(summary_json(bench.exchange, traffic));
  EXPECT_EQ(summary["seed"], 7);
  EXPECT_EQ(summary["frames"], 3);
  EXPECT_EQ(summary["messages"], bench.exchange.feed().message_count());
  EXPECT_EQ(summary["digest"].get<std::string>().size(), 16u);
  EXPECT_EQ(summary["orders_received"], 3);
  EXPECT_EQ(summary["orders_acknowledged"], 2);
  EXPECT_EQ(summary["orders_rejected"], 1);
  EXPECT_EQ(summary["orders_filled"], 2);
  EXPECT_EQ(summary["shares_filled"], 120);
  EXPECT_EQ(summary["positions"]["RAAA"], 0);
  const auto& one = summary["accounts"]["ONE"];
  EXPECT_EQ(one["positions"]["RAAA"], -60);
  EXPECT_EQ(one["cash_e4"], 6'000'000);
  EXPECT_EQ(one["orders_open"], 1);
  EXPECT_EQ(one["shares_open"], 40);
}

TEST(Summary, TellsAClientWhereToGo) {
  test::ExchangeBench bench;
  const auto ready =
      nlohmann::json::parse(ready_json(bench.exchange, {.order_port = 4711,
                                                        .order_address = "127.0.0.1",
                                                        .session = "S1",
                                                        .groups = {"233.1.2.3:9", "233.1.2.4:8"},
                                                        .order_ports = {4711, 4712},
                                                        .glimpse_port = 5}));
  EXPECT_EQ(ready["order_port"], 4711);
  EXPECT_EQ(ready["username"], "ONE");
  EXPECT_EQ(ready["symbols"], (nlohmann::json{"RAAA", "RAAB"}));
  EXPECT_EQ(ready["groups"][0]["group"], "233.1.2.3");
  EXPECT_EQ(ready["groups"][0]["port"], 9);
  EXPECT_EQ(ready["groups"][1]["group"], "233.1.2.4");
  EXPECT_EQ(ready["order_ports"], (nlohmann::json{4711, 4712}));
  EXPECT_EQ(ready["glimpse_port"], 5);
  EXPECT_EQ(ready["rerequest_port"], 0);
}

TEST(Summary, IsWrittenWholeOrNotAtAll) {
  ridley::test::ScratchFolder folder;
  write_whole(folder / "summary.json", "text");
  std::ifstream file{folder / "summary.json"};
  std::string text;
  file >> text;
  EXPECT_EQ(text, "text");
  EXPECT_FALSE(std::filesystem::exists(folder / "summary.json.new"));
  EXPECT_THROW(write_whole(folder / "none" / "summary.json", "text"), base::Error);
}

}  // namespace
}  // namespace ridley::venue
