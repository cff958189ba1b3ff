// SPDX-License-Identifier: Apache-2.0
#include "feed/sequencer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <string>

#include "feed/mold_packet.hpp"

namespace ridley::feed {
namespace {

// "first:text text", what a caller would read.
std::string text(const Arrived& arrived) {
  std::string text = std::to_string(arrived.first_sequence) + ":";
  for (const Block block : Blocks{arrived}) {
    text += ' ';
    for (const std::byte byte : block.message) text += static_cast<char>(byte);
  }
  return text;
}

}  // namespace

TEST(Sequencer, DeliversPacketsInOrder) {
  Sequencer sequencer;
  Bytes packet = MoldPacket{1, {"a", "bc"}}.bytes();
  Arrived arrived = sequencer.accept(packet);
  EXPECT_EQ(arrived.arrival, Arrival::InOrder);
  EXPECT_EQ(arrived.count, 2);
  EXPECT_EQ(text(arrived), "1: a bc");
  packet = MoldPacket{3, {"d"}}.bytes();
  EXPECT_EQ(text(sequencer.accept(packet)), "3: d");
  EXPECT_EQ(sequencer.next_sequence(), 4u);
  EXPECT_EQ(sequencer.session().text(), "SESSION001");
  EXPECT_EQ(sequencer.counters().messages, 3u);
  EXPECT_EQ(sequencer.counters().packets, 2u);
}

TEST(Sequencer, DropsADuplicate) {
  Sequencer sequencer;
  const Bytes packet = MoldPacket{1, {"a", "b"}}.bytes();
  (void)sequencer.accept(packet);
  const Arrived arrived = sequencer.accept(packet);
  EXPECT_EQ(arrived.arrival, Arrival::Duplicate);
  EXPECT_EQ(arrived.count, 0);
  EXPECT_TRUE(arrived.blocks.empty());
  EXPECT_EQ(sequencer.next_sequence(), 3u);
  EXPECT_EQ(sequencer.counters().duplicates, 1u);
  EXPECT_EQ(sequencer.counters().duplicate_messages, 2u);
}

TEST(Sequencer, SkipsWhatItHasOfAnOverlap) {
  Sequencer sequencer;
  const Bytes first = MoldPacket{1, {"a", "b", "c"}}.bytes();
  const Bytes second = MoldPacket{2, {"b", "c", "d", "e"}}.bytes();
  (void)sequencer.accept(first);
  const Arrived arrived = sequencer.accept(second);
  EXPECT_EQ(arrived.arrival, Arrival::Overlap);
  EXPECT_EQ(text(arrived), "4: d e");
  EXPECT_EQ(sequencer.next_sequence(), 6u);
  EXPECT_EQ(sequencer.counters().overlaps, 1u);
}

TEST(Sequencer, DeclaresAGapAtOnceAndGoesOn) {
  Sequencer sequencer;
  const Bytes packet = MoldPacket{5, {"a"}}.bytes();
  const Arrived arrived = sequencer.accept(packet);
  EXPECT_EQ(arrived.arrival, Arrival::Gap);
  EXPECT_EQ(arrived.missing_from, 1u);
  EXPECT_EQ(arrived.missing_count, 4u);
  EXPECT_EQ(text(arrived), "5: a");
  EXPECT_EQ(sequencer.next_sequence(), 6u);
  // What was missing is late now, not new.
  const Bytes late = MoldPacket{2, {"b"}}.bytes();
  EXPECT_EQ(sequencer.accept(late).arrival, Arrival::Duplicate);
  EXPECT_EQ(sequencer.counters().gaps, 1u);
  EXPECT_EQ(sequencer.counters().missing_messages, 4u);
}

TEST(Sequencer, LearnsOfAGapFromAHeartbeat) {
  Sequencer sequencer;
  EXPECT_EQ(sequencer.accept(MoldPacket{.sequence = 1}.heartbeat()).arrival, Arrival::Heartbeat);
  const Arrived arrived = sequencer.accept(MoldPacket{.sequence = 2}.heartbeat());
  EXPECT_EQ(arrived.arrival, Arrival::HeartbeatGap);
  EXPECT_EQ(arrived.missing_from, 1u);
  EXPECT_EQ(arrived.missing_count, 1u);
  EXPECT_EQ(sequencer.next_sequence(), 2u);
  EXPECT_EQ(sequencer.accept(MoldPacket{.sequence = 1}.heartbeat()).arrival, Arrival::Heartbeat);
  EXPECT_EQ(sequencer.next_sequence(), 2u) << "a late heartbeat takes nothing back";
  EXPECT_EQ(sequencer.counters().heartbeats, 3u);
}

TEST(Sequencer, EndsWithTheSession) {
  Sequencer sequencer;
  const Bytes packet = MoldPacket{1, {"a"}}.bytes();
  (void)sequencer.accept(packet);
  EXPECT_FALSE(sequencer.ended());
  EXPECT_EQ(sequencer.accept(MoldPacket{.sequence = 2}.end_of_session()).arrival,
            Arrival::EndOfSession);
  EXPECT_TRUE(sequencer.ended());
  const Arrived arrived = sequencer.accept(MoldPacket{.sequence = 4}.end_of_session());
  EXPECT_EQ(arrived.arrival, Arrival::EndOfSessionGap);
  EXPECT_EQ(arrived.missing_from, 2u);
  EXPECT_EQ(arrived.missing_count, 2u);
  EXPECT_EQ(sequencer.counters().ends_of_session, 2u);
}

TEST(Sequencer, RefusesAnotherSessionWhenToldTo) {
  Sequencer sequencer{{.policy = SessionPolicy::Refuse}};
  const Bytes ours = MoldPacket{1, {"a"}}.bytes();
  const Bytes other = MoldPacket{2, {"x"}, "SESSION002"}.bytes();
  (void)sequencer.accept(ours);
  const Arrived arrived = sequencer.accept(other);
  EXPECT_EQ(arrived.arrival, Arrival::OtherSession);
  EXPECT_EQ(arrived.count, 0);
  EXPECT_EQ(sequencer.next_sequence(), 2u);
  EXPECT_EQ(sequencer.session().text(), "SESSION001");
  EXPECT_EQ(sequencer.counters().session_changes, 1u);
}

TEST(Sequencer, FollowsAnotherSessionFromItsFirstNumberWhenToldTo) {
  Sequencer sequencer{{.policy = SessionPolicy::Follow}};
  const Bytes ours = MoldPacket{1, {"a"}}.bytes();
  const Bytes other = MoldPacket{3, {"x"}, "SESSION002"}.bytes();
  (void)sequencer.accept(ours);
  (void)sequencer.accept(MoldPacket{.sequence = 2}.end_of_session());
  const Arrived arrived = sequencer.accept(other);
  EXPECT_EQ(arrived.arrival, Arrival::SessionChange);
  EXPECT_EQ(text(arrived), "3: x");
  EXPECT_EQ(arrived.missing_from, 1u);
  EXPECT_EQ(arrived.missing_count, 2u);
  EXPECT_EQ(sequencer.session().text(), "SESSION002");
  EXPECT_FALSE(sequencer.ended());
  EXPECT_EQ(sequencer.next_sequence(), 4u);
  const Arrived heartbeat =
      sequencer.accept(MoldPacket{.sequence = 1, .session = "SESSION003"}.heartbeat());
  EXPECT_EQ(heartbeat.arrival, Arrival::SessionChange);
  EXPECT_EQ(heartbeat.missing_count, 0u);
  EXPECT_EQ(sequencer.next_sequence(), 1u);
}

TEST(Sequencer, ComparesAllTenBytesOfTheSession) {
  Sequencer sequencer;
  const Bytes ours = MoldPacket{1, {"a"}, "ABCDEFGHIJ"}.bytes();
  const Bytes other = MoldPacket{2, {"x"}, "ABCDEFGHIK"}.bytes();
  (void)sequencer.accept(ours);
  EXPECT_EQ(sequencer.accept(other).arrival, Arrival::OtherSession);
}

TEST(Sequencer, AdoptsTheFirstNumberWhenToldTo) {
  Sequencer sequencer{{.first_sequence = SequencerOptions::kAdopt}};
  const Bytes packet = MoldPacket{1000, {"a"}}.bytes();
  EXPECT_EQ(sequencer.accept(packet).arrival, Arrival::InOrder);
  const Bytes next = MoldPacket{1002, {"c"}}.bytes();
  EXPECT_EQ(sequencer.accept(next).missing_from, 1001u);
  Sequencer other{{.first_sequence = SequencerOptions::kAdopt}};
  EXPECT_EQ(other.accept(MoldPacket{.sequence = 7}.heartbeat()).arrival, Arrival::Heartbeat);
  EXPECT_EQ(other.next_sequence(), 7u);
}

TEST(Sequencer, NumbersEmptyBlocksAsWell) {
  Sequencer sequencer;
  const Bytes packet = MoldPacket{1, {"", "a", ""}}.bytes();
  const Arrived arrived = sequencer.accept(packet);
  EXPECT_EQ(arrived.count, 3);
  EXPECT_EQ(text(arrived), "1:  a ");
  EXPECT_EQ(sequencer.next_sequence(), 4u);
}

TEST(Sequencer, DropsAWholePacketThatIsOneByteShortOrLong) {
  Sequencer sequencer;
  const Bytes packet = MoldPacket{1, {"abc", "de"}}.bytes();
  for (std::size_t size = 0; size < packet.size(); ++size) {
    const Arrived arrived = sequencer.accept(std::span{packet}.first(size));
    EXPECT_EQ(arrived.arrival, Arrival::Malformed) << size;
    EXPECT_EQ(arrived.count, 0);
  }
  EXPECT_FALSE(sequencer.has_session());
  Bytes longer = packet;
  longer.push_back(std::byte{0});
  EXPECT_EQ(sequencer.accept(longer).arrival, Arrival::Malformed);
  EXPECT_EQ(sequencer.accept(packet).arrival, Arrival::InOrder);
  longer = MoldPacket{.sequence = 3}.heartbeat();
  longer.push_back(std::byte{0});
  EXPECT_EQ(sequencer.accept(longer).arrival, Arrival::Malformed);
  EXPECT_EQ(sequencer.counters().malformed, packet.size() + 2);
}

TEST(Sequencer, DropsAnOverlapWhoseKnownPartIsMalformed) {
  Sequencer sequencer;
  const Bytes first = MoldPacket{1, {"a", "b"}}.bytes();
  (void)sequencer.accept(first);
  Bytes second = MoldPacket{1, {"a", "b", "c"}}.bytes();
  base::store_big_endian<std::uint16_t>(&second[20], 500);
  EXPECT_EQ(sequencer.accept(second).arrival, Arrival::Malformed);
  EXPECT_EQ(sequencer.next_sequence(), 3u);
}

TEST(Sequencer, RefusesNumbersBeyondSixtyFourBits) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  Sequencer sequencer{{.first_sequence = kMost - 2}};
  const Bytes fits = MoldPacket{kMost - 2, {"a", "b"}}.bytes();
  EXPECT_EQ(sequencer.accept(fits).arrival, Arrival::InOrder);
  EXPECT_EQ(sequencer.next_sequence(), kMost);
  const Bytes wraps = MoldPacket{kMost, {"c"}}.bytes();
  EXPECT_EQ(sequencer.accept(wraps).arrival, Arrival::Malformed);
  EXPECT_EQ(sequencer.next_sequence(), kMost);
}

// A slow model: one set of delivered numbers, every packet a range of them.
RC_GTEST_PROP(Sequencer, DeliversEveryNumberOnceAndCountsTheRest, ()) {
  Sequencer sequencer;
  std::uint64_t expected = 1;
  std::uint64_t missing = 0;
  const auto packets = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(-6, 6), rc::gen::inRange(0, 6)));
  for (const auto& [offset, count] : packets) {
    const auto wanted = static_cast<std::int64_t>(expected) + offset;
    const std::uint64_t sequence = wanted < 1 ? 1 : static_cast<std::uint64_t>(wanted);
    const MoldPacket packet{sequence, std::vector<std::string_view>(count, "m")};
    const Bytes bytes = packet.bytes();
    const Arrived arrived = sequencer.accept(bytes);
    if (sequence > expected) missing += sequence - expected;
    const std::uint64_t first = std::max(sequence, expected);
    const std::uint64_t end = std::max(sequence + count, first);
    RC_ASSERT(arrived.count == end - first);
    if (arrived.count != 0) RC_ASSERT(arrived.first_sequence == first);
    std::uint64_t walked = 0;
    for (const Block block : Blocks{arrived}) {
      RC_ASSERT(block.sequence == first + walked++);
      RC_ASSERT(block.message.size() == 1u);
    }
    RC_ASSERT(walked == arrived.count);
    expected = std::max(end, expected);
    RC_ASSERT(sequencer.next_sequence() == expected);
    RC_ASSERT(sequencer.counters().missing_messages == missing);
  }
}

}  // namespace ridley::feed
