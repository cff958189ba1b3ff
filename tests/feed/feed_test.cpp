// SPDX-License-Identifier: Apache-2.0
#include "feed/feed.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "feed/packets.hpp"
#include "wire/itch.hpp"

namespace ridley::feed {
namespace {

using event::EventKind;

struct Heard {
  std::vector<event::MarketEvent> events;
  int sessions = 0;

  template <typename AnyFeed>
  Arrived accept(AnyFeed& feed, const Bytes& packet) {
    return feed.accept(
        packet, [this](const event::MarketEvent& event) { events.push_back(event); },
        [this] { ++sessions; });
  }
};

std::string deletion(std::uint64_t order) {
  const Bytes bytes = message_of<wire::itch::OrderDelete, wire::itch::OrderDeleteWriter>(
      [order](auto& writer) { writer.stock_locate(1).order_reference_number(order); });
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

using ItchFeed = Feed<Sequencer, ItchDecoder>;

}  // namespace

TEST(Feed, MakesEventsOfItchInOrder) {
  ItchFeed feed{Sequencer{}, ItchDecoder{}};
  Heard heard;
  const std::string first = deletion(5);
  const std::string second = deletion(6);
  const Arrived arrived = heard.accept(feed, MoldPacket{1, {first, second, "?"}}.bytes());
  EXPECT_EQ(arrived.arrival, Arrival::InOrder);
  ASSERT_EQ(heard.events.size(), 2u);
  EXPECT_EQ(heard.events[1].kind, EventKind::DeleteOrder);
  EXPECT_EQ(heard.events[1].remove.order_id, 6u);
  EXPECT_EQ(heard.events[1].sequence, 2u);
  EXPECT_EQ(feed.decoded().events, 2u);
  EXPECT_EQ(feed.decoded().unknown_types, 1u);
}

TEST(Feed, DoubtsEveryBookBeforeWhatComesBehindAGap) {
  ItchFeed feed{Sequencer{}, ItchDecoder{}};
  Heard heard;
  const std::string message = deletion(5);
  (void)heard.accept(feed, MoldPacket{4, {message}}.bytes());
  ASSERT_EQ(heard.events.size(), 2u);
  EXPECT_EQ(heard.events[0].kind, EventKind::Doubt);
  EXPECT_EQ(heard.events[0].locate, 0);
  EXPECT_EQ(heard.events[0].doubt.missing_from, 1u);
  EXPECT_EQ(heard.events[0].doubt.missing_count, 3u);
  EXPECT_EQ(heard.events[0].doubt.reason, event::DoubtReason::Gap);
}

TEST(Feed, DoubtsWhatItCannotReadAndNotAnEmptyBlock) {
  ItchFeed feed{Sequencer{}, ItchDecoder{}};
  Heard heard;
  (void)heard.accept(feed, MoldPacket{1, {"", "D"}}.bytes());
  ASSERT_EQ(heard.events.size(), 1u);
  EXPECT_EQ(heard.events[0].doubt.reason, event::DoubtReason::Malformed);
  EXPECT_EQ(heard.events[0].sequence, 2u);
}

TEST(Feed, TellsOfAnotherSessionBeforeItsFirstEvent) {
  ItchFeed feed{Sequencer{{.policy = SessionPolicy::Follow}}, ItchDecoder{}};
  Heard heard;
  const std::string message = deletion(5);
  (void)heard.accept(feed, MoldPacket{1, {message}}.bytes());
  EXPECT_EQ(heard.sessions, 0);
  (void)heard.accept(feed, MoldPacket{1, {message}, "SESSION002"}.bytes());
  EXPECT_EQ(heard.sessions, 1);
  EXPECT_EQ(heard.events.size(), 2u);
}

}  // namespace ridley::feed
