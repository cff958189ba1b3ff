// SPDX-License-Identifier: Apache-2.0
#include "venue/market_feed.hpp"

#include <gtest/gtest.h>

#include "exchange_bench.hpp"
#include "feed/decode.hpp"

namespace ridley::venue {
namespace {

using test::feed_lines;
using test::Lines;

constexpr std::uint64_t kNow = 34'200'000'000'123;

class MarketFeedTest : public testing::Test {
 protected:
  MarketFeedTest() { feed.at(kNow); }

  event::MarketEvent only_event() {
    event::MarketEvent event{};
    EXPECT_EQ(feed::decode(first_message(feed.published().bytes()), 1, event),
              feed::Decoded::Event);
    return event;
  }

  Instruments instruments{3};
  MarketFeed feed{instruments};
};

TEST_F(MarketFeedTest, StampsEveryMessageWithTimeAndLocate) {
  feed.deleted(77, 3);
  const event::MarketEvent event = only_event();
  EXPECT_EQ(event.exchange_ns, kNow);
  EXPECT_EQ(event.locate, 3);
  EXPECT_EQ(event.kind, event::EventKind::DeleteOrder);
}

TEST_F(MarketFeedTest, NeverGoesBackInTime) {
  feed.at(kNow - 1);
  EXPECT_EQ(feed.now_ns(), kNow);
  feed.at(kNow + 1);
  EXPECT_EQ(feed.now_ns(), kNow + 1);
}

TEST_F(MarketFeedTest, TellsAnExecutionAtAnotherPriceApart) {
  Fill fill{};
  fill.reference = 5;
  fill.quantity = 10;
  fill.price_e4 = 100'000;
  feed.executed(fill, 1, 100'000);
  feed.executed(fill, 1, 100'100);
  EXPECT_EQ(feed_lines(feed.published().bytes()), (Lines{"E 5 10", "C 5 10@100000 Y"}));
}

TEST_F(MarketFeedTest, DescribesEveryInstrumentInFull) {
  feed.directory(2);
  event::MarketEvent event = only_event();
  EXPECT_EQ(event.kind, event::EventKind::Directory);
  EXPECT_EQ(std::string(event.directory.symbol.begin(), event.directory.symbol.end()), "RAAB    ");
  EXPECT_EQ(event.directory.round_lot_size, 100u);
  feed.clear();
  feed.short_sale_restriction(2, '1');
  EXPECT_EQ(only_event().kind, event::EventKind::ShortSaleRestriction);
  feed.clear();
  feed.participant_position(2, "RDLA");
  EXPECT_EQ(only_event().kind, event::EventKind::ParticipantPosition);
  feed.clear();
  feed.decline_levels(3, 2, 1);
  event = only_event();
  EXPECT_EQ(event.breaker_levels.level_1_e8, 3u);
  EXPECT_EQ(event.breaker_levels.level_3_e8, 1u);
}

TEST_F(MarketFeedTest, NumbersEverySessionFromOne) {
  EXPECT_EQ(feed.next_sequence(), 1u);
  feed.system_event(SystemEvent::StartOfMessages);
  EXPECT_EQ(feed.next_sequence(), 2u);
  feed.begin_session();
  EXPECT_EQ(feed.next_sequence(), 1u);
  feed.system_event(SystemEvent::StartOfSystemHours);
  EXPECT_EQ(feed.next_sequence(), 2u);
  EXPECT_EQ(feed.message_count(), 2u);
}

TEST_F(MarketFeedTest, CountsAndDigestsWhatWasPublishedNotWhatIsBuffered) {
  const std::uint64_t nothing = feed.digest();
  feed.system_event(SystemEvent::StartOfMessages);
  const std::uint64_t one = feed.digest();
  feed.clear();
  EXPECT_EQ(feed.message_count(), 1u);
  EXPECT_NE(one, nothing);
  EXPECT_EQ(feed.digest(), one);

  // FNV-1a of the same twelve bytes, written out.
  MarketFeed again{instruments};
  again.at(kNow);
  again.system_event(SystemEvent::StartOfMessages);
  std::uint64_t expected = 14'695'981'039'346'656'037ULL;
  for (const std::byte byte : first_message(again.published().bytes())) {
    expected = (expected ^ static_cast<std::uint64_t>(byte)) * 1'099'511'628'211ULL;
  }
  EXPECT_EQ(one, expected);
}

}  // namespace
}  // namespace ridley::venue
