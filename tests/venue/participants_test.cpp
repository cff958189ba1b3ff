// SPDX-License-Identifier: Apache-2.0
#include "venue/participants.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

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

Market run(std::uint64_t seed, std::uint64_t seconds) {
  TradingDaySettings settings;
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
