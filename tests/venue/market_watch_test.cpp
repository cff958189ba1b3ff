// SPDX-License-Identifier: Apache-2.0
// Of venue/market_rules.hpp as well.
#include "venue/market_watch.hpp"

#include <gtest/gtest.h>

#include "exchange_bench.hpp"

namespace ridley::venue {
namespace {

using event::Side;
using test::enter_order;
using test::ExchangeBench;
using test::Lines;

constexpr std::uint64_t kOpen = 34'200 * kSecond_ns;

MarketRules all_rules() {
  return {.price_bands = true, .circuit_breakers = true, .short_sale_test = true};
}

// Two instruments with a market of 99.90 to 100.10; the watch has opened them.
class MarketWatchTest : public testing::Test {
 protected:
  explicit MarketWatchTest(const MarketRules& rules = all_rules())
      : bench{2, {}, ExchangeBench::Hours::System}, watch{bench.exchange, rules} {
    for (const std::uint16_t locate : {std::uint16_t{1}, std::uint16_t{2}}) {
      rest(locate, Side::Buy, 100, 999'000);
      rest(locate, Side::Sell, 100, 1'001'000);
    }
    watch.open(kOpen);
    (void)bench.feed();
  }

  void rest(std::uint16_t locate, Side side, std::uint32_t quantity, std::uint32_t price_e4) {
    (void)bench.exchange.enter({.locate = locate,
                                .side = side,
                                .quantity = quantity,
                                .price_e4 = price_e4,
                                .owner = {kParticipants, 0}});
    watch.look();
  }
  // Two orders of the crowd trade with each other, whatever is between them.
  void trade(std::uint16_t locate, std::uint32_t price_e4) {
    rest(locate, Side::Sell, 1'000, price_e4);
    rest(locate, Side::Buy, 1'000, price_e4);
  }
  Lines act_until(std::uint64_t ns) {
    while (watch.next_ns() <= ns) {
      watch.act();
      watch.look();
    }
    bench.exchange.at(ns);
    return bench.feed();
  }
  // Of those kinds only.
  static Lines only(const Lines& lines, std::string_view kinds) {
    Lines result;
    for (const std::string& line : lines) {
      if (kinds.find(line[0]) != std::string_view::npos) result.push_back(line);
    }
    return result;
  }

  ExchangeBench bench;
  MarketWatch watch;
};

TEST_F(MarketWatchTest, PausesAnInstrumentThatStandsAtItsBand) {
  rest(1, Side::Buy, 200, 1'200'000);  // takes the offer and stays at the band
  EXPECT_EQ(bench.exchange.engine().displayed_best_e4(1, Side::Buy), 1'050'000u);
  EXPECT_EQ(only(act_until(kOpen + 15 * kSecond_ns - 1), "HJ"), Lines{});
  EXPECT_EQ(only(act_until(kOpen + 15 * kSecond_ns), "HJ"), Lines{"H RAAA P LUDP"});
  EXPECT_EQ(bench.enter({.number = 1}), Lines{"J#1 0x07"});
  EXPECT_EQ(act_until(kOpen + 310 * kSecond_ns),
            (Lines{"H RAAA Q T7", "J RAAA 1050000 997500-1102500 0"}));
  // A seller far below the collar waits for one more pause.
  (void)bench.enter({.number = 2, .side = 'S', .price_e4 = 900'000});
  (void)bench.enter({.number = 3, .side = 'S', .quantity = 900, .price_e4 = 900'000});
  (void)bench.crowd(Side::Buy, 900, 900'000);
  const Lines extended = act_until(kOpen + 315 * kSecond_ns);
  EXPECT_EQ(only(extended, "J"), Lines{"J RAAA 1050000 945000-1155000 1"});
  EXPECT_EQ(only(extended, "H"), Lines{});
  EXPECT_EQ(only(extended, "I").size(), 5u);
  (void)bench.enter({.number = 4, .quantity = 800, .price_e4 = 1'000'000});
  (void)bench.feed();
  const Lines resumed = only(act_until(kOpen + 615 * kSecond_ns), "QH");
  ASSERT_EQ(resumed.size(), 2u);
  EXPECT_EQ(resumed[1], "H RAAA T ");
  EXPECT_EQ(bench.exchange.trading_state(1), TradingState::Trading);
}

TEST_F(MarketWatchTest, DoesNotPauseWhoLeavesTheBandInTime) {
  rest(1, Side::Buy, 200, 1'200'000);
  (void)act_until(kOpen + 10 * kSecond_ns);
  rest(1, Side::Sell, 100, 1'050'000);
  EXPECT_EQ(only(act_until(kOpen + 60 * kSecond_ns), "H"), Lines{});
  EXPECT_EQ(watch.next_ns(), kNever);
}

TEST_F(MarketWatchTest, RestrictsShortSalesAfterAFallOfTenPercentOnce) {
  MarketRules rules;
  rules.short_sale_test = true;
  ExchangeBench other{1, {}, ExchangeBench::Hours::System};
  MarketWatch only_test{other.exchange, rules};
  (void)other.crowd(Side::Buy, 10, 1'000'000);
  only_test.open(kOpen);
  (void)other.crowd(Side::Sell, 10, 1'000'000);
  const auto trade_at = [&](std::uint32_t price_e4) {
    (void)other.exchange.enter({.locate = 1,
                                .side = Side::Buy,
                                .quantity = 1,
                                .price_e4 = price_e4,
                                .owner = {kParticipants, 0}});
    (void)other.exchange.enter({.locate = 1,
                                .side = Side::Sell,
                                .quantity = 1,
                                .price_e4 = price_e4,
                                .owner = {kParticipants, 0}});
    only_test.look();
    return MarketWatchTest::only(other.feed(), "Y");
  };
  EXPECT_EQ(trade_at(900'100), Lines{});
  EXPECT_EQ(trade_at(900'000), Lines{"Y RAAA 1"});
  EXPECT_EQ(trade_at(890'000), Lines{});
}

class BreakerTest : public MarketWatchTest {
 protected:
  BreakerTest() : MarketWatchTest{{.circuit_breakers = true}} {}
  void fall(std::uint32_t price_e4) {
    for (const std::uint16_t locate : {std::uint16_t{1}, std::uint16_t{2}}) trade(locate, price_e4);
  }
};

TEST_F(BreakerTest, StopsTheMarketAtEachLevelOnceAndResumesIt) {
  fall(935'000);
  EXPECT_EQ(only(bench.feed(), "W"), Lines{});
  EXPECT_LT(watch.index_e8(), kIndexAtOpen_e8);
  fall(925'000);
  EXPECT_EQ(only(bench.feed(), "WH"), (Lines{"W 1", "H RAAA H MWC1", "H RAAB H MWC1"}));
  EXPECT_EQ(bench.enter({.number = 1}), Lines{"J#1 0x07"});
  const Lines resumed = only(act_until(kOpen + 900 * kSecond_ns), "HQ");
  EXPECT_EQ(resumed, (Lines{"H RAAA Q MWCQ", "H RAAB Q MWCQ", "Q RAAA 0@0 H", "H RAAA T ",
                            "Q RAAB 0@0 H", "H RAAB T "}));
  fall(924'000);
  EXPECT_EQ(only(bench.feed(), "WH"), Lines{});
  fall(700'000);  // through two levels at once, and the day is over
  const Lines last = only(bench.feed(), "WH");
  EXPECT_EQ(last.back(), "H RAAB H MWC3");
  EXPECT_EQ(only(act_until(kOpen + 20'000 * kSecond_ns), "HQ"), Lines{});
}

TEST_F(MarketWatchTest, StopsAndResumesAtTheGivenTimesWithAQuotationPeriod) {
  watch.schedule(kOpen + 10, {.locate = 2, .quote_ns = kOpen + 20, .resume_ns = kOpen + 30});
  EXPECT_EQ(act_until(kOpen + 19), Lines{"H RAAB H T1"});
  EXPECT_EQ(act_until(kOpen + 20), Lines{"H RAAB Q T3"});
  EXPECT_EQ(act_until(kOpen + 30), (Lines{"Q RAAB 0@0 H", "H RAAB T "}));
}

TEST_F(MarketWatchTest, TellsImbalancesBeforeTheCloseAndClosesWithACross) {
  ExchangeBench other{1, {}, ExchangeBench::Hours::System};
  MarketWatch closing{other.exchange, {.close_ns = kOpen + 605 * kSecond_ns}};
  closing.open(kOpen);
  (void)other.feed();
  (void)other.enter({.number = 1, .cross_type = 'C'});
  EXPECT_EQ(closing.next_ns(), kOpen + 5 * kSecond_ns);
  closing.act();
  EXPECT_EQ(other.feed(), Lines{"I RAAA 0 0O far 0 near 0 ref 0 C"});
  EXPECT_EQ(closing.next_ns(), kOpen + 6 * kSecond_ns);
  closing.close();
  EXPECT_EQ(other.feed(), (Lines{"Q RAAA 0@0 C", "S M"}));
  EXPECT_EQ(other.replies(0), Lines{"C#1 100 C"});
  closing.close();
  EXPECT_EQ(other.feed(), Lines{});
}

}  // namespace
}  // namespace ridley::venue
