// SPDX-License-Identifier: Apache-2.0
// Of venue/participants.cpp and venue/participants_ahead.cpp.
#include "venue/participants.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "feed/lobster_file.hpp"
#include "support/shared_data.hpp"
#include "venue/trading_day.hpp"

namespace ridley::venue {
namespace {

using event::Side;

constexpr std::uint64_t kStart = 34'200'000'000'000;
constexpr std::uint64_t kSecond = 1'000'000'000;

struct Market {
  std::map<char, std::uint64_t> messages;  // by type
  double spread_ticks = 0;                 // mean
  double levels = 0;                       // mean of a side
  std::uint32_t one_sided = 0;
};

Market run(std::uint64_t seed, std::uint64_t seconds, Flow flow = Flow::Makers) {
  TradingDaySettings settings;
  settings.participants.flow = flow;
  settings.exchange.instrument_count = 10;
  settings.participants.seed = seed;
  settings.participants.messages_per_second = 5'000;
  TradingDay day{settings};
  Market market;
  double looks = 0;
  for (std::uint64_t ns = kStart; ns <= kStart + seconds * kSecond; ns += kSecond / 20) {
    (void)day.advance(ns, 0xFFFF'FFFF);
    for_each_message(day.exchange().feed().published().bytes(),
                     [&](std::span<const std::byte> message) {
                       ++market.messages[static_cast<char>(message[0])];
                     });
    day.exchange().feed().clear();
    for (std::uint16_t locate = 1; locate <= 10 && ns > kStart; ++locate) {
      const MatchingEngine& engine = day.exchange().engine();
      const std::uint32_t bid = engine.displayed_best_e4(locate, Side::Buy);
      const std::uint32_t ask = engine.displayed_best_e4(locate, Side::Sell);
      if (bid == 0 || ask == 0) {
        ++market.one_sided;
        continue;
      }
      market.spread_ticks += (ask - bid) / 100.0;
      std::set<std::uint32_t> prices;
      engine.for_each_order(locate, Side::Buy, [&](const RestingOrder& order) {
        prices.insert(order.price_e4);
        return true;
      });
      market.levels += static_cast<double>(prices.size());
      ++looks;
    }
  }
  market.spread_ticks /= looks;
  market.levels /= looks;
  return market;
}

TEST(Participants, MakeAMarketWithTightSpreadsAndDeepBooks) {
  constexpr std::uint64_t kSeed = 21;
  SCOPED_TRACE(kSeed);
  const Market market = run(kSeed, 20);
  EXPECT_EQ(market.one_sided, 0u);
  EXPECT_LT(market.spread_ticks, 4.0);
  EXPECT_GT(market.levels, 8.0);
  RecordProperty("spread_ticks", std::to_string(market.spread_ticks));
  RecordProperty("levels", std::to_string(market.levels));
}

TEST(Participants, SendEveryKindOfMessageAtTheAskedRate) {
  const Market market = run(4, 20);
  std::uint64_t total = 0;
  for (const auto& [type, count] : market.messages) total += count;
  EXPECT_NEAR(static_cast<double>(total), 100'000.0, 5'000.0);
  for (const char type : {'A', 'F', 'E', 'X', 'D', 'U', 'P'}) {
    EXPECT_GT(market.messages.at(type), 10u) << type;
  }
}

// Of what was said of orders, by letter: A and D, E, P.
using Mix = std::map<char, double>;

Mix mix_of(Flow flow) {
  Market market = run(5, 20, flow);
  double total = 0;
  for (const char type : {'A', 'F', 'E', 'C', 'X', 'D', 'U', 'P'})
    total += static_cast<double>(market.messages[type]);
  EXPECT_NEAR(total, 100'000.0, 8'000.0);
  Mix mix;
  for (const char type : {'A', 'D', 'E', 'P'})
    mix[type] = static_cast<double>(market.messages[type]) / total;
  return mix;
}

void expect_near(const Mix& made, const Mix& recorded) {
  EXPECT_NEAR(made.at('A'), recorded.at('A'), 0.03);
  EXPECT_NEAR(made.at('D'), recorded.at('D'), 0.03);
  EXPECT_NEAR(made.at('E'), recorded.at('E'), 0.015);
  EXPECT_NEAR(made.at('P'), recorded.at('P'), 0.015);
}

// What is published of AAPL on 2012-06-21 behind the opening book.
TEST(Participants, HaveTheMixOfARecordedDayWithoutOpinions) {
  for (const Flow flow : {Flow::ZeroIntelligence, Flow::Hawkes})
    expect_near(mix_of(flow), {{'A', 0.458}, {'D', 0.362}, {'E', 0.096}, {'P', 0.060}});
}

constexpr const char* kSample = "lobster/AAPL_2012-06-21_34200000_57600000_message_10.csv";

TEST(Participants, HaveTheMixOfTheRecordingItself) {
  RIDLEY_NEEDS_SHARED_DATA(kSample);
  std::ifstream file{ridley::test::shared_data(kSample)};
  constexpr std::array kLetters{'?', 'A', 'X', 'D', 'E', 'P'};
  Mix recorded;
  double total = 0;
  for (std::string line; std::getline(file, line); ++total)
    ++recorded[kLetters.at(feed::parse_lobster_line(line)->type)];
  for (auto& [type, count] : recorded) count /= total;
  for (const Flow flow : {Flow::ZeroIntelligence, Flow::Hawkes})
    expect_near(mix_of(flow), recorded);
}

// The variance of what happens in a tenth of a second, in units of its mean.
double clustering_of(const std::vector<double>& counts) {
  double sum = 0;
  double squares = 0;
  for (const double count : counts) {
    sum += count;
    squares += count * count;
  }
  const double mean = sum / static_cast<double>(counts.size());
  return (squares / static_cast<double>(counts.size()) - mean * mean) / mean;
}

double clustering(Flow flow) {
  TradingDaySettings settings;
  settings.exchange.instrument_count = 1;
  settings.participants.seed = 6;
  settings.participants.flow = flow;
  settings.participants.messages_per_second = 21;  // as in the recording
  TradingDay day{settings};
  std::vector<double> counts;
  std::uint64_t before = 0;
  for (std::uint64_t ns = kStart + kSecond; ns <= kStart + 1'000 * kSecond; ns += kSecond / 10) {
    (void)day.advance(ns, 0xFFFF'FFFF);
    const std::uint64_t count = day.exchange().feed().message_count();
    if (before != 0) counts.push_back(static_cast<double>(count - before));
    before = count;
    day.exchange().feed().clear();
  }
  return clustering_of(counts);
}

// One of arrivals that know nothing of each other, 1 / (1 - 0.66)^2 at most of those that draw
// others.
TEST(Participants, ComeInClustersAsInARecordedDayWhenTheyExciteEachOther) {
  EXPECT_NEAR(clustering(Flow::ZeroIntelligence), 1.0, 0.25);
  EXPECT_GT(clustering(Flow::Hawkes), 4.0);
  EXPECT_LT(clustering(Flow::Hawkes), 13.0);
}

// The recording has 10.6 in its 490 tenths of a second: within a third of what is made.
TEST(Participants, AreClusteredAsTheRecordingItself) {
  RIDLEY_NEEDS_SHARED_DATA(kSample);
  std::ifstream file{ridley::test::shared_data(kSample)};
  std::vector<double> counts(490);
  std::optional<std::uint64_t> first_ns;
  for (std::string line; std::getline(file, line);) {
    const std::uint64_t ns = feed::parse_lobster_line(line)->ns;
    const std::size_t tenth = (ns - first_ns.value_or(ns)) / (kSecond / 10);
    if (!first_ns) first_ns = ns;
    if (tenth < counts.size()) ++counts[tenth];
  }
  const double recorded = clustering_of(counts);
  EXPECT_NEAR(clustering(Flow::Hawkes), recorded, recorded / 3);
}

TEST(Participants, LeaveTheOpeningBookAloneWithoutARate) {
  TradingDaySettings settings;
  settings.exchange.instrument_count = 3;
  settings.participants.messages_per_second = 0;
  TradingDay day{settings};
  EXPECT_TRUE(day.advance(kStart + kSecond, 0xFFFF'FFFF));
  const std::uint64_t count = day.exchange().feed().message_count();
  EXPECT_EQ(day.next_ns(), Participants::kNever);
  EXPECT_TRUE(day.advance(kStart + 100 * kSecond, 0xFFFF'FFFF));
  EXPECT_EQ(day.exchange().feed().message_count(), count);
  EXPECT_GT(day.exchange().engine().resting_count(), 3u * 40u);
}

}  // namespace
}  // namespace ridley::venue
