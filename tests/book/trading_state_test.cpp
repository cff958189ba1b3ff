// SPDX-License-Identifier: Apache-2.0
// src/book/trading_state.cpp: everything in Books but orders.
#include <gtest/gtest.h>

#include "book/books.hpp"
#include "book/events.hpp"

namespace ridley::book {
namespace {

constexpr Limits kSmall{.orders_max = 100, .levels_max = 100, .instruments_max = 10};

event::MarketEvent system_event(char code) {
  event::MarketEvent event = event_of(event::EventKind::SystemEvent, 0);
  event.system.event_code = static_cast<std::uint8_t>(code);
  return event;
}

event::MarketEvent breach(char level) {
  event::MarketEvent event = event_of(event::EventKind::CircuitBreakerStatus, 0);
  event.breaker_status.level = static_cast<std::uint8_t>(level);
  return event;
}

event::MarketEvent operational_halt(Locate locate, char market, char action) {
  event::MarketEvent event = event_of(event::EventKind::OperationalHalt, locate);
  event.halt.market_code = static_cast<std::uint8_t>(market);
  event.halt.action = static_cast<std::uint8_t>(action);
  return event;
}

event::MarketEvent short_sale(Locate locate, char action) {
  event::MarketEvent event = event_of(event::EventKind::ShortSaleRestriction, locate);
  event.short_sale.action = static_cast<std::uint8_t>(action);
  return event;
}

}  // namespace

TEST(TradingState, IsUnknownAndNotTradableBeforeTheFirstTradingAction) {
  Books books{kSmall};
  books.apply(Directory{1, "AAPL"});
  EXPECT_EQ(books.state(1), TradingState::Unknown);
  EXPECT_FALSE(books.tradable(1));
}

TEST(TradingState, KeepsWhatASnapshotDoesNotSay) {
  Books believed{kSmall};
  believed.apply(Directory{1, "AAPL"});
  believed.apply(Directory{2, "MSFT"});
  believed.apply(TradingAction{1, 'T'});
  believed.apply(TradingAction{2, 'T'});
  believed.apply(Add{7, event::Side::Sell, 100, 10'000});
  believed.apply(Execute{7, 10});
  event::MarketEvent collar = event_of(event::EventKind::AuctionCollar, 2);
  collar.collar.reference_price_e4 = 20'000;
  believed.apply(collar);
  believed.apply(breach('1'));
  believed.apply(TradingAction{1, 'T'});  // 2 stays halted
  ASSERT_EQ(believed.state(2), TradingState::Halted);

  Books snapshot{kSmall};
  snapshot.apply(Directory{1, "AAPL"});
  snapshot.apply(Directory{2, "MSFT"});
  snapshot.apply(TradingAction{1, 'T'});
  snapshot.apply(TradingAction{2, 'T'});
  snapshot.apply(Add{7, event::Side::Sell, 90, 10'000});
  ASSERT_EQ(snapshot.top(1).last_price_e4, 0u);
  snapshot.keep_from(believed);
  EXPECT_EQ(snapshot.top(1).last_price_e4, 10'000u);
  EXPECT_EQ(snapshot.top(1).ask_quantity, 90u);
  EXPECT_EQ(snapshot.collar(2).reference_price_e4, 20'000u);
  EXPECT_EQ(snapshot.breached_level(), believed.breached_level());
  EXPECT_TRUE(snapshot.tradable(1));
  EXPECT_EQ(snapshot.state(2), TradingState::Halted);
  snapshot.apply(TradingAction{2, 'T'});
  EXPECT_TRUE(snapshot.tradable(2));
}

TEST(TradingState, FollowsEveryTradingAction) {
  Books books{kSmall};
  const Change change = books.apply(TradingAction{1, 'T'});
  EXPECT_TRUE(change.state);
  EXPECT_FALSE(change.top);
  EXPECT_EQ(change.locate, 1u);
  EXPECT_TRUE(books.tradable(1));
  books.apply(TradingAction{1, 'H'});
  EXPECT_EQ(books.state(1), TradingState::Halted);
  EXPECT_FALSE(books.tradable(1));
  books.apply(TradingAction{1, 'P'});
  EXPECT_EQ(books.state(1), TradingState::Paused);
  EXPECT_FALSE(books.tradable(1));
  books.apply(TradingAction{1, 'Q'});
  EXPECT_EQ(books.state(1), TradingState::QuotationOnly);
  EXPECT_FALSE(books.tradable(1));
  books.apply(TradingAction{1, 'T'});
  books.apply(TradingAction{1, '?'});
  EXPECT_EQ(books.state(1), TradingState::Unknown);
  EXPECT_FALSE(books.tradable(1));
}

TEST(TradingState, StopsOnAnOperationalHaltOfOurMarketOnly) {
  Books books{kSmall};
  books.apply(TradingAction{1, 'T'});
  books.apply(operational_halt(1, 'B', 'H'));
  books.apply(operational_halt(1, 'X', 'H'));
  EXPECT_TRUE(books.tradable(1));
  EXPECT_TRUE(books.apply(operational_halt(1, 'Q', 'H')).state);
  EXPECT_TRUE(books.operationally_halted(1));
  EXPECT_FALSE(books.tradable(1));
  books.apply(operational_halt(1, 'B', 'T'));
  EXPECT_FALSE(books.tradable(1));
  books.apply(operational_halt(1, 'Q', 'T'));
  EXPECT_TRUE(books.tradable(1));
  books.apply(operational_halt(1, '?', '?'));
  EXPECT_FALSE(books.tradable(1)) << "an unknown code stops";
}

TEST(TradingState, HaltsEverybodyOnAMarketWideBreachUntilTheirNextTradingAction) {
  Books books{kSmall};
  books.apply(TradingAction{1, 'T'});
  books.apply(TradingAction{2, 'T'});
  EXPECT_TRUE(books.apply(breach('1')).state);
  EXPECT_EQ(books.breached_level(), '1');
  EXPECT_EQ(books.state(1), TradingState::Halted);
  EXPECT_EQ(books.state(3), TradingState::Unknown);
  EXPECT_FALSE(books.tradable(2));
  books.apply(TradingAction{1, 'T'});
  EXPECT_TRUE(books.tradable(1));
  EXPECT_FALSE(books.tradable(2));
  books.apply(breach('2'));
  EXPECT_FALSE(books.tradable(1));
}

TEST(TradingState, KeepsTheMarketWideLevels) {
  Books books{kSmall};
  event::MarketEvent event = event_of(event::EventKind::CircuitBreakerLevels, 0);
  event.breaker_levels.level_1_e8 = 3;
  event.breaker_levels.level_2_e8 = 2;
  event.breaker_levels.level_3_e8 = 1;
  EXPECT_TRUE(books.apply(event).state);
  EXPECT_EQ(books.breaker_levels().level_1_e8, 3u);
  EXPECT_EQ(books.breaker_levels().level_3_e8, 1u);
}

TEST(TradingState, KnowsTheShortSaleRestriction) {
  Books books{kSmall};
  EXPECT_FALSE(books.short_sale_restricted(1));
  EXPECT_TRUE(books.apply(short_sale(1, '1')).state);
  EXPECT_TRUE(books.short_sale_restricted(1));
  books.apply(short_sale(1, '0'));
  EXPECT_FALSE(books.short_sale_restricted(1));
  books.apply(short_sale(1, '2'));
  EXPECT_TRUE(books.short_sale_restricted(1));
}

TEST(TradingState, HasACollarFromThePauseUntilTradingGoesOn) {
  Books books{kSmall};
  event::MarketEvent event = event_of(event::EventKind::AuctionCollar, 1);
  event.collar.reference_price_e4 = 100;
  event.collar.upper_price_e4 = 110;
  event.collar.lower_price_e4 = 90;
  event.collar.extension = 1;
  EXPECT_TRUE(books.apply(event).state);
  EXPECT_EQ(books.collar(1).upper_price_e4, 110u);
  EXPECT_EQ(books.collar(1).lower_price_e4, 90u);
  books.apply(TradingAction{1, 'Q'});
  EXPECT_EQ(books.collar(1).reference_price_e4, 100u);
  books.apply(TradingAction{1, 'T'});
  EXPECT_EQ(books.collar(1).upper_price_e4, 0u);
}

TEST(TradingState, EndsWithTheSystemHours) {
  Books books{kSmall};
  books.apply(TradingAction{1, 'T'});
  for (const char code : {'O', 'S', 'Q', 'M'}) {
    EXPECT_TRUE(books.apply(system_event(code)).state);
    EXPECT_EQ(books.session(), Session{static_cast<std::uint8_t>(code)});
    EXPECT_TRUE(books.tradable(1)) << code;
  }
  for (const char code : {'E', 'C'}) {
    books.apply(system_event(code));
    EXPECT_FALSE(books.tradable(1)) << code;
  }
  books.apply(system_event('?'));
  EXPECT_EQ(books.session(), Session::Unknown);
}

TEST(ReferenceFacts, ComeFromTheStockDirectory) {
  Books books{kSmall};
  EXPECT_EQ(books.symbol(3), "");
  EXPECT_EQ(books.locate_of("ZVZZT"), std::nullopt);
  EXPECT_TRUE(books.apply(Directory{3, "ZVZZT"}).state);
  books.apply(Directory{5, "BRK.A"});
  books.apply(Directory{2, "ABCDEFGH"});
  EXPECT_EQ(books.symbol(3), "ZVZZT");
  EXPECT_EQ(books.symbol(2), "ABCDEFGH");
  EXPECT_EQ(books.round_lot_size(3), 100u);
  EXPECT_TRUE(books.listed(3));
  EXPECT_FALSE(books.listed(4));
  EXPECT_EQ(books.locate_of("BRK.A"), 5u);
  EXPECT_EQ(books.locate_of("BRK"), std::nullopt);
  EXPECT_EQ(books.highest_listed(), 5u);
}

TEST(BboDigest, CoversEveryLocateUpToTheHighestListed) {
  Books books{kSmall};
  EXPECT_EQ(books.bbo_digest(), 1469598103934665603ULL);
  books.apply(Directory{1, "A"});
  // Four times the mix of zero.
  std::uint64_t expected = 1469598103934665603ULL;
  for (int i = 0; i < 4; ++i) {
    expected *= 1099511628211ULL;
    expected ^= expected >> 29;
  }
  EXPECT_EQ(books.bbo_digest(), expected);
  books.apply(Add{1, event::Side::Buy, 1, 1, 2});
  EXPECT_EQ(books.bbo_digest(), expected) << "locate 2 is not listed";
  books.apply(Add{2, event::Side::Buy, 1, 1, 1});
  EXPECT_NE(books.bbo_digest(), expected);
}

}  // namespace ridley::book
