// SPDX-License-Identifier: Apache-2.0
#include "engine/card_feed.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace ridley::engine {
namespace {

event::MarketEvent event_of(std::uint64_t sequence, std::uint64_t order = 1) {
  event::MarketEvent event{};
  event.kind = event::EventKind::DeleteOrder;
  event.sequence = sequence;
  event.remove.order_id = order;
  return event;
}

struct alignas(64) Memory {
  std::array<std::byte, 64 * card::kRecordBytes> bytes{};
};

struct Feed {
  explicit Feed(CardFeedSettings settings = {.may_drive = true, .shadow_messages = 2})
      : feed{slots, settings, *histogram} {
    feed.offer(ring);
    EXPECT_TRUE(feed.has_ring());
  }

  // What the street acts on, by number.
  void hear(Source source, std::uint64_t sequence, std::uint64_t order = 1) {
    turn();
    if (feed.hear(source, event_of(sequence, order))) acted_on.push_back(sequence);
  }
  void turn() {
    if (!feed.wants_change()) return;
    complete = feed.change();
    event::MarketEvent event;
    while (feed.take_ahead(event)) acted_on.push_back(event.sequence);
  }

  Memory memory;
  card::EventRing ring{memory.bytes};
  std::vector<FeedComparison::Slot> slots = std::vector<FeedComparison::Slot>(16);
  std::unique_ptr<telemetry::HopHistogram> histogram = std::make_unique<telemetry::HopHistogram>();
  CardFeed feed;
  std::vector<std::uint64_t> acted_on;
  bool complete = true;
};

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST(CardFeed, BeginsAsAShadowAndDrivesAfterEnoughEqualEvents) {
  Feed both;
  both.hear(Source::Software, 1);
  both.hear(Source::Card, 1);
  EXPECT_EQ(both.feed.state(), CardState::Shadow);
  both.hear(Source::Card, 2);
  both.hear(Source::Software, 2);
  both.hear(Source::Software, 3);  // the turn before it makes the card the driver
  EXPECT_EQ(both.feed.state(), CardState::Drives);
  both.hear(Source::Card, 3);
  both.hear(Source::Card, 4);
  both.hear(Source::Software, 4);
  EXPECT_EQ(both.acted_on, (Numbers{1, 2, 3, 4}));
}

TEST(CardFeed, ThatMayNotDriveStaysAShadow) {
  Feed both{{.may_drive = false, .shadow_messages = 0}};
  for (std::uint64_t i = 1; i < 9; ++i) {
    both.hear(Source::Card, i);
    both.hear(Source::Software, i);
  }
  EXPECT_EQ(both.feed.state(), CardState::Shadow);
  EXPECT_EQ(both.feed.counters().driven_events, 0u);
  EXPECT_EQ(both.acted_on.size(), 8u);
}

TEST(CardFeed, HandsOverWithoutLosingOrRepeatingAnEvent) {
  for (const Source ahead : {Source::Software, Source::Card}) {
    Feed both;
    for (std::uint64_t i = 1; i <= 2; ++i) {
      both.hear(other(ahead), i);
      both.hear(ahead, i);
    }
    for (std::uint64_t i = 3; i <= 9; ++i) both.hear(ahead, i);
    for (std::uint64_t i = 3; i <= 9; ++i) both.hear(other(ahead), i);
    EXPECT_EQ(both.acted_on, (Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  }
}

TEST(CardFeed, ThatDiffersHandsBackAtOnceAndForGood) {
  Feed both;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    both.hear(Source::Card, i);
    both.hear(Source::Software, i);
  }
  both.hear(Source::Software, 5);
  both.hear(Source::Software, 6);
  EXPECT_EQ(both.acted_on.back(), 4u);
  both.hear(Source::Card, 5, 99);  // acted on before anybody could know
  both.turn();
  EXPECT_EQ(both.feed.state(), CardState::Refused);
  EXPECT_EQ(both.feed.fault(), CardFault::Different);
  both.hear(Source::Card, 6);
  both.hear(Source::Card, 7);
  both.hear(Source::Software, 7);
  EXPECT_EQ(both.acted_on, (Numbers{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(both.feed.compared().different, 1u);
}

TEST(CardFeed, KeepsTheFirstDifferenceUntilItIsTaken) {
  for (const Source first : {Source::Software, Source::Card}) {
    Feed both;
    Difference difference{};
    EXPECT_FALSE(both.feed.take_difference(difference));
    for (std::uint64_t i = 1; i <= 3; ++i) {
      both.hear(first, i, first == Source::Software ? 10 + i : 20 + i);
      both.hear(other(first), i, first == Source::Software ? 20 + i : 10 + i);
    }
    EXPECT_EQ(both.feed.compared().different, 3u);
    ASSERT_TRUE(both.feed.take_difference(difference));
    EXPECT_EQ(difference[0].sequence, 1u);
    EXPECT_EQ(difference[0].remove.order_id, 11u) << "the software's";
    EXPECT_EQ(difference[1].sequence, 1u);
    EXPECT_EQ(difference[1].remove.order_id, 21u) << "the card's";
    EXPECT_FALSE(both.feed.take_difference(difference));
    both.hear(first, 4, 14);
    both.hear(other(first), 4, 24);
    ASSERT_TRUE(both.feed.take_difference(difference));
    EXPECT_EQ(difference[0].sequence, 4u);
  }
}

TEST(CardFeed, ThatHangsLeavesTheSoftwaresEventsToBeActedOn) {
  Feed both;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    both.hear(Source::Card, i);
    both.hear(Source::Software, i);
  }
  for (std::uint64_t i = 4; i <= 10; ++i) both.hear(Source::Software, i);
  EXPECT_EQ(both.acted_on.back(), 3u);
  both.feed.tell_hung();
  both.turn();
  EXPECT_TRUE(both.complete);
  EXPECT_EQ(both.acted_on, (Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(both.feed.fault(), CardFault::Hung);
}

TEST(CardFeed, SaysWhenWhatIsAheadIsNotComplete) {
  Feed far;
  Feed gap;
  for (Feed* both : {&far, &gap}) {
    for (std::uint64_t i = 1; i <= 3; ++i) {
      both->hear(Source::Card, i);
      both->hear(Source::Software, i);
    }
  }
  for (std::uint64_t i = 4; i <= 40; ++i) far.hear(Source::Software, i);  // beyond the window
  gap.feed.hear_gap(Source::Software, 5);
  gap.hear(Source::Software, 6);
  for (Feed* both : {&far, &gap}) {
    both->feed.tell_hung();
    both->turn();
    EXPECT_FALSE(both->complete);
    EXPECT_EQ(both->feed.driver(), Source::Software);
  }
}

TEST(CardFeed, FollowsAnotherSessionFromItsFirstNumberOn) {
  Feed both;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    both.hear(Source::Card, i);
    both.hear(Source::Software, i);
  }
  both.feed.hear_session(Source::Card);
  both.hear(Source::Card, 1, 50);
  both.hear(Source::Card, 2, 51);
  both.feed.hear_session(Source::Software);
  both.hear(Source::Software, 1, 50);
  both.hear(Source::Software, 2, 51);
  EXPECT_EQ(both.acted_on, (Numbers{1, 2, 3, 1, 2}));
  EXPECT_EQ(both.feed.compared().different, 0u);
}

TEST(CardFeed, BeginsAnewWithAnotherCard) {
  Feed both;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    both.hear(Source::Card, i);
    both.hear(Source::Software, i);
  }
  both.feed.tell_hung();
  both.turn();
  Memory memory;
  card::EventRing ring{memory.bytes};
  both.feed.offer(ring);
  EXPECT_FALSE(both.feed.was_taken());
  EXPECT_TRUE(both.feed.has_ring());
  EXPECT_TRUE(both.feed.was_taken());
  EXPECT_EQ(&both.feed.ring(), &ring);
  EXPECT_EQ(both.feed.state(), CardState::Shadow);
  both.hear(Source::Software, 4);
  both.hear(Source::Card, 4);
  EXPECT_EQ(both.feed.state(), CardState::Shadow);
  both.hear(Source::Software, 5);
  both.hear(Source::Card, 5);
  both.turn();
  EXPECT_EQ(both.feed.state(), CardState::Drives);
  EXPECT_EQ(both.acted_on, (Numbers{1, 2, 3, 4, 5}));
}

TEST(CardFeed, CountsALostRecordAsAFault) {
  Feed both;
  const card::CardMark mark{
      .number = 1, .latency_cycles = 12, .form = card::CardForm::Packet, .flags = 2};
  both.feed.hear_record({both.memory.bytes.data(), mark});
  EXPECT_EQ(both.feed.counters().records_lost, 1u);
  EXPECT_FALSE(both.feed.wants_change());  // it did not drive
  EXPECT_EQ(both.feed.state(), CardState::Refused);
}

TEST(CardFeed, DrivesWhenItIsAllowedToAndNotBefore) {
  Feed both{{.may_drive = false, .shadow_messages = 0}};
  for (std::uint64_t i = 1; i < 4; ++i) {
    both.hear(Source::Card, i);
    both.hear(Source::Software, i);
  }
  EXPECT_EQ(both.feed.state(), CardState::Shadow);
  both.feed.allow(3);
  both.turn();
  EXPECT_EQ(both.feed.state(), CardState::Drives);
}

TEST(CardFeed, ThatIsReplacedInGoodHealthLeavesTheStreetToTheSoftwareAndDisarmsNobody) {
  Feed both{{.may_drive = true, .shadow_messages = 1, .policy = CardPolicy::Disarm}};
  both.hear(Source::Software, 1);
  both.hear(Source::Card, 1);
  both.turn();
  ASSERT_EQ(both.feed.state(), CardState::Drives);
  both.hear(Source::Software, 2);
  card::EventRing nothing{{}};
  both.feed.replace(nothing);
  ASSERT_TRUE(both.feed.wants_change());
  EXPECT_EQ(both.feed.fault(), CardFault::Replaced);
  EXPECT_FALSE(both.feed.disarms());
  EXPECT_TRUE(both.feed.change());
  event::MarketEvent event;
  while (both.feed.take_ahead(event)) both.acted_on.push_back(event.sequence);
  EXPECT_EQ(both.acted_on, (Numbers{1, 2}));
  EXPECT_TRUE(both.feed.has_ring());
  EXPECT_TRUE(both.feed.was_taken());
  EXPECT_EQ(both.feed.state(), CardState::None);
  both.feed.allow(0);
  both.hear(Source::Software, 3);
  EXPECT_EQ(both.feed.driver(), Source::Software) << "what is not there does not drive";
}

TEST(CardFeed, ThatLeavesOutAnEventIsRefused) {
  for (const bool card_first : {false, true}) {
    Feed both{{.may_drive = false,
               .shadow_messages = 0,
               .policy = CardPolicy::Software,
               .every_instrument = true}};
    both.hear(Source::Software, 5);
    both.hear(Source::Card, 5);
    if (!card_first) both.hear(Source::Software, 6);
    both.hear(Source::Card, 7);
    if (card_first) both.hear(Source::Software, 6);
    EXPECT_EQ(both.feed.fault(), CardFault::Missing);
  }
}

TEST(CardFeed, MayLeaveOutWhatNobodySaysWhatWasBeforeItAndWhatIsMissingFromItsLine) {
  Feed both{{.may_drive = false,
             .shadow_messages = 0,
             .policy = CardPolicy::Software,
             .every_instrument = true}};
  both.hear(Source::Software, 1);
  both.hear(Source::Software, 2);
  both.hear(Source::Card, 3);  // begins here
  both.hear(Source::Software, 3);
  both.hear(Source::Software, 5);  // 4 gives no event
  both.hear(Source::Card, 5);
  both.hear(Source::Software, 6);
  both.feed.hear_gap(Source::Card, 6);
  both.hear(Source::Card, 7);
  both.hear(Source::Software, 7);
  EXPECT_EQ(both.feed.fault(), CardFault::None);
}

TEST(CardFeed, ThatMissesMessagesLendsItsPlaceUntilTheyAreThere) {
  Feed both;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    both.hear(Source::Card, i);
    both.hear(Source::Software, i);
  }
  both.hear(Source::Card, 5);
  ASSERT_EQ(both.feed.driver(), Source::Card);
  both.feed.hear_gap(Source::Card, 7);
  both.feed.lend();
  EXPECT_EQ(both.feed.driver(), Source::Software);
  EXPECT_TRUE(both.feed.waits()) << "6 and 7 were published";
  both.hear(Source::Card, 8);
  both.hear(Source::Software, 5);
  both.hear(Source::Software, 6);
  EXPECT_TRUE(both.feed.waits());
  EXPECT_FALSE(both.feed.wants_change());
  both.hear(Source::Software, 7);
  EXPECT_FALSE(both.feed.waits());
  EXPECT_FALSE(both.feed.wants_change(false)) << "the software misses something itself";
  both.turn();
  EXPECT_EQ(both.feed.driver(), Source::Card);
  EXPECT_EQ(both.feed.state(), CardState::Drives);
  both.hear(Source::Card, 9);
  both.hear(Source::Software, 8);
  EXPECT_EQ(both.acted_on, (Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(both.feed.counters().lent, 1u);
  EXPECT_EQ(both.feed.fault(), CardFault::None);
}

TEST(CardFeed, LendsToASoftwareThatHasTheMessagesAlready) {
  Feed both;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    both.hear(Source::Card, i);
    both.hear(Source::Software, i);
  }
  both.turn();
  for (std::uint64_t i = 5; i <= 8; ++i) both.hear(Source::Software, i);
  EXPECT_EQ(both.acted_on.back(), 4u) << "the card drives";
  both.feed.hear_gap(Source::Card, 6);
  both.feed.lend();
  event::MarketEvent event;
  while (both.feed.take_ahead(event)) both.acted_on.push_back(event.sequence);
  EXPECT_FALSE(both.feed.waits());
  both.turn();
  EXPECT_EQ(both.feed.driver(), Source::Card);
  both.hear(Source::Card, 7);
  both.hear(Source::Card, 9);
  EXPECT_EQ(both.acted_on, (Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(CardFeed, ThatFailsWhileItLendsIsRefused) {
  Feed both;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    both.hear(Source::Card, i);
    both.hear(Source::Software, i);
  }
  both.turn();
  both.feed.hear_gap(Source::Card, 6);
  both.feed.lend();
  both.feed.tell_hung();
  both.turn();
  EXPECT_EQ(both.feed.driver(), Source::Software);
  EXPECT_EQ(both.feed.state(), CardState::Refused);
  EXPECT_FALSE(both.feed.lent());
  for (std::uint64_t i = 5; i <= 8; ++i) both.hear(Source::Software, i);
  EXPECT_EQ(both.acted_on, (Numbers{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(CardFeed, GoesOnBehindBooksFromElsewhere) {
  Feed both;
  both.hear(Source::Software, 1);
  both.hear(Source::Software, 5);
  both.feed.restart_before(3);
  both.hear(Source::Software, 3);
  EXPECT_EQ(both.acted_on, (Numbers{1, 5, 3}));
}

TEST(CardFeed, ThatDrivesGoesOnBehindTheSoftwaresBooks) {
  Feed both;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    both.hear(Source::Card, i);
    both.hear(Source::Software, i);
  }
  both.turn();
  both.hear(Source::Card, 5);
  both.hear(Source::Card, 6);
  ASSERT_EQ(both.acted_on.back(), 6u);
  // An operator renews the books; the software, which was behind, has them up to message 4.
  both.feed.lend();
  both.feed.restart_before(5);
  both.turn();
  EXPECT_EQ(both.feed.driver(), Source::Card);
  both.hear(Source::Card, 7);
  EXPECT_EQ(both.acted_on, (Numbers{1, 2, 3, 4, 5, 6, 5, 6, 7}));
  EXPECT_EQ(both.feed.fault(), CardFault::None);
}

}  // namespace ridley::engine
