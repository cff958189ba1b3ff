// SPDX-License-Identifier: Apache-2.0
#include "feed/lines.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <set>

#include "feed/published.hpp"

namespace ridley::feed {
namespace {

constexpr LineNumber kA = 0;
constexpr LineNumber kB = 1;

Published letters(std::size_t count, std::uint64_t first = 1) {
  Published published{.first = first, .messages = {}};
  for (std::size_t i = 0; i < count; ++i) published.messages.push_back("m" + std::to_string(i));
  return published;
}

}  // namespace

TEST(Lines, HoldsWhatIsAheadUntilTheOtherLineBringsTheRest) {
  const Published day = letters(6);
  Receiver receiver{{}, 8};
  receiver.hear(day.packet(1, 3), kA);
  receiver.hear(day.packet(4, 7), kA);  // 3 is missing
  EXPECT_EQ(receiver.ahead(), Ahead::Waits);
  EXPECT_EQ(receiver.sequencer().next_sequence(), 3u);
  EXPECT_EQ(receiver.sequencer().missing_end(), 4u);
  EXPECT_EQ(receiver.delivered().size(), 2u);
  receiver.hear(day.packet(2, 5), kB);  // cut differently
  EXPECT_EQ(receiver.ahead(), Ahead::Nothing);
  EXPECT_EQ(receiver.delivered(), all_of(day));
  const SequencerCounters counters = receiver.sequencer().counters();
  EXPECT_EQ(counters.gaps, 1u);
  EXPECT_EQ(counters.gaps_filled, 1u);
  EXPECT_EQ(counters.missing_messages, 0u);
  EXPECT_EQ(counters.messages, 6u);
  EXPECT_EQ(counters.held_packets, 1u);
}

TEST(Lines, CountsWhatEachLineBroughtFirstTwiceAndNever) {
  const Published day = letters(10);
  Receiver receiver{{}, 8};
  receiver.hear(day.packet(1, 4), kA);
  receiver.hear(day.packet(1, 4), kB);
  receiver.hear(day.packet(4, 6), kB);
  receiver.hear(day.packet(6, 11), kA);  // A lost 4 and 5
  const LineHealth& a = receiver.sequencer().line(kA);
  const LineHealth& b = receiver.sequencer().line(kB);
  EXPECT_EQ(a.won(), 8u);
  EXPECT_EQ(a.lost(), 2u);
  EXPECT_EQ(a.duplicates, 0u);
  EXPECT_EQ(b.messages(), 5u);
  EXPECT_EQ(b.won(), 2u);
  EXPECT_EQ(b.duplicates, 3u);
  EXPECT_EQ(b.lost(), 0u) << "what it has not reached yet is not lost";
  EXPECT_EQ(receiver.delivered(), all_of(day));
}

TEST(Lines, ADeadLineCostsNothing) {
  const Published day = letters(400);
  Receiver receiver{{}, 8};
  receiver.hear(day.packet(1, 2), kA);
  receiver.hear(day.packet(1, 2), kB);
  for (std::uint64_t number = 2; number < 400; ++number) {
    receiver.hear(day.packet(number, number + 1), kA);
    ASSERT_EQ(receiver.ahead(), Ahead::Nothing);
    ASSERT_EQ(receiver.sequencer().next_sequence(), number + 1);
  }
  EXPECT_EQ(receiver.sequencer().line(kB).lost(), 0u);
  EXPECT_EQ(receiver.sequencer().counters().gaps, 0u);
}

TEST(Lines, AHeartbeatAheadOpensAGapToo) {
  const Published day = letters(3);
  Receiver receiver{{}, 8};
  receiver.hear(day.packet(1, 2), kA);
  receiver.hear(MoldPacket{.sequence = 4}.heartbeat(), kB);
  EXPECT_EQ(receiver.ahead(), Ahead::Waits);
  EXPECT_EQ(receiver.sequencer().missing_end(), 4u);
  receiver.hear(day.packet(2, 4), kA);
  EXPECT_EQ(receiver.ahead(), Ahead::Nothing);
  EXPECT_EQ(receiver.delivered(), all_of(day));
}

TEST(Lines, GivesUpWhatIsMissingAndDeliversTheRest) {
  const Published day = letters(6);
  Receiver receiver{{}, 8};
  receiver.hear(day.packet(1, 2), kA);
  receiver.hear(day.packet(4, 5), kA);
  receiver.hear(day.packet(6, 7), kA);
  receiver.give_up();
  EXPECT_EQ(receiver.ahead(), Ahead::Waits) << "5 may still come";
  receiver.give_up();
  EXPECT_EQ(receiver.ahead(), Ahead::Nothing);
  auto expected = all_of(day);
  for (const std::uint64_t lost : {2, 3, 5}) expected[lost - 1] = {lost, {}, true};
  EXPECT_EQ(receiver.delivered(), expected);
  const SequencerCounters counters = receiver.sequencer().counters();
  EXPECT_EQ(counters.missing_messages, 3u);
  EXPECT_EQ(counters.gaps, 1u);
  EXPECT_EQ(counters.gaps_filled, 0u);
  receiver.give_up();
  EXPECT_EQ(receiver.delivered(), expected) << "nothing is missing";
}

TEST(Lines, AFullWindowLosesWhatIsMissingFirstAndNothingThatCame) {
  const Published day = letters(9);
  Receiver receiver{{}, 3};
  receiver.hear(day.packet(2, 3), kA);
  receiver.hear(day.packet(4, 5), kA);
  EXPECT_EQ(receiver.ahead(), Ahead::Waits);
  EXPECT_TRUE(receiver.delivered().empty());
  receiver.hear(day.packet(6, 7), kA);  // takes the last place
  using Delivered = Receiver::Delivered;
  EXPECT_EQ(receiver.delivered(), (std::vector<Delivered>{{1, {}, true}, {2, "m1"}}));
  EXPECT_EQ(receiver.ahead(), Ahead::Waits) << "3 may still come";
  receiver.hear(day.packet(3, 4), kB);
  EXPECT_EQ(receiver.delivered().back(), (Delivered{4, "m3"}));
  EXPECT_EQ(receiver.sequencer().counters().missing_messages, 1u);
  receiver.hear(day.packet(1, 2), kB);
  EXPECT_EQ(receiver.delivered().size(), 4u) << "too late";
}

TEST(Lines, WhatIsTooFarAheadIsNotWaitedFor) {
  const Published day = letters(12);
  Receiver receiver{{.ahead_messages_max = 10}, 8};
  receiver.hear(day.packet(1, 2), kA);
  receiver.hear(day.packet(11, 12), kA);  // ten ahead
  EXPECT_EQ(receiver.ahead(), Ahead::Waits);
  receiver.hear(day.packet(11, 13), kB);  // eleven
  EXPECT_EQ(receiver.ahead(), Ahead::Nothing);
  EXPECT_EQ(receiver.sequencer().counters().missing_messages, 9u);
}

TEST(Lines, WhoBeginsInTheMiddleOfTheDayDoesNotBlameTheLines) {
  const Published day = letters(4, 1'000'000);
  Receiver receiver{{}, 8};
  receiver.hear(day.packet(1'000'000, 1'000'002), kA);
  receiver.hear(day.packet(1'000'002, 1'000'004), kB);
  EXPECT_EQ(receiver.sequencer().counters().missing_messages, 999'999u);
  EXPECT_EQ(receiver.sequencer().line(kA).lost(), 0u);
  EXPECT_EQ(receiver.sequencer().line(kB).lost(), 2u);
}

TEST(Lines, ANewSessionForgetsWhatWasHeld) {
  const Published day = letters(4);
  Receiver receiver{{.policy = SessionPolicy::Follow}, 8};
  receiver.hear(day.packet(3, 5), kA);
  EXPECT_EQ(receiver.ahead(), Ahead::Waits);
  receiver.hear(MoldPacket{1, {"new"}, "SESSION002"}.bytes(), kA);
  EXPECT_EQ(receiver.ahead(), Ahead::Nothing);
  EXPECT_EQ(receiver.delivered(), (std::vector<Receiver::Delivered>{{1, "new"}}));
}

TEST(Lines, SaysHowLateALineIs) {
  const Published day = letters(600);
  Receiver receiver{{}, 8};
  std::vector<std::uint64_t> late;
  for (std::uint64_t number = 1; number < 600; ++number) {
    receiver.hear(day.packet(number, number + 1), kA, number * 1'000);
    receiver.hear(day.packet(number, number + 1), kB, number * 1'000 + 70);
    const Late told = receiver.sequencer().take_late();
    if (told.line != Late::kNone) {
      EXPECT_EQ(told.line, kB);
      late.push_back(told.ns);
    }
  }
  EXPECT_EQ(late, (std::vector<std::uint64_t>{70, 70}));
}

RC_GTEST_PROP(Lines, AnyInterleavingOfAnyCutsGivesWhatWasPublished, ()) {
  const auto count = *rc::gen::inRange<std::uint64_t>(1, 120);
  const Published day = letters(count, *rc::gen::inRange<std::uint64_t>(1, 1'000));
  const auto lines = *rc::gen::inRange<unsigned>(1, 4);
  struct OnLine {
    Bytes packet;
    LineNumber line;
    std::uint64_t from;
    std::uint64_t until;
  };
  std::vector<OnLine> under_way;
  for (unsigned line = 0; line < lines; ++line) {
    for (std::uint64_t at = day.first; at < day.end();) {
      const std::uint64_t until = std::min(day.end(), at + *rc::gen::inRange<std::uint64_t>(1, 9));
      const bool lost = *rc::gen::inRange(0, 5) == 0;
      if (!lost) {
        under_way.push_back({day.packet(at, until), static_cast<LineNumber>(line), at, until});
      }
      at = until;
    }
  }
  // Any order at all: lines, and packets of one line among each other.
  for (std::size_t i = under_way.size(); i > 1; --i)
    std::swap(under_way[i - 1], under_way[*rc::gen::inRange<std::size_t>(0, i)]);

  Receiver receiver{{.first_sequence = day.first}, 512};
  std::set<std::uint64_t> heard;
  for (const OnLine& one : under_way) {
    receiver.hear(one.packet, one.line);
    for (std::uint64_t number = one.from; number < one.until; ++number) heard.insert(number);
    // The naive receiver has all numbers up to the first that nobody has brought.
    std::uint64_t next = day.first;
    while (heard.contains(next)) ++next;
    RC_ASSERT(receiver.sequencer().next_sequence() == next);
    const bool beyond = !heard.empty() && *heard.rbegin() >= next;
    RC_ASSERT((receiver.ahead() == Ahead::Waits) == beyond);
  }
  while (receiver.ahead() == Ahead::Waits) receiver.give_up();
  std::vector<Receiver::Delivered> expected;
  if (!heard.empty()) {
    for (std::uint64_t number = day.first; number <= *heard.rbegin(); ++number) {
      if (heard.contains(number))
        expected.push_back({number, day.messages[number - day.first]});
      else
        expected.push_back({number, {}, true});
    }
  }
  RC_ASSERT(receiver.delivered() == expected);
  RC_ASSERT(receiver.sequencer().counters().messages == heard.size());
}

}  // namespace ridley::feed
