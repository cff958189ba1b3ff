// SPDX-License-Identifier: Apache-2.0
#include "control/order_log.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::control {
namespace {

std::vector<nlohmann::json> lines_of(const std::filesystem::path& path) {
  std::vector<nlohmann::json> lines;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

}  // namespace

TEST(OrderLog, WritesEveryRecordAsOneLineAndKeepsHoldings) {
  const test::ScratchFolder folder;
  OrderLog log{folder / "", [](std::uint16_t locate) { return "S" + std::to_string(locate); }};
  engine::SideExit exit;
  event::OrderEvent executed{};
  executed.kind = event::OrderEventKind::Executed;
  executed.side = event::Side::Sell;
  executed.locate = 5;
  executed.quantity = 30;
  executed.price_e4 = 10'000;
  exit.record(executed);
  event::RejectRecord reject{};
  reject.control = 11;
  reject.limit = 100;
  reject.observed = 101;
  exit.record(reject);
  log.drain(exit);

  const auto orders = lines_of(folder / "orders.jsonl");
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0]["kind"], "executed");
  EXPECT_EQ(orders[0]["symbol"], "S5");
  EXPECT_EQ(orders[0]["side"], "sell");
  const auto rejects = lines_of(folder / "rejects.jsonl");
  ASSERT_EQ(rejects.size(), 1u);
  EXPECT_EQ(rejects[0]["control"], 11);
  EXPECT_EQ(rejects[0]["observed"], 101);
  EXPECT_EQ(log.holdings().all().at(5).position, -30);
}

TEST(OrderLog, SaysWhenItsFolderIsNotThere) {
  EXPECT_THROW(OrderLog("/nowhere/at/all", [](std::uint16_t) { return ""; }), base::Error);
}

}  // namespace ridley::control
