// SPDX-License-Identifier: Apache-2.0
// The two recorded lines of a FAST feed through the product's window (feed/lines.hpp,
// feed/held_packets.hpp): in any interleaving, and through windows that are too small for some.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

#include "feed/lines.hpp"
#include "feed/published.hpp"
#include "support/shared_data.hpp"

namespace ridley::feed {
namespace {

constexpr LineNumber kA = 0;
constexpr LineNumber kB = 1;

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
  [[nodiscard]] std::vector<Receiver::Delivered> union_of_both() const {
    std::vector<Receiver::Delivered> all = all_of(a_);
    for (std::uint64_t number = a_.end(); number < b_.end(); ++number)
      all.push_back({number, b_.messages[number - b_.first]});
    return all;
  }
  Published a_;
  Published b_;
};

// Each packet of both lines as some order brought it, through a window of so many.
struct Travelled {
  Bytes packet;
  LineNumber line;
  std::uint64_t from;
  std::uint64_t until;
};

// Cut anyhow; some are lost, some are overtaken by a few others; the lines lean to one or the
// other and change about it.
std::vector<Travelled> travel(const Published& a, const Published& b, std::mt19937_64& random) {
  const auto below = [&random](std::uint64_t bound) { return random() % bound; };
  const std::uint64_t lost_percent = below(20);
  const std::uint64_t displaced_max = below(12);
  std::array<std::deque<Travelled>, 2> lines;
  for (const LineNumber line : {kA, kB}) {
    const Published& all = line == kA ? a : b;
    for (std::uint64_t at = all.first; at < all.end();) {
      const std::uint64_t until = std::min(all.end(), at + 1 + below(4));
      if (below(100) >= lost_percent)
        lines[line].push_back({all.packet(at, until), line, at, until});
      at = until;
    }
    for (std::size_t i = 0; displaced_max != 0 && i + displaced_max < lines[line].size(); ++i)
      if (below(4) == 0) std::swap(lines[line][i], lines[line][i + below(displaced_max)]);
  }
  std::vector<Travelled> order;
  std::uint64_t leaning = below(101);
  while (!lines[kA].empty() || !lines[kB].empty()) {
    if (below(50) == 0) leaning = below(101);
    const bool from_a = lines[kB].empty() || (!lines[kA].empty() && below(100) < leaning);
    std::deque<Travelled>& line = lines[from_a ? kA : kB];
    order.push_back(std::move(line.front()));
    line.pop_front();
  }
  return order;
}

// What a window may and may not do with packets in that order: whatever it declares lost had not
// come, all else is delivered once, in order and right, and it waits as long as it has room.
void expect_right(const std::vector<Travelled>& order, const std::vector<Receiver::Delivered>& all,
                  std::size_t window, std::uint64_t& lost) {
  Receiver receiver{{.first_sequence = all.front().number}, window};
  std::vector<bool> heard(all.size(), false);
  std::size_t next = 0;  // of what was delivered or declared lost, and looked at
  std::size_t packets_ahead = 0;
  const auto look = [&](bool gave_up) {
    bool any_lost = false;
    for (; next < receiver.delivered().size(); ++next) {
      const Receiver::Delivered& one = receiver.delivered()[next];
      ASSERT_EQ(one.number, all[next].number);
      ASSERT_NE(one.lost, heard[next]) << "message " << one.number;
      ASSERT_EQ(one.message, one.lost ? std::string{} : all[next].message);
      any_lost |= one.lost;
      lost += one.lost ? 1 : 0;
    }
    ASSERT_FALSE(next < all.size() && heard[next]) << "it is here and not delivered";
    ASSERT_FALSE(any_lost && !gave_up && packets_ahead < window) << "there was room";
  };
  for (const Travelled& one : order) {
    const std::uint64_t first = all.front().number;
    for (std::uint64_t number = one.from; number < one.until; ++number)
      heard[number - first] = true;
    packets_ahead += one.from > first + next ? 1 : 0;
    receiver.hear(one.packet, one.line);
    ASSERT_NO_FATAL_FAILURE(look(false));
    if (receiver.ahead() == Ahead::Nothing) packets_ahead = 0;
  }
  while (receiver.ahead() == Ahead::Waits) {
    receiver.give_up();
    ASSERT_NO_FATAL_FAILURE(look(true));
  }
  EXPECT_EQ(receiver.sequencer().counters().missing_messages, lost);
}

TEST_F(RecordedLines, LoseNothingThatCameInTimeThroughASmallWindow) {
  const char* given = std::getenv("RIDLEY_SEED");
  const std::uint64_t chosen = given != nullptr ? std::stoull(given) : std::random_device{}();
  RecordProperty("RIDLEY_SEED", std::to_string(chosen));
  std::cout << "RIDLEY_SEED=" << chosen << '\n';
  std::mt19937_64 random{chosen};
  std::uint64_t lost_in_all = 0;
  for (int round = 0; round < 60 && !HasFatalFailure(); ++round) {
    const std::vector<Travelled> order = travel(a_, b_, random);
    const std::size_t window = 2 + random() % 40;
    SCOPED_TRACE("RIDLEY_SEED=" + std::to_string(chosen) + ", round " + std::to_string(round) +
                 ", window " + std::to_string(window));
    std::uint64_t lost = 0;
    expect_right(order, union_of_both(), window, lost);
    lost_in_all += lost;
  }
  EXPECT_GT(lost_in_all, 0u) << "the windows are too large to matter";
}

TEST_F(RecordedLines, AreOneStreamInAnyInterleaving) {
  const std::vector<Receiver::Delivered> published = union_of_both();
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
