// SPDX-License-Identifier: Apache-2.0
// Rules that need more than one order: priority, self-match prevention, minimums, limits, crosses.
#include "venue/desk_orders.hpp"

#include <gtest/gtest.h>

#include "exchange_bench.hpp"

namespace ridley::venue {
namespace {

using event::Side;
using test::cancel_order;
using test::enter_order;
using test::Entry;
using test::ExchangeBench;
using test::Lines;
using test::replace_order;
using test::value;
using wire::ouch::Tag;

TEST(DeskOrders, KeepsPriorityAndReferenceInAReplaceThatOnlyShrinks) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1});
  (void)bench.enter({.number = 2});
  (void)bench.feed();
  EXPECT_EQ(bench.say(replace_order(1, {.number = 3, .quantity = 60})),
            Lines{"U#1>3 L B60@100000"});
  EXPECT_EQ(bench.feed(), Lines{"X 1 40"});
  EXPECT_EQ(bench.say(replace_order(3, {.number = 4, .quantity = 60})),
            Lines{"U#3>4 L B60@100000"});
  EXPECT_EQ(bench.feed(), Lines{});
  (void)bench.crowd(Side::Sell, 10, 100'000);
  EXPECT_EQ(bench.replies(0), Lines{"E#4 10@100000 A"});
  EXPECT_EQ(bench.say(replace_order(4, {.number = 5, .quantity = 61})),
            Lines{"U#4>5 L B51@100000"});
  (void)bench.crowd(Side::Sell, 10, 100'000);
  EXPECT_EQ(bench.replies(0), Lines{"E#2 10@100000 A"});
}

std::vector<std::byte> guarded(const Entry& entry, char strategy) {
  return test::with_element(enter_order(entry), Tag::AiqStrategy, value({strategy}));
}

TEST(DeskOrders, KeepsAFirmFromTradingWithItself) {
  ExchangeBench bench;
  (void)bench.say(guarded({.number = 1, .side = 'S'}, 'O'));
  (void)bench.feed();
  EXPECT_EQ(bench.say(guarded({.number = 2, .quantity = 30}, 'O')),
            (Lines{"A#2 L B30@100000", "D#1 100 of 30@100000 QA"}));
  EXPECT_EQ(bench.feed(), (Lines{"D 1", "A 2 B30@100000"}));
  EXPECT_EQ(bench.say(guarded({.number = 3, .side = 'S', .quantity = 10}, 'D')),
            (Lines{"A#3 L S10@100000", "D#2 10 of 10@100000 QA", "D#3 10 of 10@100000 QR"}));
  EXPECT_EQ(bench.feed(), Lines{"X 2 10"});
  EXPECT_EQ(bench.say(guarded({.number = 4, .side = 'S', .quantity = 10}, 'W')),
            (Lines{"A#4 L S10@100000", "D#4 10 of 10@100000 QR"}));
  EXPECT_EQ(bench.feed(), Lines{});
  EXPECT_EQ(bench.exchange.accounts()[0].orders().size(), 1u);
  // Another firm, and an order that asks for no protection, trade as ever.
  bench.desk.receive(1, guarded({.number = 1, .side = 'S', .quantity = 5}, 'O'));
  EXPECT_EQ(bench.replies(0), Lines{"E#2 5@100000 A"});
  EXPECT_EQ(bench.enter({.number = 5, .side = 'S', .quantity = 5}),
            (Lines{"A#5 L S5@100000", "E#2 5@100000 A", "E#5 5@100000 R"}));
  EXPECT_EQ(bench.say(guarded({.number = 6}, '?')), Lines{"J#6 0x0f"});
}

TEST(DeskOrders, TakesAMinimumWhereNobodyIsShownIt) {
  ExchangeBench bench;
  const auto with_minimum = [](const Entry& entry, int minimum) {
    return test::with_element(enter_order(entry), Tag::MinQty, value({0, 0, 0, minimum}));
  };
  (void)bench.crowd(Side::Sell, 30, 100'000);
  EXPECT_EQ(bench.say(with_minimum({.number = 1, .time_in_force = '3'}, 31)),
            Lines{"A#1 D B100@100000"});
  EXPECT_EQ(bench.say(with_minimum({.number = 2, .time_in_force = '3'}, 30)),
            (Lines{"A#2 L B100@100000", "E#2 30@100000 R", "C#2 70 I"}));
  EXPECT_EQ(bench.say(with_minimum({.number = 3, .display = 'N'}, 50)), Lines{"A#3 L B100@100000"});
  EXPECT_EQ(bench.say(with_minimum({.number = 4, .quantity = 10, .display = 'N'}, 11)),
            Lines{"J#4 0x0d"});
  (void)bench.crowd(Side::Sell, 49, 100'000);
  EXPECT_EQ(bench.replies(0), Lines{});
  (void)bench.crowd(Side::Sell, 50, 100'000);
  EXPECT_EQ(bench.replies(0), Lines{"E#3 50@100000 J"});
}

TEST(DeskOrders, HoldsTheLimitsOfThePortAndNamesThem) {
  ExchangeBench bench{2,
                      {.quantity_max = 500,
                       .notional_max_e4 = 30'000'000,
                       .away_bps_max = 100,
                       .orders_a_second = 6,
                       .open_orders_max = 1}};
  (void)bench.crowd(Side::Sell, 30, 100'000);
  EXPECT_EQ(bench.enter({.number = 1, .quantity = 501}), Lines{"J#1 0x1e"});
  EXPECT_EQ(bench.enter({.number = 2, .quantity = 400}), Lines{"J#2 0x1f"});
  EXPECT_EQ(bench.enter({.number = 3, .price_e4 = 101'100}), Lines{"J#3 0x06"});
  EXPECT_EQ(bench.enter({.number = 4, .price_e4 = 99'900}), Lines{"A#4 L B100@99900"});
  EXPECT_EQ(bench.enter({.number = 5, .price_e4 = 99'900}), Lines{"J#5 0x0f"});
  EXPECT_EQ(bench.say(replace_order(4, {.number = 6, .price_e4 = 99'800})),
            Lines{"U#4>6 L B100@99800"});
  EXPECT_EQ(bench.say(replace_order(6, {.number = 7, .price_e4 = 99'700})), Lines{"J#7 0x0f"});
  EXPECT_EQ(bench.say(cancel_order(6, 0)), Lines{"C#6 100 U"});
}

// Before the open and in it, with a seller of 50 and a buyer of 30 who wait for the cross.
TEST(DeskOrders, WaitForTheOpeningCrossAndTradeInIt) {
  ExchangeBench bench{1, {}, ExchangeBench::Hours::System};
  EXPECT_EQ(bench.enter({.number = 1, .side = 'S', .quantity = 50, .cross_type = 'O'}),
            Lines{"A#1 L S50@100000"});
  bench.desk.receive(
      1, enter_order({.number = 1, .quantity = 30, .price_e4 = kMarketPrice, .cross_type = 'O'}));
  EXPECT_EQ(bench.feed(), Lines{});
  bench.exchange.publish_imbalance(1, CrossType::Opening);
  EXPECT_EQ(bench.feed(), Lines{"I RAAA 30 20S far 100000 near 100000 ref 100000 O"});
  bench.exchange.open_market();
  bench.exchange.cross(1, CrossType::Opening,
                       bench.exchange.crosses().find(1, CrossType::Opening, 0));
  EXPECT_EQ(bench.replies(0), (Lines{"E#1 30@100000 M", "C#1 20 C"}));
  EXPECT_EQ(bench.replies(1), (Lines{"A#1 L B30@2147483647", "E#1 30@100000 M"}));
  EXPECT_EQ(bench.feed(), (Lines{"S Q", "Q RAAA 30@100000 O"}));
  EXPECT_EQ(bench.exchange.last_e4(1), 100'000u);
  EXPECT_EQ(bench.exchange.accounts()[0].orders().size(), 0u);
  EXPECT_EQ(bench.enter({.number = 2, .cross_type = 'O'}), Lines{"J#2 0x14"});
}

TEST(DeskOrders, TradeInTheClosingCrossWithTheBook) {
  ExchangeBench bench{1};
  const std::uint64_t bid = bench.crowd(Side::Buy, 40, 99'900);
  (void)bench.crowd(Side::Buy, 40, 99'800, Display::Hidden);
  EXPECT_EQ(
      bench.enter(
          {.number = 1, .side = 'S', .quantity = 60, .price_e4 = kMarketPrice, .cross_type = 'C'}),
      Lines{"A#1 L S60@2147483647"});
  EXPECT_EQ(bench.say(replace_order(1, {.number = 2})), Lines{"J#2 0x15"});
  EXPECT_EQ(bench.say(cancel_order(1, 50)), Lines{"C#1 10 U"});
  const Auction auction = bench.exchange.crosses().find(1, CrossType::Closing, 0);
  EXPECT_EQ(auction.price_e4, 99'800u);
  EXPECT_EQ(auction.paired, 50u);
  bench.exchange.cross(1, CrossType::Closing, auction);
  EXPECT_EQ(bench.feed(), (Lines{fmt::format("C {} 40@99800 N", bid), "Q RAAA 50@99800 C"}));
  EXPECT_EQ(bench.replies(0), Lines{"E#1 50@99800 L"});
  EXPECT_EQ(bench.exchange.engine().resting_count(), 1u);
}

TEST(DeskOrders, RestWithoutTradingInAQuotationPeriodAndTradeInItsCross) {
  ExchangeBench bench{1};
  bench.exchange.set_trading_state(1, TradingState::Halted, "T1");
  EXPECT_EQ(bench.enter({.number = 1}), Lines{"J#1 0x07"});
  EXPECT_EQ(bench.enter({.number = 2, .quantity = 10, .cross_type = 'H'}).front(),
            "A#2 L B10@100000");
  bench.exchange.set_trading_state(1, TradingState::Quoting, "T3");
  EXPECT_EQ(bench.enter({.number = 3, .side = 'S', .price_e4 = 99'000}), Lines{"A#3 L S100@99000"});
  EXPECT_EQ(bench.enter({.number = 4, .price_e4 = 101'000}), Lines{"A#4 L B100@101000"});
  EXPECT_EQ(bench.enter({.number = 5, .price_e4 = 101'000, .time_in_force = '3'}),
            Lines{"A#5 D B100@101000"});
  (void)bench.feed();
  bench.exchange.cross(1, CrossType::Halt, bench.exchange.crosses().find(1, CrossType::Halt, 0));
  bench.exchange.set_trading_state(1, TradingState::Trading, "");
  EXPECT_EQ(bench.replies(0), (Lines{"E#4 100@101000 K", "E#3 100@101000 K", "C#2 10 C"}));
  EXPECT_EQ(bench.feed(),
            (Lines{"C 3 100@101000 N", "C 2 100@101000 N", "Q RAAA 100@101000 H", "H RAAA T "}));
}

TEST(DeskOrders, GetThePriceThatTheMarketAllows) {
  ExchangeBench bench{1};
  bench.exchange.set_bands(1, {.lower_e4 = 95'000, .upper_e4 = 105'000});
  EXPECT_EQ(bench.enter({.number = 1, .price_e4 = 110'000}), Lines{"A#1 L B100@105000"});
  EXPECT_EQ(bench.enter({.number = 2, .side = 'S', .quantity = 10, .price_e4 = 90'000}),
            (Lines{"A#2 L S10@95000", "E#1 10@105000 A", "E#2 10@105000 R"}));
  bench.exchange.set_bands(1, {});
  (void)bench.feed();
  bench.exchange.restrict_short_sales(1);
  EXPECT_EQ(bench.feed(), Lines{"Y RAAA 1"});
  EXPECT_EQ(bench.enter({.number = 3, .side = 'T', .quantity = 10, .price_e4 = 105'000}),
            Lines{"A#3 L T10@105100"});
  EXPECT_EQ(bench.enter({.number = 4, .side = 'E', .quantity = 10, .price_e4 = 105'000}).size(),
            3u);
}

}  // namespace
}  // namespace ridley::venue
