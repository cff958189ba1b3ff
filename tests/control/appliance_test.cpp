// SPDX-License-Identifier: Apache-2.0
// A whole appliance in this process: threads, counter page, control socket, files. Its feed is a
// capture that the venue recorded, its exchange a port where nobody listens.
// Looks at control/appliance.cpp, control/appliance_operations.cpp, control/appliance_report.cpp,
// control/wires.cpp, engine/street.cpp, engine/hot_loop.cpp and engine/commands.hpp together.
#include "control/appliance.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.hpp"
#include "control/control_client.hpp"
#include "support/scratch_folder.hpp"
#include "venue/feed_output.hpp"
#include "venue/trading_day.hpp"

namespace ridley::control {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr std::uint64_t kStartNs = 34'200'000'000'000;
constexpr std::uint32_t kGroup = 0xE936'0C6F;

Request request(Verb verb, const Scope& scope = {}, const std::vector<LimitChange>& changes = {}) {
  return {.verb = verb, .scope = scope, .changes = changes, .object = {}};
}

// Half a second of a market with four instruments.
std::uint64_t record_day(const std::string& path) {
  venue::TradingDaySettings settings;
  settings.exchange.instrument_count = 4;
  settings.exchange.mpids = venue::maker_mpids();
  settings.start_ns = kStartNs;
  venue::TradingDay day{settings};
  nic::UdpRoute route;
  route.destination_mac = nic::multicast_mac(kGroup);
  route.destination_ip = kGroup;
  route.destination_port = 26477;
  venue::FeedOutput output{{.session = "REC", .route = route, .records = {path}},
                           [](std::size_t, std::span<const std::byte>) { return true; }};
  for (std::uint64_t ms = 1; ms <= 500; ++ms) {
    const std::uint64_t ns = kStartNs + ms * 1'000'000;
    (void)day.advance(ns, 1'000'000);
    venue::MarketFeed& feed = day.exchange().feed();
    if (!feed.published().empty()) output.publish(feed.published().bytes(), ns);
    feed.clear();
  }
  output.close_recordings();
  return day.exchange().feed().message_count();
}

class ApplianceTest : public testing::Test {
 protected:
  ApplianceTest() {
    messages_ = record_day((folder_ / "day.pcap").string());
    config_.appliance.run_folder = (folder_ / "run").string();
    config_.feed.port = "pcap:" + (folder_ / "day.pcap").string() + ",rate=max";
    config_.feed.groups = {{.group = "233.54.12.111", .port = 26477}};
    config_.book = {.orders_max = 1U << 16, .levels_max = 1U << 14, .instruments_max = 64};
    config_.order.host = "127.0.0.1";
    config_.order.port = 1;  // nobody listens
    config_.strategy.object = strategy("two_sided_quoter");
    config_.strategy.symbols = {"RAAA", "RAAB"};
    config_.risk.message_rate = 1'000;
    config_.telemetry.folder = (folder_ / "telemetry").string();
    config_.telemetry.interval_ms = 100;
  }

  ~ApplianceTest() override {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  static std::string strategy(const std::string& name) {
    const char* build = std::getenv("RIDLEY_BUILD_FOLDER");
    return std::string{build != nullptr ? build : "build"} + "/src/strategy/libridley_" + name +
           ".so";
  }

  void start() {
    thread_ = std::thread{[this] { exit_code_ = run_appliance(config_, stop_); }};
  }

  int stop() {
    stop_ = true;
    thread_.join();
    return exit_code_;
  }

  Answer ask(const Request& request) {
    return control::ask(config_.socket_path(), request, 5'000ms);
  }

  // Asks until the whole capture has been read, or ten seconds are over.
  Json status_after_the_day() {
    Json status;
    for (const auto until = std::chrono::steady_clock::now() + 10s;
         std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(10ms)) {
      try {
        status = Json::parse(ask(request(Verb::Status)).result);
      } catch (const base::Error&) {
        continue;  // not there yet
      }
      if (status["messages"] == messages_) break;
    }
    return status;
  }

  test::ScratchFolder folder_;
  Config config_;
  std::uint64_t messages_ = 0;
  std::atomic<bool> stop_{false};
  std::thread thread_;
  int exit_code_ = -1;
};

}  // namespace

TEST_F(ApplianceTest, ReadsTheDayAnswersOperatorsAndLeavesItsFiles) {
  start();
  const Json status = status_after_the_day();
  ASSERT_EQ(status["messages"], messages_);
  EXPECT_EQ(status["gaps"], 0);
  EXPECT_EQ(status["unknown_orders"], 0);
  EXPECT_EQ(status["armed"], false);
  EXPECT_EQ(status["feed_live"], true);
  EXPECT_EQ(status["ready"], false) << "nobody takes orders";
  EXPECT_EQ(status["timestamp_source"], "capture");
  EXPECT_GT(status["rejected_by_gate"], 0);

  const Answer armed = ask(request(Verb::Arm));
  EXPECT_FALSE(armed.ok);
  EXPECT_NE(armed.error.find("order connection"), std::string::npos) << armed.error;
  EXPECT_TRUE(ask(request(Verb::Kill)).ok);
  EXPECT_TRUE(ask(request(Verb::CancelAll)).ok);
  EXPECT_TRUE(ask(request(Verb::Rearm)).ok);
  EXPECT_TRUE(ask(request(Verb::Disarm)).ok);

  EXPECT_EQ(stop(), EX_OK);
  const auto summary = Json::parse(std::ifstream{folder_ / "telemetry" / "summary.json"});
  EXPECT_EQ(summary["messages"], messages_);
  EXPECT_EQ(summary["orders_sent"], 0);
  EXPECT_EQ(summary["rejects_by_control"][0]["control"], 1);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "telemetry" / "hops.hlog"));
  EXPECT_GT(std::filesystem::file_size(folder_ / "telemetry" / "snapshots.jsonl"), 0u);
  EXPECT_GT(std::filesystem::file_size(folder_ / "telemetry" / "rejects.jsonl"), 0u);
  EXPECT_FALSE(std::filesystem::exists(config_.socket_path()));
}

TEST_F(ApplianceTest, ChangesLimitsWholeOrNotAtAll) {
  start();
  ASSERT_EQ(status_after_the_day()["messages"], messages_);
  Request change = request(Verb::SetLimits, {}, {{"max_open_orders", 7}});
  EXPECT_TRUE(ask(change).ok);
  change.changes = {{"max_open_orders", 8}, {"tick_e4", 5}};
  EXPECT_FALSE(ask(change).ok);
  const Json limits = Json::parse(ask(request(Verb::Limits)).result);
  EXPECT_EQ(limits["max_open_orders"], 7);
  EXPECT_EQ(limits["limits_version"], 1);

  const Scope symbol{Reach::Symbol, "RAAB", 0};
  EXPECT_TRUE(ask(request(Verb::SetLimits, symbol, {{"restricted", 1}})).ok);
  EXPECT_TRUE(ask(request(Verb::Kill, symbol)).ok);
  const Scope stranger{Reach::Symbol, "ZZZZ", 0};
  EXPECT_FALSE(ask(request(Verb::Kill, stranger)).ok);
  EXPECT_EQ(stop(), EX_OK);
}

TEST_F(ApplianceTest, ReloadsTheStrategyButNoOtherInItsPlaceWithItsState) {
  start();
  ASSERT_EQ(status_after_the_day()["messages"], messages_);
  EXPECT_TRUE(ask(request(Verb::ReloadStrategy)).ok);
  Request other = request(Verb::ReloadStrategy);
  other.object = "/nowhere.so";
  EXPECT_FALSE(ask(other).ok);
  other.object = strategy("imbalance_taker");
  EXPECT_FALSE(ask(other).ok) << "it cannot know the quoter's orders";
  EXPECT_TRUE(ask(request(Verb::Stop)).ok);
  thread_.join();
  EXPECT_EQ(exit_code_, EX_OK);
}

TEST_F(ApplianceTest, RefusesASecondOneInTheSameFolder) {
  start();
  ASSERT_EQ(status_after_the_day()["messages"], messages_);
  try {
    Appliance second{config_};
    FAIL() << "two appliances in one run folder";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_TEMPFAIL);
  }
  EXPECT_EQ(stop(), EX_OK);
}

TEST(FindStrategy, SaysWhenThereIsNone) {
  EXPECT_EQ(find_strategy("./mine.so"), "./mine.so");
  EXPECT_THROW((void)find_strategy("no_such_strategy"), base::Error);
}

}  // namespace ridley::control
