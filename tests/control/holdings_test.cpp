// SPDX-License-Identifier: Apache-2.0
#include "control/holdings.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ridley::control {
namespace {

event::OrderEvent executed(event::Side side, std::uint32_t quantity, std::uint32_t price_e4,
                           std::uint64_t match_number) {
  event::OrderEvent event{};
  event.kind = event::OrderEventKind::Executed;
  event.side = side;
  event.locate = 3;
  event.quantity = quantity;
  event.price_e4 = price_e4;
  event.match_number = match_number;
  return event;
}

}  // namespace

TEST(Holdings, RealisesProfitWhenAPositionIsClosed) {
  Holdings holdings;
  holdings.apply(executed(event::Side::Buy, 100, 100'000, 1));
  holdings.apply(executed(event::Side::Buy, 100, 120'000, 2));
  holdings.apply(executed(event::Side::Sell, 50, 130'000, 3));
  const Holding& holding = holdings.all().at(3);
  EXPECT_EQ(holding.position, 150);
  EXPECT_EQ(holding.realized_profit_e4, 50 * 20'000);
  EXPECT_EQ(holding.unrealized_profit_e4(110'000), 0);
}

TEST(Holdings, TurnsFromLongToShortInOneTrade) {
  Holdings holdings;
  holdings.apply(executed(event::Side::Buy, 100, 100'000, 1));
  holdings.apply(executed(event::Side::SellShort, 300, 90'000, 2));
  const Holding& holding = holdings.all().at(3);
  EXPECT_EQ(holding.position, -200);
  EXPECT_EQ(holding.realized_profit_e4, -100 * 10'000);
  EXPECT_EQ(holding.unrealized_profit_e4(80'000), 200 * 10'000);
}

TEST(Holdings, TakesBackABrokenTradeOnce) {
  Holdings holdings;
  holdings.apply(executed(event::Side::Buy, 100, 100'000, 9));
  event::OrderEvent broken{};
  broken.kind = event::OrderEventKind::Broken;
  broken.match_number = 9;
  holdings.apply(broken);
  holdings.apply(broken);
  EXPECT_EQ(holdings.all().at(3).position, 0);
  EXPECT_EQ(holdings.all().at(3).cash_e4, 0);
}

TEST(Holdings, CorrectsThePriceOfATrade) {
  Holdings holdings;
  holdings.apply(executed(event::Side::Sell, 100, 100'000, 9));
  event::OrderEvent corrected = executed(event::Side::Sell, 100, 101'000, 9);
  corrected.kind = event::OrderEventKind::Corrected;
  holdings.apply(corrected);
  EXPECT_EQ(holdings.all().at(3).position, -100);
  EXPECT_EQ(holdings.all().at(3).cash_e4, 100 * 101'000);
}

TEST(Holdings, NeverLosesMoneyBetweenCashAndProfit) {
  const auto seed = std::random_device{}();
  std::mt19937_64 random{seed};
  RecordProperty("seed", std::to_string(seed));
  Holdings holdings;
  for (std::uint64_t match = 1; match <= 20'000; ++match) {
    const auto side = random() % 2 == 0 ? event::Side::Buy : event::Side::Sell;
    holdings.apply(executed(side, 1 + static_cast<std::uint32_t>(random() % 900),
                            1 + static_cast<std::uint32_t>(random() % 2'000'000), match));
    const Holding& holding = holdings.all().at(3);
    const std::uint32_t mark = 777'700;
    ASSERT_EQ(holding.cash_e4 + holding.position * std::int64_t{mark},
              holding.realized_profit_e4 + holding.unrealized_profit_e4(mark))
        << "seed " << seed;
  }
}

}  // namespace ridley::control
