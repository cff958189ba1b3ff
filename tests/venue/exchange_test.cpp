// SPDX-License-Identifier: Apache-2.0
#include "venue/exchange.hpp"

#include <gtest/gtest.h>

#include "exchange_bench.hpp"

namespace ridley::venue {
namespace {

using event::Side;
using test::ExchangeBench;
using test::Lines;

NewOrder crowd_order(Side side, std::uint32_t quantity, std::uint32_t price_e4) {
  NewOrder order;
  order.locate = 1;
  order.side = side;
  order.quantity = quantity;
  order.price_e4 = price_e4;
  order.owner = {kParticipants, 1};
  return order;
}

TEST(Exchange, AttributesAParticipantsOrderToItsMpid) {
  ExchangeBench bench;
  NewOrder order = crowd_order(Side::Buy, 10, 100'000);
  order.display = Display::Attributed;
  EXPECT_EQ(bench.exchange.enter(order), 1u);
  EXPECT_EQ(bench.feed(), Lines{"F 1 B10@100000 RDLB"});
}

TEST(Exchange, ReturnsNoReferenceForWhatDoesNotRest) {
  ExchangeBench bench;
  (void)bench.crowd(Side::Sell, 10, 100'000);
  EXPECT_EQ(bench.exchange.enter(crowd_order(Side::Buy, 10, 100'000)), 0u);
  NewOrder immediate = crowd_order(Side::Buy, 10, 100'000);
  immediate.immediate = true;
  EXPECT_EQ(bench.exchange.enter(immediate), 0u);
  EXPECT_EQ(bench.feed(), Lines{"E 1 10"});
}

TEST(Exchange, ShowsNothingOfChangesToHiddenOrders) {
  ExchangeBench bench;
  const std::uint64_t hidden = bench.crowd(Side::Buy, 10, 100'000, Display::Hidden);
  bench.exchange.reduce(hidden, 4);
  NewOrder again = crowd_order(Side::Buy, 10, 99'900);
  again.display = Display::Hidden;
  const std::uint64_t moved = bench.exchange.replace(hidden, again);
  bench.exchange.reduce(moved, 10);
  EXPECT_EQ(bench.feed(), Lines{});
  EXPECT_EQ(bench.exchange.engine().resting_count(), 0u);
}

TEST(Exchange, IgnoresAReductionOfWhatIsGone) {
  ExchangeBench bench;
  bench.exchange.reduce(12, 1);
  EXPECT_EQ(bench.feed(), Lines{});
}

TEST(Exchange, KeepsAttributionApartInAReplace) {
  ExchangeBench bench;
  const std::uint64_t plain = bench.crowd(Side::Buy, 10, 100'000);
  NewOrder attributed = crowd_order(Side::Buy, 10, 99'900);
  attributed.display = Display::Attributed;
  (void)bench.exchange.replace(plain, attributed);
  EXPECT_EQ(bench.feed(), (Lines{"D 1", "F 2 B10@99900 RDLB"}));
}

TEST(Exchange, TakesOrdersFromTheStartOfSystemHoursToTheClose) {
  ExchangeSettings settings;
  settings.instrument_count = 1;
  Exchange exchange{settings};
  EXPECT_FALSE(exchange.accepts_orders());
  EXPECT_EQ(exchange.trading_state(1), TradingState::Halted);
  exchange.open_system();
  EXPECT_TRUE(exchange.accepts_orders());
  EXPECT_EQ(exchange.trading_state(1), TradingState::Trading);
  exchange.open_market();
  EXPECT_TRUE(exchange.accepts_orders());
  exchange.close();
  EXPECT_FALSE(exchange.accepts_orders());
}

}  // namespace
}  // namespace ridley::venue
