// SPDX-License-Identifier: Apache-2.0
// Of venue/glimpse_port.cpp and venue/glimpse_session.cpp as well: who joins in the middle of the
// day by a snapshot has the same books as who was there from the first message.
#include "venue/snapshot.hpp"

#include <gtest/gtest.h>

#include "book/books.hpp"
#include "feed/decode.hpp"
#include "soup_peer.hpp"
#include "venue/glimpse_port.hpp"
#include "venue/trading_day.hpp"

namespace ridley::venue {
namespace {

constexpr std::uint64_t kStart = 34'200'000'000'000;
constexpr std::uint32_t kAllSteps = 0xFFFF'FFFF;
constexpr std::uint16_t kInstruments = 5;

TradingDaySettings settings() {
  TradingDaySettings result;
  result.exchange.instrument_count = kInstruments;
  result.exchange.accounts = {{"ONE", "secret", "FRMA"}};
  result.participants.seed = 3;
  result.halts = {{"RAAC", 100'000'000, 10'000'000'000}};
  return result;
}

class Reader {
 public:
  void read(std::span<const std::byte> message) {
    event::MarketEvent event;
    ASSERT_EQ(feed::decode(message, ++sequence_, event), feed::Decoded::Event);
    const book::Outcome outcome = books.apply(event).outcome;
    ASSERT_TRUE(outcome == book::Outcome::Applied || outcome == book::Outcome::NoEffect);
  }
  book::Books books{limits()};

 private:
  static book::Limits limits() {
    return {.orders_max = 1U << 16, .levels_max = 1U << 16, .instruments_max = kInstruments + 1};
  }

  std::uint64_t sequence_ = 0;
};

void expect_same(const book::Books& one, const book::Books& other) {
  EXPECT_EQ(one.bbo_digest(), other.bbo_digest());
  EXPECT_EQ(one.live_orders(), other.live_orders());
  EXPECT_EQ(one.live_levels(), other.live_levels());
  for (std::uint16_t locate = 1; locate <= kInstruments; ++locate) {
    EXPECT_EQ(one.state(locate), other.state(locate));
    EXPECT_EQ(one.symbol(locate), other.symbol(locate));
    for (const event::Side side : {event::Side::Buy, event::Side::Sell}) {
      std::vector<std::uint64_t> ids[2];
      const book::Books* both[2] = {&one, &other};
      for (int i = 0; i < 2; ++i) {
        both[i]->for_each_level(locate, side, [&](const book::LevelView& level) {
          both[i]->for_each_order(locate, side, level.price_e4,
                                  [&](std::uint64_t id, std::uint32_t) { ids[i].push_back(id); });
        });
      }
      EXPECT_EQ(ids[0], ids[1]);
    }
  }
}

TEST(Snapshot, GivesABookThatTheFeedContinues) {
  TradingDay day{settings()};
  Reader early;
  Reader late;
  MarketFeed& feed = day.exchange().feed();
  ASSERT_TRUE(day.advance(kStart + 500'000'000, kAllSteps));
  for_each_message(feed.published().bytes(), [&](auto message) { early.read(message); });
  feed.clear();
  order::SoupStream stream{"SESSION"};
  append_snapshot(day.exchange(), stream);
  const std::uint64_t last = stream.next_sequence() - 1;
  for (std::uint64_t i = 1; i < last; ++i) late.read(stream.message(i));
  const auto end = stream.message(last);
  ASSERT_EQ(end.size(), 21u);
  const std::string text{reinterpret_cast<const char*>(end.data()), end.size()};
  EXPECT_EQ(text[0], 'G');
  EXPECT_EQ(std::stoull(text.substr(1)), feed.message_count() + 1);
  expect_same(early.books, late.books);
  EXPECT_GT(late.books.live_orders(), 100u);
  EXPECT_EQ(late.books.state(3), book::TradingState::Halted);

  ASSERT_TRUE(day.advance(kStart + 900'000'000, kAllSteps));
  for_each_message(feed.published().bytes(), [&](auto message) {
    early.read(message);
    late.read(message);
  });
  expect_same(early.books, late.books);
}

TEST(Snapshot, IsEmptyButForItsEndBeforeTheDay) {
  const TradingDay day{settings()};
  order::SoupStream stream{"SESSION"};
  append_snapshot(day.exchange(), stream);
  EXPECT_EQ(stream.next_sequence(), 2u);
}

TEST(GlimpsePort, GivesEveryLoginASnapshotAndEndsTheSession) {
  TradingDay day{settings()};
  ASSERT_TRUE(day.advance(kStart + 200'000'000, kAllSteps));
  Connections connections;
  GlimpsePort port{"127.0.0.1", 0, "SESSION", settings().exchange.accounts, connections};
  test::SoupPeer first{port.port(), test::login("ONE")};
  test::SoupPeer second{port.port(), test::login("ONE")};
  test::SoupPeer stranger{port.port(), test::login("WHO")};
  const auto over = [&] { return first.ended && second.ended && stranger.refused; };
  for (int round = 0; round < 200'000 && !over(); ++round) {
    (void)port.poll(day.exchange(), 1);
    for (test::SoupPeer* peer : {&first, &second, &stranger}) peer->turn();
  }
  ASSERT_TRUE(over());
  EXPECT_EQ(port.snapshots(), 2u);
  order::SoupStream expected{"SESSION"};
  append_snapshot(day.exchange(), expected);
  ASSERT_EQ(first.messages.size(), expected.next_sequence() - 1);
  EXPECT_EQ(first.messages, second.messages);
  EXPECT_TRUE(
      std::ranges::equal(first.messages.back(), expected.message(expected.next_sequence() - 1)));
}

}  // namespace
}  // namespace ridley::venue
