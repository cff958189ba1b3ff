// SPDX-License-Identifier: Apache-2.0
#include "feed/framing.hpp"

#include <gtest/gtest.h>

#include "feed/mdp_messages.hpp"
#include "feed/packets.hpp"

namespace ridley::feed {

TEST(Framing, OfAUnitIsAsLongAsItSays) {
  Bytes packet = UnitPacket{
      .sequence = 5,
      .messages = {bytes_of(
          "\x03"
          "ab")}}.bytes();
  EXPECT_TRUE(SequencedUnitFraming::fits(packet));
  const SequencedUnitFraming::Header header{packet.data()};
  EXPECT_EQ(SequencedUnitFraming::first(header), 5u);
  EXPECT_EQ(SequencedUnitFraming::count(header), 1u);
  EXPECT_EQ(SequencedUnitFraming::unit(header), 1u);
  packet.push_back({});
  EXPECT_FALSE(SequencedUnitFraming::fits(packet));
  packet.resize(7);
  EXPECT_FALSE(SequencedUnitFraming::fits(packet));
}

TEST(Framing, OfAUnitCountsTheLengthWithTheMessage) {
  const Bytes message = bytes_of(
      "\x03"
      "ab");
  EXPECT_EQ(SequencedUnitFraming::block_bytes(message.data(), 3), 3u);
  EXPECT_EQ(SequencedUnitFraming::message(message.data(), nullptr).size(), 3u);
  // A message without a type would keep a walk where it is.
  for (const char length : {'\0', '\1'}) {
    const Bytes endless = bytes_of({&length, 1});
    EXPECT_EQ(SequencedUnitFraming::block_bytes(endless.data(), 1), kNoBlock);
  }
}

TEST(Framing, OfIexIsOfOneVersionAndAsLongAsItSays) {
  const Bytes packet = IexPacket{.sequence = 9, .messages = {bytes_of("ab"), bytes_of("")}}.bytes();
  EXPECT_TRUE(IexFraming::fits(packet));
  EXPECT_EQ(IexFraming::first(IexFraming::Header{packet.data()}), 9u);
  EXPECT_EQ(IexFraming::count(IexFraming::Header{packet.data()}), 2u);
  Bytes other = packet;
  other[0] = std::byte{2};
  EXPECT_FALSE(IexFraming::fits(other));
  other = packet;
  other.pop_back();
  EXPECT_FALSE(IexFraming::fits(other));
  other.resize(IexFraming::kHeaderBytes - 1);
  EXPECT_FALSE(IexFraming::fits(other));
}

TEST(Framing, OfIexNamesASequenceSpaceByChannelAndSession) {
  Bytes packet = IexPacket{}.bytes();
  const auto session = IexFraming::session(IexFraming::Header{packet.data()});
  wire::iextp::HeaderWriter{packet.data()}.channel_id(2);
  EXPECT_NE(IexFraming::session(IexFraming::Header{packet.data()}), session);
  wire::iextp::HeaderWriter{packet.data()}.channel_id(1).session_id(78);
  EXPECT_NE(IexFraming::session(IexFraming::Header{packet.data()}), session);
}

TEST(Framing, OfCmeHasOneNumberAPacketAndMessagesUpToTheEnd) {
  const Bytes packet = mdp::Packet{9, {mdp::heartbeat(), mdp::book({{}})}}.bytes();
  ASSERT_TRUE(MdpFraming::fits(packet));
  const MdpFraming::Header header{packet.data()};
  EXPECT_EQ(MdpFraming::first(header), 9u);
  EXPECT_EQ(MdpFraming::count(header), 1u);
  EXPECT_EQ(MdpFraming::kMessageHeaderBytes, wire::mdp3::AdminHeartbeat::kSize);
  EXPECT_EQ(MdpFraming::template_of(std::span{packet}.subspan(12)), 12);
  EXPECT_FALSE(MdpFraming::fits(std::span{packet}.first(packet.size() - 1)));
  EXPECT_FALSE(MdpFraming::fits(std::span{packet}.first(12)));
  Bytes longer = packet;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(MdpFraming::fits(longer));
  Bytes shorter = packet;
  shorter[12] = std::byte{9};
  EXPECT_FALSE(MdpFraming::fits(shorter)) << "shorter than a message's header";
}

TEST(Framing, OfCmeNamesASequenceSpaceByItsWeek) {
  const auto week_of = [](std::uint64_t seconds) {
    const Bytes packet = mdp::Packet{1, {}, seconds * mdp::kE9}.bytes();
    return MdpFraming::session(MdpFraming::Header{packet.data()});
  };
  constexpr std::uint64_t kSaturdayNoon = 1'715'428'800;  // 2024-05-11
  EXPECT_EQ(week_of(kSaturdayNoon), week_of(kSaturdayNoon - 1) + 1);
  EXPECT_EQ(week_of(kSaturdayNoon), week_of(kSaturdayNoon + 7 * 86'400 - 1));
}

}  // namespace ridley::feed
