// SPDX-License-Identifier: Apache-2.0
#include "strategy/strategy.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "book/books.hpp"
#include "strategy/plugin.hpp"
#include "strategy/plugin_rig.hpp"

namespace ridley::strategy {
namespace {

using event::EventKind;
using event::MarketEvent;

constexpr event::Symbol kApple{'A', 'A', 'P', 'L', ' ', ' ', ' ', ' '};
constexpr event::Symbol kMicrosoft{'M', 'S', 'F', 'T', ' ', ' ', ' ', ' '};

std::unique_ptr<Instance> instance_of(std::string_view name, Parameters parameters = {}) {
  return std::make_unique<Instance>(
      Plugin::load(test::plugin_path(name)),
      InstanceOptions{.strategy_id = 9, .symbols = {"AAPL"}, .parameters = std::move(parameters)});
}

std::unique_ptr<Instance> telling(std::int64_t intents, bool foreign = false) {
  return instance_of("broken_none", {{"intents", intents}, {"foreign", foreign}});
}

MarketEvent event_of(EventKind kind) {
  MarketEvent event{};
  event.kind = kind;
  event.locate = test::kLocate;
  event.exchange_ns = 5'000;
  return event;
}

// AAPL at locate 7, trading: 900 at 99.99 against 100 at 100.00.
std::unique_ptr<book::Books> leaning_books() {
  auto books = std::make_unique<book::Books>(
      book::Limits{.orders_max = 64, .levels_max = 256, .instruments_max = 64});
  MarketEvent hours = event_of(EventKind::SystemEvent);
  hours.locate = 0;
  hours.system.event_code = 'Q';
  books->apply(hours);
  MarketEvent directory = event_of(EventKind::Directory);
  directory.directory.symbol = kApple;
  books->apply(directory);
  MarketEvent trading = event_of(EventKind::TradingAction);
  trading.trading.symbol = kApple;
  trading.trading.state = 'T';
  books->apply(trading);
  MarketEvent add = event_of(EventKind::AddOrder);
  add.side = event::Side::Buy;
  add.add.order_id = 1;
  add.add.quantity = 900;
  add.add.price_e4 = 999'900;
  books->apply(add);
  add.side = event::Side::Sell;
  add.add.order_id = 2;
  add.add.quantity = 100;
  add.add.price_e4 = 1'000'000;
  books->apply(add);
  return books;
}

}  // namespace

TEST(Strategy, SeesTheBookAsItIsAndStampsWhatItSends) {
  const auto instance = instance_of("imbalance_taker");
  const auto strategy = std::make_unique<Strategy>(instance->loaded());
  const auto books = leaning_books();
  ASSERT_TRUE(strategy->on_directory(test::kLocate, kApple));
  const Intents intents = strategy->on_book(*books, test::kLocate, 77);
  ASSERT_EQ(intents.size(), 1U);
  EXPECT_EQ(intents[0].kind, event::IntentKind::New);
  EXPECT_EQ(intents[0].side, event::Side::Buy);
  EXPECT_EQ(intents[0].price_e4, 1'000'000U);
  EXPECT_EQ(intents[0].locate, test::kLocate);
  EXPECT_EQ(intents[0].strategy_id, 9U);
  EXPECT_EQ(intents[0].decided_ns, 77U);
  EXPECT_EQ(strategy->counters().intents, 1U);
}

TEST(Strategy, SendsNothingOnAStaleBook) {
  const auto instance = instance_of("imbalance_taker");
  const auto strategy = std::make_unique<Strategy>(instance->loaded());
  const auto books = leaning_books();
  strategy->on_directory(test::kLocate, kApple);
  books->mark_all_stale();
  EXPECT_TRUE(strategy->on_book(*books, test::kLocate, 77).empty());
}

TEST(Strategy, HearsOnlyOfItsSymbols) {
  const auto instance = telling(1);
  const auto strategy = std::make_unique<Strategy>(instance->loaded());
  const auto books = leaning_books();
  EXPECT_TRUE(strategy->on_book(*books, test::kLocate, 1).empty());
  EXPECT_FALSE(strategy->on_directory(test::kLocate, kMicrosoft));
  EXPECT_TRUE(strategy->on_book(*books, test::kLocate, 1).empty());
  EXPECT_TRUE(strategy->on_directory(test::kLocate, kApple));
  EXPECT_EQ(strategy->on_book(*books, test::kLocate, 1).size(), 1U);
  strategy->forget_directory();
  EXPECT_TRUE(strategy->on_book(*books, test::kLocate, 1).empty());
}

TEST(Strategy, TakesAsManyIntentsAsThereIsRoomForAndNoneFromAPluginThatWroteMore) {
  const auto books = leaning_books();
  for (const std::uint32_t count : {kIntentsMax, kIntentsMax + 1}) {
    const auto instance = telling(count);
    const auto strategy = std::make_unique<Strategy>(instance->loaded());
    strategy->on_directory(test::kLocate, kApple);
    const bool fits = count == kIntentsMax;
    EXPECT_EQ(strategy->on_book(*books, test::kLocate, 1).size(), fits ? kIntentsMax : 0U);
    EXPECT_EQ(strategy->counters().overflows, fits ? 0U : 1U);
  }
}

TEST(Strategy, DropsIntentsForAnInstrumentThatIsNotConfigured) {
  const auto instance = telling(4, true);
  const auto strategy = std::make_unique<Strategy>(instance->loaded());
  const auto books = leaning_books();
  strategy->on_directory(test::kLocate, kApple);
  const Intents intents = strategy->on_book(*books, test::kLocate, 1);
  ASSERT_EQ(intents.size(), 2U);
  EXPECT_EQ(intents[0].client_tag, 0U);
  EXPECT_EQ(intents[1].client_tag, 2U);
  EXPECT_EQ(strategy->counters().foreign_locates, 2U);
}

TEST(Strategy, ManagesWithoutTheOptionalFunctions) {
  const auto instance = telling(1);
  const auto strategy = std::make_unique<Strategy>(instance->loaded());
  strategy->on_directory(test::kLocate, kApple);
  EXPECT_TRUE(strategy->on_timer({1, 1}).empty());
  EXPECT_TRUE(strategy->on_feed_lost({1, 1}).empty());
  EXPECT_TRUE(strategy->on_trade(event_of(EventKind::Trade), 1, 1).empty());
  event::OrderEvent order{};
  order.locate = test::kLocate;
  EXPECT_EQ(strategy->on_order(order, {1, 1}).size(), 1U);
}

TEST(Strategy, TellsOfTradesAsTheyWere) {
  const auto instance = instance_of("broken_none_but_trades");
  const auto strategy = std::make_unique<Strategy>(instance->loaded());
  strategy->on_directory(test::kLocate, kApple);
  MarketEvent execution = event_of(EventKind::ExecuteOrder);
  execution.side = event::Side::Sell;
  execution.execute.quantity = 30;
  execution.execute.match_number = 1234;
  execution.execute.printable = 0;
  Intents intents = strategy->on_trade(execution, 1'000'100, 1);
  ASSERT_EQ(intents.size(), 1U);
  EXPECT_EQ(intents[0].quantity, 30U);
  EXPECT_EQ(intents[0].price_e4, 1'000'100U);
  EXPECT_EQ(intents[0].client_tag, 1234U);
  EXPECT_EQ(intents[0].side, event::Side::Sell);
  EXPECT_EQ(intents[0].post_only, 0U);
  MarketEvent hidden = event_of(EventKind::Trade);
  hidden.trade.quantity = 40;
  hidden.trade.match_number = 99;
  intents = strategy->on_trade(hidden, 1'000'200, 1);
  ASSERT_EQ(intents.size(), 1U);
  EXPECT_EQ(intents[0].quantity, 40U);
  EXPECT_EQ(intents[0].client_tag, 99U);
  EXPECT_EQ(intents[0].post_only, 1U);
}

TEST(Strategy, ContinuesWithItsStateAfterASwap) {
  auto running = instance_of("imbalance_taker", {{"position_max", std::int64_t{100}}});
  const auto strategy = std::make_unique<Strategy>(running->loaded());
  const auto books = leaning_books();
  strategy->on_directory(test::kLocate, kApple);
  const Intents intents = strategy->on_book(*books, test::kLocate, 1);
  ASSERT_EQ(intents.size(), 1U);
  event::OrderEvent filled{};
  filled.kind = event::OrderEventKind::Executed;
  filled.side = event::Side::Buy;
  filled.locate = test::kLocate;
  filled.quantity = 100;
  filled.client_tag = intents[0].client_tag;
  filled.terminal = 1;
  EXPECT_TRUE(strategy->on_order(filled, {1, 1}).empty());

  PreparedReload prepared{
      Plugin::load(test::plugin_path("imbalance_taker")),
      {.strategy_id = 9,
       .symbols = {"AAPL"},
       .parameters = {{"position_max", std::int64_t{100}}, {"cooldown_us", std::int64_t{0}}}},
      strategy->loaded(),
      true};
  ASSERT_EQ(strategy->swap(prepared.reload()), Swapped::Done);
  EXPECT_EQ(prepared.reload().loaded.self, running->loaded().self);
  running = prepared.take_instance();
  EXPECT_EQ(strategy->loaded().self, running->loaded().self);
  // The position is full: without the state it would buy again.
  EXPECT_TRUE(strategy->on_book(*books, test::kLocate, 2).empty());

  PreparedReload fresh{Plugin::load(test::plugin_path("imbalance_taker")),
                       {.strategy_id = 9, .symbols = {"AAPL"}, .parameters = {}},
                       strategy->loaded(),
                       false};
  ASSERT_EQ(strategy->swap(fresh.reload()), Swapped::Done);
  EXPECT_EQ(strategy->on_book(*books, test::kLocate, 3).size(), 1U);
}

TEST(Strategy, KeepsTheOldOneWhenTheNewOneCannotTakeOver) {
  const auto running = instance_of("imbalance_taker");
  const auto strategy = std::make_unique<Strategy>(running->loaded());
  void* const self = strategy->loaded().self;
  PreparedReload other{Plugin::load(test::plugin_path("two_sided_quoter")),
                       {.strategy_id = 9, .symbols = {"AAPL"}, .parameters = {}},
                       strategy->loaded(),
                       true};
  EXPECT_EQ(strategy->swap(other.reload()), Swapped::StateRefused);
  PreparedReload stateless{Plugin::load(test::plugin_path("broken_none")),
                           {.strategy_id = 9, .symbols = {"AAPL"}, .parameters = {}},
                           strategy->loaded(),
                           true};
  EXPECT_EQ(strategy->swap(stateless.reload()), Swapped::StateRefused);
  PreparedReload renumbered{Plugin::load(test::plugin_path("imbalance_taker")),
                            {.strategy_id = 9, .symbols = {"MSFT"}, .parameters = {}},
                            strategy->loaded(),
                            true};
  EXPECT_EQ(strategy->swap(renumbered.reload()), Swapped::SymbolsDiffer);
  EXPECT_EQ(strategy->loaded().self, self);
}

}  // namespace ridley::strategy
