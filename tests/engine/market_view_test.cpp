// SPDX-License-Identifier: Apache-2.0
#include "engine/market_view.hpp"

#include <gtest/gtest.h>

namespace ridley::engine {
namespace {

constexpr book::Locate kLocate = 3;

event::MarketEvent event_of(event::EventKind kind) {
  event::MarketEvent event{};
  event.kind = kind;
  event.locate = kLocate;
  return event;
}

class MarketViewTest : public testing::Test {
 protected:
  MarketViewTest() {
    event::MarketEvent directory = event_of(event::EventKind::Directory);
    directory.directory.round_lot_size = 100;
    books_.apply(directory);
  }

  void trade() {
    event::MarketEvent action = event_of(event::EventKind::TradingAction);
    action.trading.state = 'T';
    books_.apply(action);
  }

  void add(std::uint64_t id, event::Side side, std::uint32_t price_e4) {
    event::MarketEvent add = event_of(event::EventKind::AddOrder);
    add.side = side;
    add.add.order_id = id;
    add.add.quantity = 100;
    add.add.price_e4 = price_e4;
    books_.apply(add);
  }

  book::Books books_{{.orders_max = 1024, .levels_max = 1024, .instruments_max = 8}};
};

}  // namespace

TEST_F(MarketViewTest, CallsAnInstrumentWithoutATradingActionHalted) {
  EXPECT_TRUE(market_of(books_, kLocate, 0).halted);
  trade();
  EXPECT_FALSE(market_of(books_, kLocate, 0).halted);
}

TEST_F(MarketViewTest, ShowsTheTopAndItsAge) {
  trade();
  add(1, event::Side::Buy, 99'000);
  add(2, event::Side::Sell, 101'000);
  const risk::Market market = market_of(books_, kLocate, 77);
  EXPECT_EQ(market.bid_price_e4, 99'000u);
  EXPECT_EQ(market.ask_price_e4, 101'000u);
  EXPECT_EQ(market.age_ns, 77u);
  EXPECT_FALSE(market.stale);
}

TEST_F(MarketViewTest, LeavesAStaleBookToControlTwo) {
  trade();
  books_.mark_all_stale();
  EXPECT_TRUE(market_of(books_, kLocate, 0).stale);
  EXPECT_FALSE(market_of(books_, kLocate, 0).halted);
}

TEST(RefusalOf, KeepsWhatTheStrategyNeedsToKnow) {
  event::OrderIntent intent{};
  intent.kind = event::IntentKind::Replace;
  intent.user_ref = 9;
  intent.client_tag = 5;
  event::RejectRecord reject{};
  reject.control = 11;
  reject.limit = 100;
  reject.observed = 101;
  event::OrderEvent refusal = refusal_of(intent, reject);
  EXPECT_EQ(refusal.kind, event::OrderEventKind::GateRejected);
  EXPECT_EQ(refusal.user_ref, 9u);
  EXPECT_EQ(refusal.client_tag, 5u);
  EXPECT_EQ(refusal.control, 11u);
  EXPECT_EQ(refusal.observed, 101);
  EXPECT_EQ(refusal.terminal, 0u) << "the order that was to be replaced lives on";
  intent.kind = event::IntentKind::New;
  EXPECT_EQ(refusal_of(intent, reject).terminal, 1u);
}

}  // namespace ridley::engine
