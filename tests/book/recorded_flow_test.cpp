// SPDX-License-Identifier: Apache-2.0
// src/book/books.cpp on recorded and generated days, against what others say the books must be.
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "book/books.hpp"
#include "feed/decode.hpp"
#include "feed/itch_file.hpp"
#include "support/shared_data.hpp"

namespace ridley::book {
namespace {

constexpr Limits kOneInstrument{.orders_max = 1 << 16, .levels_max = 1 << 14, .instruments_max = 4};

// Plays all messages up to a time, in the order of the file.
class Play {
 public:
  Play(const std::filesystem::path& file, const Limits& limits)
      : books{limits}, file_{file.string()} {
    read();
  }

  void until(std::uint64_t exchange_ns) {
    while (pending_ && event_.exchange_ns <= exchange_ns) {
      books.apply(event_);
      read();
    }
  }
  void all() { until(~0ULL); }

  Books books;
  std::uint64_t messages = 0;

 private:
  void read() {
    feed::ItchFileMessage message;
    pending_ = file_.next(message);
    if (!pending_) return;
    ASSERT_EQ(feed::decode(message.bytes, message.sequence, event_), feed::Decoded::Event);
    ++messages;
  }

  feed::ItchFile file_;
  event::MarketEvent event_{};
  bool pending_ = false;
};

void expect_truth(const std::string& name) {
  Play play{test::shared_data("orderflow/" + name + ".itch.xz"), kOneInstrument};
  play.all();
  std::ifstream file{test::shared_data("orderflow/" + name + ".truth.json")};
  const auto truth = nlohmann::json::parse(file);
  EXPECT_EQ(play.messages, truth["messages"]);
  EXPECT_EQ(play.books.live_orders(), truth["live_orders"]);
  EXPECT_EQ(play.books.counters().unknown_orders, 0u);
  EXPECT_EQ(play.books.counters().inconsistencies, 0u);
  EXPECT_EQ(play.books.counters().duplicate_orders, 0u);
  for (const auto& [symbol, expected] : truth["instruments"].items()) {
    const Locate locate = expected["locate"];
    EXPECT_EQ(play.books.symbol(locate), symbol);
    EXPECT_FALSE(play.books.stale(locate));
    const Top& top = play.books.top(locate);
    EXPECT_EQ(top.bid_price_e4, expected["bid"][0]);
    EXPECT_EQ(top.bid_quantity, expected["bid"][1]);
    EXPECT_EQ(top.ask_price_e4, expected["ask"][0]);
    EXPECT_EQ(top.ask_quantity, expected["ask"][1]);
    std::size_t bids = 0;
    std::size_t asks = 0;
    play.books.for_each_level(locate, event::Side::Buy, [&](const LevelView&) { ++bids; });
    play.books.for_each_level(locate, event::Side::Sell, [&](const LevelView&) { ++asks; });
    EXPECT_EQ(bids, expected["bid_levels"]);
    EXPECT_EQ(asks, expected["ask_levels"]);
  }
}

std::vector<std::vector<std::string>> rows(const std::filesystem::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string>& row = rows.emplace_back();
    std::istringstream cells{line};
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
  }
  return rows;
}

using Levels = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

constexpr std::size_t kLevelsCompared = 3;

Levels best_levels(const Books& books, event::Side side) {
  Levels levels;
  books.for_each_level(1, side, [&](const LevelView& level) {
    levels.emplace_back(level.price_e4, level.quantity);
    return levels.size() < kLevelsCompared;
  });
  return levels;
}

// A row has ask price, ask size, bid price, bid size, then the next level.
Levels best_levels(const std::vector<std::string>& row, event::Side side) {
  Levels levels;
  for (std::size_t i = 0; i < kLevelsCompared; ++i) {
    const std::size_t at = 4 * i + (side == event::Side::Buy ? 2 : 0);
    levels.emplace_back(std::stoul(row.at(at)), std::stoul(row.at(at + 1)));
  }
  return levels;
}

// The generator is beside the checkout, not in it; it is compiled when it is there.
struct GeneratedDay {
  explicit GeneratedDay(const std::string& arguments) {
    folder = testing::TempDir() + "ridley_itchgen_" + std::to_string(::getpid());
    std::filesystem::create_directories(folder);
    const std::string command = "c++ -O2 -w -o " + folder + "/itchgen " +
                                test::shared_data("../tools/itchgen.cpp").string() + " && " +
                                folder + "/itchgen " + folder + "/day.itch " + arguments + " 2> " +
                                folder + "/said";
    made = std::system(command.c_str()) == 0;
    std::ifstream file{folder + "/said"};
    std::getline(file, said);
  }
  ~GeneratedDay() { std::filesystem::remove_all(folder); }
  GeneratedDay(const GeneratedDay&) = delete;
  GeneratedDay& operator=(const GeneratedDay&) = delete;

  [[nodiscard]] std::uint64_t value(const std::string& name, int base = 10) const {
    std::smatch match;
    if (!std::regex_search(said, match, std::regex{name + "=([0-9a-f]+)"})) return ~0ULL;
    return std::stoull(match[1], nullptr, base);
  }

  std::string folder;
  std::string said;
  bool made = false;
};

}  // namespace

TEST(RecordedFlow, EndsWithTheBookOfItsTruth) {
  for (const std::string name : {"aapl-20120621", "es-20240508", "esh4-20231224"}) {
    RIDLEY_NEEDS_SHARED_DATA("orderflow/" + name + ".itch.xz");
    expect_truth(name);
  }
}

TEST(RecordedFlow, ShowsTheSourcesBestThreeLevelsAtEveryTimestamp) {
  RIDLEY_NEEDS_SHARED_DATA("orderflow/aapl-20120621.itch.xz");
  const std::string source = "lobster/AAPL_2012-06-21_34200000_57600000_";
  const auto messages = rows(test::shared_data(source + "message_10.csv"));
  const auto expected = rows(test::shared_data(source + "orderbook_10.csv"));
  ASSERT_EQ(messages.size(), expected.size());
  Play play{test::shared_data("orderflow/aapl-20120621.itch.xz"), kOneInstrument};
  std::size_t timestamps = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (i + 1 < messages.size() && messages[i][0] == messages[i + 1][0]) continue;
    play.until(static_cast<std::uint64_t>(std::stod(messages[i][0]) * 1e9 + .5));
    for (const event::Side side : {event::Side::Buy, event::Side::Sell})
      ASSERT_EQ(best_levels(play.books, side), best_levels(expected[i], side)) << "row " << i + 1;
    ++timestamps;
  }
  EXPECT_EQ(timestamps, 890u);
}

TEST(RecordedFlow, CountsTheUnknownOrdersOfAnArtificialDay) {
  RIDLEY_NEEDS_SHARED_DATA("itch/ex20101224.TEST_ITCH_50.gz");
  Play play{test::shared_data("itch/ex20101224.TEST_ITCH_50.gz"), kOneInstrument};
  play.all();
  EXPECT_EQ(play.messages, 12'012u);
  EXPECT_EQ(play.books.counters().unknown_orders, 117u);
  EXPECT_EQ(play.books.symbol(1), "ALC");
  EXPECT_EQ(play.books.symbol(2), "BOB");
  EXPECT_EQ(play.books.symbol(3), "CHAR");
}

TEST(RecordedFlow, ListsTheInstrumentsOfARealMorning) {
  RIDLEY_NEEDS_SHARED_DATA("itch/nasdaq-session-head-1000.itch");
  Play play{test::shared_data("itch/nasdaq-session-head-1000.itch"),
            Limits{.orders_max = 16, .levels_max = 16, .instruments_max = 1 << 16}};
  play.all();
  std::size_t listed = 0;
  for (std::uint32_t locate = 0; locate < play.books.instruments_max(); ++locate)
    listed += play.books.listed(static_cast<Locate>(locate)) ? 1 : 0;
  EXPECT_EQ(listed, 993u);
  EXPECT_EQ(play.books.live_orders(), 0u);
  EXPECT_EQ(play.books.session(), Session::StartOfMessages);
}

TEST(GeneratedDay, EndsWithTheGeneratorsOwnBooks) {
  RIDLEY_NEEDS_SHARED_DATA("../tools/itchgen.cpp");
  const GeneratedDay day{"100000 500 7"};
  ASSERT_TRUE(day.made) << day.said;
  Play play{day.folder + "/day.itch",
            Limits{.orders_max = 1 << 17, .levels_max = 1 << 17, .instruments_max = 1 << 16}};
  play.all();
  EXPECT_EQ(play.messages, day.value("msgs"));
  EXPECT_EQ(play.books.live_orders(), day.value("live_orders"));
  EXPECT_EQ(play.books.live_levels(), day.value("live_levels"));
  EXPECT_EQ(play.books.bbo_digest(), day.value("bbo_digest", 16));
  EXPECT_EQ(play.books.counters().unknown_orders, 0u);
  EXPECT_EQ(play.books.counters().crossed, 0u);
}

}  // namespace ridley::book
