// SPDX-License-Identifier: Apache-2.0
#include "feed/lines.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <iterator>
#include <limits>
#include <set>

#include "feed/published.hpp"
#include "support/shared_data.hpp"

namespace ridley::feed {
namespace {

constexpr LineNumber kA = 0;
constexpr LineNumber kB = 1;

Published letters(std::size_t count, std::uint64_t first = 1) {
  Published published{.first = first, .messages = {}};
  for (std::size_t i = 0; i < count; ++i) published.messages.push_back("m" + std::to_string(i));
  return published;
}

std::vector<Receiver::Delivered> all_of(const Published& published) {
  std::vector<Receiver::Delivered> all;
  for (std::uint64_t number = published.first; number < published.end(); ++number)
    all.push_back({number, published.messages[number - published.first]});
  return all;
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

TEST(Lines, AFullWindowIsALossAtOnce) {
  const Published day = letters(9);
  Receiver receiver{{}, 2};
  receiver.hear(day.packet(2, 3), kA);
  receiver.hear(day.packet(4, 5), kA);
  EXPECT_EQ(receiver.ahead(), Ahead::Waits);
  receiver.hear(day.packet(6, 7), kA);  // a third one
  EXPECT_EQ(receiver.ahead(), Ahead::Nothing);
  EXPECT_EQ(receiver.delivered().back(), (Receiver::Delivered{6, "m5"}));
  EXPECT_EQ(receiver.sequencer().counters().missing_messages, 5u);
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

namespace {

// Each message of the recording begins with a reset: presence map C0, template 120. Then comes
// template 74 and the number, three bytes of seven bits.
Published recorded_line(const std::string& name) {
  std::ifstream file{test::shared_data("fast/forts-2013/" + name), std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  const std::string reset = "\xC0\xF8";
  Published line;
  for (std::size_t at = bytes.find(reset); at != std::string::npos;) {
    const std::size_t next = bytes.find(reset, at + 1);
    const std::string message = bytes.substr(at, next - at);
    std::uint64_t number = 0;
    for (std::size_t i = 4; i < 7; ++i)
      number = number << 7 | (static_cast<unsigned char>(message.at(i)) & 0x7F);
    if (line.messages.empty()) line.first = number;
    EXPECT_EQ(number, line.end()) << "a line has no gaps of its own";
    line.messages.push_back(message);
    at = next;
  }
  return line;
}

}  // namespace

// Two lines of the Moscow exchange, of which each lacks what the other begins or ends with.
class RecordedLines : public testing::Test {
 protected:
  void SetUp() override {
    RIDLEY_NEEDS_SHARED_DATA("fast/forts-2013/increment_a.dat");
    a_ = recorded_line("increment_a.dat");
    b_ = recorded_line("increment_b.dat");
    ASSERT_EQ(a_.messages.size(), 8'101u);
    ASSERT_EQ(b_.messages.size(), 8'088u);
  }
  Published a_;
  Published b_;
};

TEST_F(RecordedLines, AreOneStreamInAnyInterleaving) {
  std::vector<Receiver::Delivered> published = all_of(a_);
  for (std::uint64_t number = a_.end(); number < b_.end(); ++number)
    published.push_back({number, b_.messages[number - b_.first]});
  ASSERT_EQ(published.front().number, 482'727u);
  ASSERT_EQ(published.back().number, 490'838u);
  ASSERT_EQ(published.size(), 8'112u);

  const bool right = rc::check("any interleaving of both lines", [&] {
    // Room for a whole line: in any interleaving means that one may come after the other.
    Receiver receiver{{.first_sequence = a_.first}, 8'192};
    std::uint64_t at_a = a_.first;
    std::uint64_t at_b = b_.first;
    const auto leaning = *rc::gen::inRange(0, 101);
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    std::uint64_t random = seed;
    const auto below = [&random](std::uint64_t bound) {
      random = random * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
      return (random >> 33) % bound;
    };
    while (at_a < a_.end() || at_b < b_.end()) {
      const bool from_a =
          at_b == b_.end() || (at_a < a_.end() && below(100) < static_cast<std::uint64_t>(leaning));
      const Published& line = from_a ? a_ : b_;
      std::uint64_t& at = from_a ? at_a : at_b;
      // As many as fit a packet, of its own cut.
      const std::uint64_t until = std::min(line.end(), at + 1 + below(4));
      receiver.hear(line.packet(at, until), from_a ? kA : kB);
      at = until;
    }
    RC_ASSERT(receiver.delivered() == published);
    RC_ASSERT(receiver.sequencer().counters().missing_messages == 0u);
    const LineHealth& a = receiver.sequencer().line(kA);
    const LineHealth& b = receiver.sequencer().line(kB);
    RC_ASSERT(a.messages() == 8'101u);
    RC_ASSERT(b.messages() == 8'088u);
    RC_ASSERT(a.won() + b.won() == 8'112u);
    RC_ASSERT(a.lost() == 0u);
    RC_ASSERT(b.lost() == 24u);
  });
  EXPECT_TRUE(right);
}

}  // namespace ridley::feed
