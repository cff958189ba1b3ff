// SPDX-License-Identifier: Apache-2.0
// Lines of a capture, put together whatever the protocol (control/capture_lines.hpp,
// control/mdp_lines.hpp): each lacks packets that the other has, is cut and ordered differently.
#include "control/capture_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>

#include "control/feed_events.hpp"
#include "control/mdp_lines.hpp"
#include "feed/mdp_messages.hpp"
#include "feed/packets.hpp"
#include "wire/deep.hpp"
#include "wire/pitch.hpp"

namespace ridley::control {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

constexpr std::uint64_t kMessages = 2'000;
constexpr std::uint32_t kLineA = 0xE9D15CC3;
constexpr std::uint32_t kLineB = 0xE9D15DC3;

// A day of numbered messages, and packets of them.
struct Day {
  const char* name;
  FeedProtocol protocol;
  std::size_t cut_max;  // messages of a packet
  feed::Bytes (*packet)(std::uint64_t from, std::uint64_t until);
};

feed::Bytes pitch_packet(std::uint64_t from, std::uint64_t until) {
  feed::UnitPacket packet{static_cast<std::uint32_t>(from)};
  for (; from < until; ++from)
    packet.messages.push_back(
        feed::message_of<wire::pitch::AddOrderShort, wire::pitch::AddOrderShortWriter>(
            [from](auto& writer) {
              writer.order_id(from).side_indicator('B').quantity(1).symbol("A");
            }));
  return packet.bytes();
}

feed::Bytes deep_packet(std::uint64_t from, std::uint64_t until) {
  constexpr std::size_t kBlock = 2 + wire::deep::TradeReport::kSize;
  feed::IexPacket packet{.sequence = from, .offset = (from - 1) * kBlock};
  for (; from < until; ++from)
    packet.messages.push_back(
        feed::message_of<wire::deep::TradeReport, wire::deep::TradeReportWriter>(
            [from](auto& writer) {
              writer.symbol("A").size(static_cast<std::uint32_t>(from)).price(10'000);
            }));
  return packet.bytes();
}

feed::Bytes mdp_packet(std::uint64_t from, std::uint64_t) {
  return feed::mdp::Packet{static_cast<std::uint32_t>(from),
                           {feed::mdp::book({{}}, {}, feed::mdp::kEnd, 100 + from)}}
      .bytes();
}

feed::Bytes itch_packet(std::uint64_t from, std::uint64_t until) {
  // A system event.
  std::string message(12, '\0');
  message[0] = 'S';
  message[11] = 'Q';
  feed::MoldPacket packet{from, {}};
  packet.messages.assign(until - from, message);
  return packet.bytes();
}

const std::array kDays{Day{"itch", FeedProtocol::Itch, 6, itch_packet},
                       Day{"pitch", FeedProtocol::Pitch, 6, pitch_packet},
                       Day{"deep", FeedProtocol::IexDeep, 6, deep_packet},
                       Day{"mdp", FeedProtocol::Mdp3, 1, mdp_packet}};

struct OnLine {
  std::uint32_t ip;
  std::uint64_t from;
  std::uint64_t until;
};

// Whatever one line lacks the other has, but for the numbers from `gone` on that both lack.
std::vector<OnLine> travel(const Day& day, std::mt19937_64& random, std::uint64_t gone,
                           std::uint64_t gone_count) {
  std::vector<bool> lacking(kMessages + 1, false);
  std::array<std::vector<OnLine>, 2> lines;
  for (std::size_t line = 0; line < lines.size(); ++line) {
    for (std::uint64_t at = 1; at <= kMessages;) {
      const std::uint64_t until = std::min(kMessages + 1, at + 1 + random() % day.cut_max);
      const bool early = at < 20;  // who is a line has to be seen first
      bool lost = !early && random() % 6 == 0;
      for (std::uint64_t number = at; number < until; ++number) {
        lost = lost && !(line == 1 && lacking[number]);
      }
      if (at < gone + gone_count && until > gone) lost = true;
      for (std::uint64_t number = at; lost && line == 0 && number < until; ++number)
        lacking[number] = true;
      if (!lost) lines[line].push_back({line == 0 ? kLineA : kLineB, at, until});
      at = until;
    }
    for (std::size_t i = 40; i + 4 < lines[line].size(); ++i)
      if (random() % 5 == 0) std::swap(lines[line][i], lines[line][i + random() % 4]);
  }
  std::vector<OnLine> order;
  std::array<std::size_t, 2> at{};
  while (at[0] < lines[0].size() || at[1] < lines[1].size()) {
    std::size_t line = random() % 2;
    if (at[line] == lines[line].size()) line = 1 - line;
    // A line is late by a few hundred messages at most.
    const std::size_t other = 1 - line;
    if (at[other] < lines[other].size() && at[line] < lines[line].size() &&
        lines[line][at[line]].from > lines[other][at[other]].from + 300)
      line = other;
    order.push_back(lines[line][at[line]++]);
  }
  return order;
}

struct Heard {
  Heard(const Day& day, std::size_t held)
      : feed{FeedEvents::make(day.protocol,
                              {.policy = feed::SessionPolicy::Refuse,
                               .first_sequence = feed::SequencerOptions::kAdopt},
                              held)} {}

  void take(const Day& day, const OnLine& one) {
    const feed::Bytes packet = day.packet(one.from, one.until);
    (void)feed->accept({.payload = packet, .destination_ip = one.ip, .destination_port = 30'001},
                       listener);
  }
  [[nodiscard]] std::vector<std::string> complaints() const {
    std::vector<std::string> complaints;
    feed->complain(complaints);
    return complaints;
  }

  std::unique_ptr<FeedEvents> feed;
  std::vector<std::pair<event::EventKind, std::uint64_t>> events;
  FeedEvents::Listener listener{.on_event =
                                    [this](const event::MarketEvent& event) {
                                      events.emplace_back(event.kind, event.sequence);
                                    },
                                .on_session = [] {}};
};

class CapturedLines : public testing::TestWithParam<Day> {
 protected:
  CapturedLines() {
    const char* given = std::getenv("RIDLEY_SEED");
    seed_ = given != nullptr ? std::stoull(given) : std::random_device{}();
    std::cout << "RIDLEY_SEED=" << seed_ << '\n';
    random_.seed(seed_);
  }
  std::uint64_t seed_;
  std::mt19937_64 random_;
};

}  // namespace

TEST_P(CapturedLines, ThatLackDifferentPacketsAreOneWholeFeed) {
  const Day& day = GetParam();
  Heard whole{day, 0};
  for (std::uint64_t number = 1; number <= kMessages; ++number)
    whole.take(day, {kLineA, number, number + 1});
  for (int round = 0; round < 10; ++round) {
    const std::vector<OnLine> order = travel(day, random_, 0, 0);
    Heard together{day, kCaptureHeldPackets};
    Heard at_once{day, 0};
    for (const OnLine& one : order) {
      together.take(day, one);
      at_once.take(day, one);
    }
    together.feed->finish(together.listener);
    ASSERT_EQ(together.events, whole.events);
    EXPECT_EQ(together.feed->counters().missing_messages, 0u);
    EXPECT_GT(at_once.feed->counters().missing_messages, 0u) << "lines that need no window";
    EXPECT_EQ(together.complaints().size(), 2u);
    EXPECT_THAT(together.complaints(), Each(HasSubstr("did not bring")));
  }
}

TEST_P(CapturedLines, SayWhatNeitherOfThemHas) {
  const Day& day = GetParam();
  const std::vector<OnLine> order = travel(day, random_, 1'900, 3);
  Heard together{day, kCaptureHeldPackets};
  for (const OnLine& one : order) together.take(day, one);
  const std::uint64_t before = together.feed->counters().missing_messages;
  together.feed->finish(together.listener);
  EXPECT_EQ(before, 0u) << "as long as there is room it may still come";
  EXPECT_GE(together.feed->counters().missing_messages, 3u);
  const auto doubts = std::ranges::count(together.events, event::EventKind::Doubt,
                                         &std::pair<event::EventKind, std::uint64_t>::first);
  EXPECT_GT(doubts, 0);
  // In MDP a packet has one number and an event several messages: the last is that of the last.
  EXPECT_EQ(together.events.back().second, kMessages);
}

INSTANTIATE_TEST_SUITE_P(Of, CapturedLines, testing::ValuesIn(kDays),
                         [](const auto& day) { return day.param.name; });

TEST(CaptureLines, AreNumberedByUnitAsTheyAreHeard) {
  CaptureLines lines;
  const auto at = [](std::uint32_t ip) {
    return nic::Datagram{.payload = {}, .destination_ip = ip, .destination_port = 5};
  };
  EXPECT_EQ(lines.line_of(1, at(10)), 0u);
  EXPECT_EQ(lines.line_of(1, at(11)), 1u);
  EXPECT_EQ(lines.line_of(2, at(11)), 0u);
  EXPECT_EQ(lines.line_of(1, at(10)), 0u);
  EXPECT_EQ(lines.line_of(1, at(12)), 2u);
  EXPECT_EQ(lines.line_of(1, at(13)), 2u) << "there are three";
  std::vector<std::string> complaints;
  lines.complain(complaints, [](std::uint16_t unit, feed::LineNumber line) {
    feed::LineHealth health;
    health.reached = unit == 1 && line == 1 ? 7 : 0;
    return health;
  });
  EXPECT_THAT(complaints, testing::ElementsAre("line B, 0.0.0.11:5, did not bring 7 messages"));
}

TEST(MdpLines, AreToldFromOtherChannelsByTheirMessages) {
  MdpLines lines;
  const auto line_of = [&](std::uint32_t ip, std::uint32_t sequence, std::uint64_t time_ns) {
    const feed::Bytes packet =
        feed::mdp::Packet{sequence, {feed::mdp::book({{}}, {}, feed::mdp::kEnd, time_ns)}}.bytes();
    return lines.line_of({.payload = packet, .destination_ip = ip, .destination_port = 1});
  };
  EXPECT_EQ(line_of(1, 50, 500), 0u);
  EXPECT_EQ(line_of(2, 51, 510), std::nullopt) << "nobody knows yet";
  EXPECT_EQ(line_of(3, 50, 999), std::nullopt) << "another channel";
  EXPECT_EQ(line_of(1, 51, 510), 0u);
  EXPECT_EQ(line_of(2, 52, 520), 1u) << "it had brought 51 before";
  EXPECT_EQ(line_of(4, 51, 510), 2u);
  EXPECT_EQ(line_of(3, 51, 510), std::nullopt) << "it has said what it is";
  EXPECT_EQ(lines.left_out(), 2u);
  const feed::Bytes heartbeat = feed::mdp::Packet{52, {feed::mdp::heartbeat()}}.bytes();
  const auto beat = [&](std::uint32_t ip) {
    return lines.line_of({.payload = heartbeat, .destination_ip = ip, .destination_port = 1});
  };
  EXPECT_EQ(beat(2), 1u);
  EXPECT_EQ(beat(9), std::nullopt) << "it is the same on every channel";
}

}  // namespace ridley::control
