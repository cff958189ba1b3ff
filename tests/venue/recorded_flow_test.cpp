// SPDX-License-Identifier: Apache-2.0
// Real flow, order by order, through the matching engine: what it leaves is what the recording
// leaves, and what it publishes is again a day from which the same book is built.
#include "venue/recorded_flow.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "exchange_bench.hpp"
#include "feed/decode.hpp"
#include "support/scratch_folder.hpp"
#include "support/shared_data.hpp"
#include "venue/trading_day.hpp"

namespace ridley::venue {
namespace {

using event::Side;

constexpr std::uint64_t kStart = 34'200'000'000'000;
constexpr std::uint32_t kAllSteps = 0xFFFF'FFFF;

TradingDaySettings settings(const std::string& file, double speed = 1) {
  TradingDaySettings settings;
  settings.exchange.instrument_count = 1;
  settings.exchange.accounts = {{"ONE", "secret", "FRMA"}};
  settings.recorded = RecordedFlowSettings{file, speed};
  return settings;
}

// A snapshot's orders may carry the times at which they came in the days before.
constexpr std::uint64_t kTwoDays_ns = 172'800'000'000'000;

nlohmann::json truth_of(const std::string& name) {
  std::ifstream file{ridley::test::shared_data("orderflow/" + name + ".truth.json")};
  return nlohmann::json::parse(file)["instruments"].begin().value();
}

void expect_levels(const MatchingEngine& engine, const nlohmann::json& truth) {
  const auto levels = [&](Side side) {
    std::vector<std::uint32_t> prices;
    engine.for_each_order(1, side, [&](const RestingOrder& order) {
      if (prices.empty() || prices.back() != order.price_e4) prices.push_back(order.price_e4);
      return true;
    });
    return prices.size();
  };
  EXPECT_EQ(levels(Side::Buy), truth["bid_levels"].get<std::size_t>());
  EXPECT_EQ(levels(Side::Sell), truth["ask_levels"].get<std::size_t>());
  EXPECT_EQ(engine.displayed_best(1, Side::Buy).price_e4, truth["bid"][0].get<std::uint32_t>());
  EXPECT_EQ(engine.displayed_best(1, Side::Buy).quantity, truth["bid"][1].get<std::uint32_t>());
  EXPECT_EQ(engine.displayed_best(1, Side::Sell).price_e4, truth["ask"][0].get<std::uint32_t>());
  EXPECT_EQ(engine.displayed_best(1, Side::Sell).quantity, truth["ask"][1].get<std::uint32_t>());
}

void expect_all_played(const RecordedFlow& flow) {
  EXPECT_GT(flow.counts().played, 900u);
  EXPECT_LT(flow.counts().skipped, flow.counts().played / 50);
  EXPECT_EQ(flow.next_ns(), kNever);
}

class RecordedDays : public testing::TestWithParam<const char*> {};

TEST_P(RecordedDays, LeaveTheBookOfTheRecording) {
  const std::string name = std::string{"orderflow/"} + GetParam();
  RIDLEY_NEEDS_SHARED_DATA(name + ".itch.xz");
  TradingDay day{settings(ridley::test::shared_data(name + ".itch.xz").string())};
  ASSERT_TRUE(day.advance(kStart + kTwoDays_ns, kAllSteps));
  const nlohmann::json truth = truth_of(GetParam());
  EXPECT_EQ(day.exchange().engine().resting_count(), truth["orders"].get<std::size_t>());
  expect_levels(day.exchange().engine(), truth);
  expect_all_played(*day.recorded());
}

INSTANTIATE_TEST_SUITE_P(Shared, RecordedDays,
                         testing::Values("aapl-20120621", "es-20240508", "esh4-20231224"),
                         [](const auto& name) {
                           std::string letters = name.param;
                           std::erase(letters, '-');
                           return letters;
                         });

// The same recordings as they come from their makers, at every pace.
class RawRecordings : public testing::TestWithParam<double> {
 protected:
  // How long the recording took, in nanoseconds of the day.
  static std::uint64_t play(TradingDay& day) {
    std::uint64_t last_ns = kStart;
    const RecordedFlow& flow = *day.recorded();
    while (flow.counts().played == 0 || flow.next_ns() != kNever) {
      last_ns = day.next_ns();
      (void)day.advance(last_ns, kAllSteps);
    }
    return last_ns - kStart;
  }
  std::string unpacked(const std::string& name) {
    const std::string path = folder / "flow.dbn";
    const std::string file = ridley::test::shared_data(name).string();
    const int code = std::system(("zstd -dqc " + file + " > " + path + " 2> /dev/null").c_str());
    return code == 0 ? path : std::string{};
  }

  ridley::test::ScratchFolder folder;
};

TEST_P(RawRecordings, OfLobsterLeaveTheirBook) {
  const std::string name = "lobster/AAPL_2012-06-21_34200000_57600000_message_10.csv";
  RIDLEY_NEEDS_SHARED_DATA(name);
  TradingDay day{settings(ridley::test::shared_data(name).string(), GetParam())};
  // The last line is 49.08 seconds behind the first.
  EXPECT_NEAR(static_cast<double>(play(day)), 49.08e9 / GetParam(), 0.01e9 / GetParam());
  expect_levels(day.exchange().engine(), truth_of("aapl-20120621"));
  expect_all_played(*day.recorded());
}

TEST_P(RawRecordings, OfCmeLeaveTheirBook) {
  const std::pair<const char*, const char*> files[] = {
      {"orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02", "es-20240508"},
      {"esh4-glbx-mdp3-20231224.mbo", "esh4-20231224"}};
  for (const auto& [name, truth_name] : files) {
    const std::string file = "databento/" + std::string{name} + ".dbn.zst";
    RIDLEY_NEEDS_SHARED_DATA(file);
    const std::string path = unpacked(file);
    if (path.empty()) GTEST_SKIP() << "needs the program zstd";
    TradingDay day{settings(path, GetParam())};
    EXPECT_LE(play(day), static_cast<std::uint64_t>(2.1e9 / GetParam()));
    const nlohmann::json truth = truth_of(truth_name);
    EXPECT_EQ(day.exchange().engine().resting_count(), truth["orders"].get<std::size_t>()) << name;
    expect_levels(day.exchange().engine(), truth);
    expect_all_played(*day.recorded());
  }
}

INSTANTIATE_TEST_SUITE_P(Paces, RawRecordings, testing::Values(1, 2, 4, 8));

TEST(RecordedFlow, PlaysWhatOtherFeedsSayOfOrders) {
  ridley::test::ScratchFolder folder;
  const std::string path = folder / "X_message_1.csv";
  std::ofstream{path} << "34200,1,7,100,50000,1\nnonsense\n34201,4,7,30,50000,1\n"
                      << "34202,2,7,20,50000,1\n34203,3,9,20,50000,1\n";
  TradingDay day{settings(path)};
  ASSERT_TRUE(day.advance(kStart + 10'000'000'000, kAllSteps));
  EXPECT_EQ(day.exchange().engine().displayed_best(1, Side::Buy).quantity, 50u);
  EXPECT_EQ(day.recorded()->counts().played, 3u);
  EXPECT_EQ(
      day.recorded()->complaints(),
      (std::vector<std::string>{"1 of 5 lines are no messages and were left out, line 2 first",
                                "1 cancels are of orders that were never in sight"}));
}

// A recording of our own, which is always there.
class RecordedFlowTest : public testing::Test {
 protected:
  RecordedFlowTest() {
    test::ExchangeBench bench{2};
    bench.exchange.at(kStart);
    const std::uint64_t first = bench_enter(bench, 1, Side::Buy, 100, 100'000);
    bench.exchange.at(kStart + 1'000'000'000);
    (void)bench_enter(bench, 1, Side::Buy, 300, 99'900);
    (void)bench_enter(bench, 2, Side::Sell, 50, 200'000);
    bench.exchange.at(kStart + 2'000'000'000);
    NewOrder taker = order(1, Side::Sell, 40, 100'000);
    taker.immediate = true;
    (void)bench.exchange.enter(taker);
    bench.exchange.reduce(first, 10);
    bench.exchange.at(kStart + 4'000'000'000);
    (void)bench.exchange.replace(first, order(1, Side::Buy, 70, 99'800));
    const auto bytes = bench.exchange.feed().published().bytes();
    std::ofstream file{path, std::ios::binary};
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  static NewOrder order(std::uint16_t locate, Side side, std::uint32_t quantity,
                        std::uint32_t price_e4) {
    NewOrder order;
    order.locate = locate;
    order.side = side;
    order.quantity = quantity;
    order.price_e4 = price_e4;
    order.owner = {kParticipants, 0};
    return order;
  }
  static std::uint64_t bench_enter(test::ExchangeBench& bench, std::uint16_t locate, Side side,
                                   std::uint32_t quantity, std::uint32_t price_e4) {
    return bench.exchange.enter(order(locate, side, quantity, price_e4));
  }

  // What was published of orders, and when, in seconds since the start.
  static test::Lines play(TradingDay& day, double seconds) {
    (void)day.advance(kStart + static_cast<std::uint64_t>(seconds * 1e9), kAllSteps);
    test::Lines lines;
    for (const std::string& line : test::feed_lines(day.exchange().feed().published().bytes())) {
      if (std::string_view{"AFEXDU"}.find(line[0]) != std::string_view::npos) lines.push_back(line);
    }
    day.exchange().feed().clear();
    return lines;
  }

  ridley::test::ScratchFolder folder;
  std::string path = folder / "flow.itch";
};

TEST_F(RecordedFlowTest, SendsTheSameOrdersAtTheirOwnPace) {
  TradingDay day{settings(path)};
  EXPECT_EQ(play(day, 0.9), (test::Lines{"A 1 B100@100000"}));
  EXPECT_EQ(play(day, 1.9), (test::Lines{"A 2 B300@99900"}));
  EXPECT_EQ(play(day, 3.9), (test::Lines{"E 1 40", "X 1 10"}));
  const test::Lines last = play(day, 4.1);
  ASSERT_EQ(last.size(), 1u);
  EXPECT_TRUE(last[0].ends_with(" 70@99800")) << last[0];
  EXPECT_EQ(day.recorded()->counts().skipped, 1u);  // of the second instrument, which is not listed
  EXPECT_EQ(day.recorded()->counts().played, 5u);
}

TEST_F(RecordedFlowTest, IsEightTimesAsFastWhenAsked) {
  TradingDay day{settings(path, 8)};
  EXPECT_EQ(play(day, 0.12).size(), 1u);
  EXPECT_EQ(play(day, 0.51).size(), 4u);
}

TEST_F(RecordedFlowTest, TradesWithWhoeverIsFirst) {
  TradingDay day{settings(path)};
  (void)play(day, 0.5);
  day.receive(0, test::enter_order({.number = 1, .quantity = 30, .price_e4 = 100'100}),
              kStart + 600'000'000);
  (void)play(day, 3);
  const test::Lines told = test::reply_lines(day.exchange().accounts()[0].replies.bytes());
  EXPECT_EQ(told, (test::Lines{"S S", "A#1 L B30@100100", "E#1 30@100100 A"}));
}

TEST_F(RecordedFlowTest, SkipsOrdersThatAreGone) {
  TradingDay day{settings(path)};
  (void)play(day, 0.5);
  day.receive(
      0,
      test::enter_order(
          {.number = 1, .side = 'S', .quantity = 100, .price_e4 = 100'000, .time_in_force = '3'}),
      kStart + 600'000'000);
  (void)play(day, 5);
  EXPECT_EQ(day.recorded()->counts().skipped, 4u);
}

TEST_F(RecordedFlowTest, CannotBePlayedFromNothing) {
  EXPECT_THROW(TradingDay{settings(folder / "none.itch")}, base::Error);
  std::ofstream{folder / "text"} << "root:x:0:0:root:/root:/bin/bash\n";
  EXPECT_THROW(TradingDay{settings(folder / "text")}, base::Error);
  std::ofstream{folder / "empty"} << "";
  EXPECT_THROW(TradingDay{settings(folder / "empty")}, base::Error);
}

}  // namespace
}  // namespace ridley::venue
