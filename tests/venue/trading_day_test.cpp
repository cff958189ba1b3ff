// SPDX-License-Identifier: Apache-2.0
#include "venue/trading_day.hpp"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

#include "base/error.hpp"
#include "book/books.hpp"
#include "exchange_bench.hpp"
#include "feed/decode.hpp"

namespace ridley::venue {
namespace {

using event::Side;
using test::cancel_order;
using test::enter_order;
using test::replace_order;

constexpr std::uint64_t kStart = 34'200'000'000'000;
constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint32_t kAllSteps = 0xFFFF'FFFF;

TradingDaySettings settings(std::uint64_t seed, std::uint16_t instruments = 5) {
  TradingDaySettings result;
  result.exchange.instrument_count = instruments;
  result.exchange.accounts = {{"ONE", "secret", "FRMA"}, {"TWO", "secret", "FRMB"}};
  result.participants.seed = seed;
  result.participants.messages_per_second = 20'000;
  return result;
}

// A reader of the feed: our own decoder and books.
class Reader {
 public:
  explicit Reader(std::uint16_t instruments) : books_{limits(instruments)} {}

  void read(std::span<const std::byte> framed) {
    for_each_message(framed, [this](std::span<const std::byte> message) {
      event::MarketEvent event;
      ASSERT_EQ(feed::decode(message, ++sequence_, event), feed::Decoded::Event);
      ASSERT_GE(event.exchange_ns, last_ns_);
      last_ns_ = event.exchange_ns;
      const book::Change change = books_.apply(event);
      ASSERT_TRUE(change.outcome == book::Outcome::Applied ||
                  change.outcome == book::Outcome::NoEffect)
          << "message " << sequence_ << " of type " << static_cast<char>(message[0]);
      const book::Top& top = books_.top(event.locate);
      const bool both = top.bid_quantity != 0 && top.ask_quantity != 0;
      ASSERT_FALSE(both && top.bid_price_e4 >= top.ask_price_e4) << "crossed at " << sequence_;
    });
  }

  [[nodiscard]] const book::Books& books() const { return books_; }

 private:
  static book::Limits limits(std::uint16_t instruments) {
    book::Limits result;
    result.orders_max = 1U << 16;
    result.levels_max = 1U << 16;
    result.instruments_max = instruments + 1U;
    return result;
  }

  book::Books books_;
  std::uint64_t sequence_ = 0;
  std::uint64_t last_ns_ = 0;
};

// Every displayed order of the engine is in the book at its place, and no other.
void expect_same(const Exchange& exchange, const MatchingEngine& engine, const book::Books& books) {
  using Seen = std::tuple<std::uint32_t, std::uint64_t, std::uint32_t>;  // price, id, quantity
  for (std::uint16_t locate = 1; locate <= exchange.instruments().count(); ++locate) {
    for (const Side side : {Side::Buy, Side::Sell}) {
      std::vector<Seen> want;
      engine.for_each_order(locate, side, [&](const RestingOrder& order) {
        if (order.displayed()) want.emplace_back(order.price_e4, order.reference, order.quantity);
        return true;
      });
      std::vector<Seen> have;
      books.for_each_level(locate, side, [&](const book::LevelView& view) {
        books.for_each_order(locate, side, view.price_e4,
                             [&](std::uint64_t id, std::uint32_t quantity) {
                               have.emplace_back(view.price_e4, id, quantity);
                             });
      });
      ASSERT_EQ(have, want) << "instrument " << locate;
    }
  }
}

void expect_same_tops(const MatchingEngine& engine, const book::Books& books) {
  for (std::uint16_t locate = 1; locate <= engine.instrument_count(); ++locate) {
    const book::Top& top = books.top(locate);
    const std::uint32_t bid = top.bid_quantity == 0 ? 0 : top.bid_price_e4;
    const std::uint32_t ask = top.ask_quantity == 0 ? 0 : top.ask_price_e4;
    ASSERT_EQ(bid, engine.displayed_best_e4(locate, Side::Buy));
    ASSERT_EQ(ask, engine.displayed_best_e4(locate, Side::Sell));
  }
}

// A client that does a bit of everything, the same every time.
void trade(TradingDay& day, Random& random, std::uint32_t account, std::uint32_t& number,
           std::uint64_t ns) {
  const Exchange& exchange = day.exchange();
  const auto locate = static_cast<std::uint16_t>(1 + random.below(exchange.instruments().count()));
  const bool buy = random.below(2) == 0;
  const std::uint32_t touch = day.exchange().engine().displayed_best_e4(
      locate, random.below(2) == 0 ? Side::Buy : Side::Sell);
  if (touch == 0) return;
  test::Entry entry;
  entry.number = number + 1;
  entry.side = buy ? 'B' : 'S';
  entry.quantity = 1 + random.below(500);
  entry.price_e4 = touch - 500 + random.below(11) * 100;
  entry.symbol = exchange.instruments().symbol(locate);
  entry.time_in_force = random.below(4) == 0 ? '3' : '0';
  entry.display = "YNA"[random.below(3)];
  const std::uint32_t target = number - random.below(number < 20 ? number + 1 : 20);
  switch (random.below(5)) {
    case 0: day.receive(account, cancel_order(target, random.below(200)), ns); return;
    case 1: day.receive(account, replace_order(target, entry), ns); break;
    default: day.receive(account, enter_order(entry), ns); break;
  }
  ++number;
}

TEST(TradingDay, KeepsABookReaderInStepWithTheEngineAfterEveryStep) {
  constexpr std::uint64_t kSeed = 5;
  SCOPED_TRACE(kSeed);
  TradingDay day{settings(kSeed)};
  Reader reader{5};
  Random random{kSeed};
  std::uint32_t number = 0;
  for (int step = 0; step < 20'000 && !testing::Test::HasFatalFailure(); ++step) {
    (void)day.advance(day.next_ns(), 1);
    if (step > 300 && step % 5 == 0) trade(day, random, 0, number, day.exchange().now_ns());
    MarketFeed& feed = day.exchange().feed();
    reader.read(feed.published().bytes());
    feed.clear();
    expect_same_tops(day.exchange().engine(), reader.books());
    if (step % 50 == 0) expect_same(day.exchange(), day.exchange().engine(), reader.books());
  }
  expect_same(day.exchange(), day.exchange().engine(), reader.books());
  EXPECT_EQ(reader.books().counters().crossed, 0u);
  EXPECT_GT(day.exchange().accounts()[0].counts.executions, 100u);
  EXPECT_GT(reader.books().live_orders(), 200u);
}

struct DayBytes {
  std::vector<std::byte> feed;
  std::vector<std::byte> replies;
  std::uint64_t digest = 0;
};

DayBytes run_day(std::uint64_t seed, std::uint32_t steps_at_once) {
  TradingDay day{settings(seed)};
  DayBytes run;
  Random random{99};
  std::uint32_t number = 0;
  for (std::uint64_t ns = kStart; ns <= kStart + kSecond; ns += kSecond / 100) {
    while (!day.advance(ns, steps_at_once)) {
    }
    if (ns > kStart + kSecond / 10) trade(day, random, 1, number, ns);
  }
  day.close(kStart + kSecond);
  const auto feed = day.exchange().feed().published().bytes();
  const auto replies = day.exchange().accounts()[1].replies.bytes();
  run.feed.assign(feed.begin(), feed.end());
  run.replies.assign(replies.begin(), replies.end());
  run.digest = day.exchange().feed().digest();
  return run;
}

TEST(TradingDay, GivesTheSameBytesForTheSameSeedAndInputs) {
  const DayBytes first = run_day(1, kAllSteps);
  const DayBytes second = run_day(1, 7);
  EXPECT_EQ(first.feed, second.feed);
  EXPECT_EQ(first.replies, second.replies);
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_NE(first.digest, run_day(2, kAllSteps).digest);
}

TEST(TradingDay, TellsTheWholeDayInItsOrder) {
  TradingDaySettings quiet = settings(1, 2);
  quiet.participants.messages_per_second = 0;
  TradingDay day{quiet};
  ASSERT_TRUE(day.advance(kStart + kSecond, kAllSteps));
  day.close(kStart + 2 * kSecond);
  std::string story;
  for (const std::string& line : test::feed_lines(day.exchange().feed().published().bytes())) {
    const char type = line[0] == 'S' ? line[2] : line[0];
    if (story.empty() || story.back() != type) story.push_back(type);
  }
  // Makers' quotes and the crowd's orders alternate until the opening book stands.
  const std::size_t opening = story.find_first_of("AF");
  const std::size_t opened = story.find('Q');
  EXPECT_EQ(story.substr(0, opening), "ORHYHYLVS");
  EXPECT_EQ(story.substr(opening, opened - opening).find_first_not_of("AFUED"), std::string::npos);
  EXPECT_EQ(story.substr(opened), "QMEC");
  EXPECT_EQ(test::reply_lines(day.exchange().accounts()[0].replies.bytes()),
            (test::Lines{"S S", "S E"}));
}

TEST(TradingDay, EndsNothingThatNeverBegan) {
  TradingDay day{settings(1)};
  day.close(kStart);
  EXPECT_TRUE(day.exchange().feed().published().empty());
  EXPECT_TRUE(day.advance(kStart + kSecond, kAllSteps));
  EXPECT_TRUE(day.exchange().feed().published().empty());
}

TEST(TradingDay, HaltsAndResumesAtTheGivenTimes) {
  TradingDaySettings halting = settings(1, 2);
  halting.halts = {{"RAAB", kSecond, kSecond}};
  TradingDay day{halting};
  ASSERT_TRUE(day.advance(kStart + kSecond - 1, kAllSteps));
  EXPECT_EQ(day.exchange().trading_state(2), TradingState::Trading);
  ASSERT_TRUE(day.advance(kStart + kSecond, kAllSteps));
  EXPECT_EQ(day.exchange().trading_state(2), TradingState::Halted);
  day.exchange().feed().clear();
  ASSERT_TRUE(day.advance(kStart + 2 * kSecond - 1, kAllSteps));
  for_each_message(day.exchange().feed().published().bytes(),
                   [](std::span<const std::byte> message) { EXPECT_NE(message[2], std::byte{2}); });
  ASSERT_TRUE(day.advance(kStart + 2 * kSecond, kAllSteps));
  EXPECT_EQ(day.exchange().trading_state(2), TradingState::Trading);
  halting.halts = {{"NONE", 1, 1}};
  EXPECT_THROW(TradingDay{halting}, base::Error);
}

// Bands that are met, a quotation period, crosses with and without shares: the feed stays one that
// a book can be built from.
TEST(TradingDay, KeepsABookReaderInStepThroughHaltsAndCrosses) {
  TradingDaySettings busy = settings(7);
  busy.rules = {.price_bands = true,
                .circuit_breakers = true,
                .short_sale_test = true,
                .open_ns = kStart + kSecond / 2,
                .close_ns = kStart + 3 * kSecond};
  busy.halts = {{"RAAB", kSecond, kSecond, kSecond / 2}};
  TradingDay day{busy};
  Reader reader{5};
  const auto read = [&] {
    MarketFeed& feed = day.exchange().feed();
    reader.read(feed.published().bytes());
    feed.clear();
    expect_same_tops(day.exchange().engine(), reader.books());
  };
  ASSERT_TRUE(day.advance(kStart + kSecond / 4, kAllSteps));
  day.receive(
      0, enter_order({.number = 1, .quantity = 300, .price_e4 = kMarketPrice, .cross_type = 'O'}),
      kStart + kSecond / 4);
  day.receive(
      0,
      enter_order(
          {.number = 2, .side = 'S', .quantity = 70, .price_e4 = kMarketPrice, .cross_type = 'C'}),
      kStart + kSecond / 4);
  while (day.next_ns() <= kStart + 4 * kSecond && !testing::Test::HasFatalFailure()) {
    (void)day.advance(day.next_ns(), 1);
    read();
  }
  expect_same(day.exchange(), day.exchange().engine(), reader.books());
  const Account& account = day.exchange().accounts()[0];
  EXPECT_EQ(account.counts.executed_quantity, 370u);
  EXPECT_EQ(account.positions().at(1), 230);
  EXPECT_EQ(day.exchange().session(), Exchange::Session::AfterHours);
  day.close(kStart + 4 * kSecond);
  read();
}

TEST(TradingDay, CancelsAnAccountsOrdersOnRequest) {
  TradingDay day{settings(1, 1)};
  ASSERT_TRUE(day.advance(kStart + kSecond / 10, kAllSteps));
  day.receive(0, enter_order({.number = 1, .price_e4 = 50'000}), kStart + kSecond / 10);
  EXPECT_EQ(day.exchange().accounts()[0].orders().size(), 1u);
  day.cancel_all(0, kStart + kSecond / 10);
  EXPECT_TRUE(day.exchange().accounts()[0].orders().empty());
}

}  // namespace
}  // namespace ridley::venue
