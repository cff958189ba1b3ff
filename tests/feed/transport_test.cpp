// SPDX-License-Identifier: Apache-2.0
#include "feed/transport.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "feed/packets.hpp"

namespace ridley::feed {
namespace {

Bytes short_message(char letter) {
  return {std::byte{3}, static_cast<std::byte>(letter), std::byte{0}};
}

// "first:letters", what a decoder would be given.
template <typename Walk>
std::string letters(const Arrived& arrived, std::size_t letter_at) {
  std::string text = std::to_string(arrived.first_sequence) + ":";
  for (const Block block : Walk{arrived}) text += static_cast<char>(block.message[letter_at]);
  return text;
}
std::string units_text(const Arrived& arrived) {
  return letters<UnitSequencers::Blocks>(arrived, 1);
}

}  // namespace

TEST(UnitSequencers, NumberEachUnitByItself) {
  UnitSequencers units;
  const Bytes first = UnitPacket{1, {short_message('a'), short_message('b')}, 1}.bytes();
  const Bytes other = UnitPacket{1, {short_message('x')}, 2}.bytes();
  const Bytes second = UnitPacket{3, {short_message('c')}, 1}.bytes();
  EXPECT_EQ(units_text(units.accept(first)), "1:ab");
  Arrived arrived = units.accept(other);
  EXPECT_EQ(arrived.unit, 2);
  EXPECT_EQ(units_text(arrived), "1:x");
  EXPECT_EQ(units_text(units.accept(second)), "3:c");
  EXPECT_EQ(units.next_sequence(1), 4u);
  EXPECT_EQ(units.next_sequence(2), 2u);
  EXPECT_EQ(units.counters().messages, 4u);
  EXPECT_EQ(units.counters().packets, 3u);
}

TEST(UnitSequencers, HoldForEachUnitWhatIsAheadOfIt) {
  std::vector<HeldPackets::Packet> places(4);
  UnitSequencers units;
  units.hold(1, HeldPackets{places});
  const auto packet = [](std::uint32_t sequence, char letter, std::uint8_t unit) {
    return UnitPacket{sequence, {short_message(letter)}, unit}.bytes();
  };
  const Bytes first = packet(1, 'a', 1);
  EXPECT_EQ(units_text(units.accept(first, 0)), "1:a");
  EXPECT_EQ(units.accept(packet(3, 'c', 1), 0).ahead, Ahead::Waits);
  const Bytes other = packet(1, 'x', 2);
  EXPECT_EQ(units_text(units.accept(other, 0)), "1:x") << "waits for nobody";
  EXPECT_EQ(units.accept(packet(3, 'z', 2), 0).missing_count, 1u) << "has no window";
  const Bytes late = packet(2, 'b', 1);
  const Arrived second = units.accept(late, 1);
  EXPECT_EQ(units_text(second), "2:b");
  ASSERT_EQ(second.ahead, Ahead::Ready);
  EXPECT_EQ(units_text(units.release()), "3:c");
  EXPECT_EQ(units.accept(packet(9, 'i', 1), 1).ahead, Ahead::Waits);
  const Arrived lost = units.give_up();
  EXPECT_EQ(lost.unit, 1);
  EXPECT_EQ(lost.missing_from, 4u);
  EXPECT_EQ(lost.missing_count, 5u);
  EXPECT_EQ(units_text(units.release()), "9:i");
  EXPECT_EQ(units.give_up().missing_count, 0u);
  EXPECT_EQ(units.line(1, 0).won(), 2u);
  EXPECT_EQ(units.line(1, 1).won(), 2u);
  EXPECT_EQ(units.counters().gaps_filled, 1u);
}

TEST(UnitSequencers, TellOfAGapOfTheUnitThatHasIt) {
  UnitSequencers units;
  const Bytes late = UnitPacket{5, {short_message('e')}, 3}.bytes();
  const Arrived arrived = units.accept(late);
  EXPECT_EQ(arrived.arrival, Arrival::Gap);
  EXPECT_EQ(arrived.unit, 3);
  EXPECT_EQ(arrived.missing_from, 1u);
  EXPECT_EQ(arrived.missing_count, 4u);
  const Bytes heartbeat = UnitPacket{.sequence = 8, .unit = 3}.bytes();
  EXPECT_EQ(units.accept(heartbeat).arrival, Arrival::HeartbeatGap);
  EXPECT_EQ(units.counters().missing_messages, 6u);
  EXPECT_EQ(units.next_sequence(1), 1u);
}

TEST(UnitSequencers, DeliverWhatHasNoNumberAsItComes) {
  UnitSequencers units;
  const Bytes packet = UnitPacket{0, {short_message('s'), short_message('t')}, 0}.bytes();
  for (int again = 0; again < 2; ++again) {
    const Arrived arrived = units.accept(packet);
    EXPECT_EQ(arrived.arrival, Arrival::Unsequenced);
    EXPECT_EQ(units_text(arrived), "0:st");
  }
  EXPECT_EQ(units.unsequenced_messages(), 4u);
  EXPECT_EQ(units.counters().duplicates, 0u);
}

TEST(UnitSequencers, RefuseWhatContradictsItself) {
  UnitSequencers units;
  const Bytes good = UnitPacket{1, {short_message('a')}, 1}.bytes();
  Bytes longer = good;
  longer.push_back({});
  Bytes endless = good;
  endless[8] = std::byte{0};
  const Bytes too_many = UnitPacket{1, {short_message('a')}, 1}.with_count(2);
  const Bytes too_few = UnitPacket{1, {short_message('a')}, 1}.with_count(0);
  for (const Bytes& packet : {longer, endless, too_many, too_few, Bytes(7), Bytes{}})
    EXPECT_EQ(units.accept(packet).arrival, Arrival::Malformed);
  EXPECT_EQ(units.counters().malformed, 6u);
  EXPECT_EQ(units_text(units.accept(good)), "1:a");
}

RC_GTEST_PROP(UnitSequencers, DeliverEachMessageOnceAndCountTheRest, ()) {
  // Packets of four units, some lost, some twice, those of one unit in their order.
  UnitSequencers units;
  std::map<std::uint8_t, std::uint32_t> sent;
  std::map<std::uint8_t, std::uint64_t> heard;
  std::uint64_t lost = 0;
  std::map<std::uint8_t, std::uint64_t> waiting;
  const auto packets = *rc::gen::inRange(1, 60);
  for (int i = 0; i < packets; ++i) {
    const auto unit = static_cast<std::uint8_t>(*rc::gen::inRange(0, 4) * 85);
    const auto count = static_cast<std::uint32_t>(*rc::gen::inRange(1, 4));
    const std::uint32_t first = sent[unit] + 1;
    sent[unit] += count;
    if (*rc::gen::inRange(0, 4) == 0) {
      waiting[unit] += count;
      continue;
    }
    const Bytes packet =
        UnitPacket{first, std::vector<Bytes>(count, short_message('m')), unit}.bytes();
    const int copies = *rc::gen::inRange(1, 3);
    for (int copy = 0; copy < copies; ++copy) {
      const Arrived arrived = units.accept(packet);
      RC_ASSERT(arrived.missing_count == (copy == 0 ? waiting[unit] : 0));
      if (copy == 0) RC_ASSERT(arrived.first_sequence == first);
      heard[unit] += arrived.count;
    }
    lost += waiting[unit];
    waiting[unit] = 0;
  }
  std::uint64_t all = 0;
  for (const auto& [unit, count] : heard) all += count;
  RC_ASSERT(units.counters().messages == all);
  RC_ASSERT(units.counters().missing_messages == lost);
}

TEST(IexSequencer, FollowsNumbersAndOffsets) {
  IexSequencer line;
  const IexPacket first{.sequence = 1, .messages = {bytes_of("S"), bytes_of("D")}, .offset = 0};
  const Bytes first_bytes = first.bytes();
  EXPECT_EQ(letters<IexSequencer::Blocks>(line.accept(first_bytes), 0), "1:SD");
  const IexPacket second{.sequence = 3, .messages = {bytes_of("T")}, .offset = first.end_offset()};
  const Bytes second_bytes = second.bytes();
  EXPECT_EQ(line.accept(second_bytes).arrival, Arrival::InOrder);
  EXPECT_EQ(line.accept(second_bytes).arrival, Arrival::Duplicate);
  const Bytes heartbeat = IexPacket{.sequence = 4, .offset = second.end_offset()}.bytes();
  EXPECT_EQ(line.accept(heartbeat).arrival, Arrival::Heartbeat);
  EXPECT_EQ(line.offset_breaks(), 0u);
  const Bytes third =
      IexPacket{.sequence = 4, .messages = {bytes_of("T")}, .offset = second.end_offset() + 1}
          .bytes();
  EXPECT_EQ(line.accept(third).arrival, Arrival::InOrder);
  EXPECT_EQ(line.offset_breaks(), 1u);
}

TEST(IexSequencer, HoldsWhatIsAheadAndDoesNotBlameLinesForTheirOffsets) {
  std::vector<HeldPackets::Packet> places(4);
  IexSequencer lines{{}, HeldPackets{places}};
  const IexPacket first{.sequence = 1, .messages = {bytes_of("S"), bytes_of("D")}, .offset = 0};
  const IexPacket second{.sequence = 3, .messages = {bytes_of("T")}, .offset = first.end_offset()};
  const IexPacket third{.sequence = 4, .messages = {bytes_of("U")}, .offset = second.end_offset()};
  const IexPacket fourth{.sequence = 5, .messages = {bytes_of("V")}, .offset = third.end_offset()};
  const auto accept = [&](const Bytes& packet, LineNumber line) {
    return lines.accept(packet, line);
  };
  EXPECT_EQ(accept(first.bytes(), 0).count, 2);
  const Bytes behind = IexPacket{.sequence = 1, .offset = 0}.bytes();
  EXPECT_EQ(accept(behind, 1).arrival, Arrival::Heartbeat);
  EXPECT_EQ(accept(third.bytes(), 0).ahead, Ahead::Waits);
  const Bytes late = second.bytes();
  EXPECT_EQ(accept(late, 1).ahead, Ahead::Ready);
  EXPECT_EQ(letters<IexSequencer::Blocks>(lines.release(), 0), "4:U");
  EXPECT_EQ(accept(fourth.bytes(), 0).count, 1);
  EXPECT_EQ(lines.offset_breaks(), 0u);
  EXPECT_EQ(lines.counters().gaps_filled, 1u);
}

TEST(IexSequencer, TellsOfGapsWhenIdleAndOfAnotherSession) {
  IexSequencer line;
  const Bytes heartbeat = IexPacket{.sequence = 4}.bytes();
  const Arrived arrived = line.accept(heartbeat);
  EXPECT_EQ(arrived.arrival, Arrival::HeartbeatGap);
  EXPECT_EQ(arrived.missing_count, 3u);
  const Bytes other = IexPacket{.sequence = 1, .session = 78}.bytes();
  EXPECT_EQ(line.accept(other).arrival, Arrival::OtherSession);
  IexSequencer follows{{.policy = SessionPolicy::Follow}};
  (void)follows.accept(heartbeat);
  EXPECT_EQ(follows.accept(other).arrival, Arrival::SessionChange);
}

TEST(IexSequencer, RefusesAPacketWhoseBlocksDoNotFillIt) {
  IexSequencer line;
  const IexPacket packet{.sequence = 1, .messages = {bytes_of("SS")}};
  EXPECT_EQ(line.accept(packet.with_count(2)).arrival, Arrival::Malformed);
  EXPECT_EQ(line.accept(packet.with_count(0)).arrival, Arrival::Malformed);
  EXPECT_EQ(line.counters().malformed, 2u);
}

}  // namespace ridley::feed
