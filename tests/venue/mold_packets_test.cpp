// SPDX-License-Identifier: Apache-2.0
#include "venue/mold_packets.hpp"

#include <gtest/gtest.h>

#include "feed/blocks.hpp"
#include "feed/sequencer.hpp"
#include "venue/message_buffer.hpp"
#include "wire/mold.hpp"

namespace ridley::venue {
namespace {

constexpr std::size_t kRoom = nic::kUdpPayloadBytesMax - wire::mold::Header::kSize;

std::uint16_t count_of(std::span<const std::byte> packet) {
  return wire::mold::Header{packet.data()}.message_count();
}

TEST(MoldPackets, FillsAPacketToTheLastByteAndNotOneMore) {
  MessageBuffer buffer;
  (void)buffer.append(kRoom - 2 - 2 - 1);
  (void)buffer.append(1);
  (void)buffer.append(1);
  MoldPackets packets{"SESSION"};
  std::span<const std::byte> left = buffer.bytes();
  const auto first = packets.pack(left);
  EXPECT_EQ(first.size(), nic::kUdpPayloadBytesMax);
  EXPECT_EQ(count_of(first), 2);
  EXPECT_EQ(left.size(), 3u);
  const auto second = packets.pack(left);
  EXPECT_EQ(count_of(second), 1);
  EXPECT_EQ(wire::mold::Header{second.data()}.sequence_number(), 3u);
  EXPECT_TRUE(left.empty());
  EXPECT_EQ(packets.next_sequence(), 4u);
}

TEST(MoldPackets, AreReadByOurOwnSequencerWithoutAGap) {
  MoldPackets packets{"SESSION"};
  feed::Sequencer sequencer;
  std::uint64_t read = 0;
  for (int round = 0; round < 50; ++round) {
    MessageBuffer buffer;
    for (int i = 0; i <= round; ++i) (void)buffer.append(40);
    std::span<const std::byte> left = buffer.bytes();
    while (!left.empty()) {
      const feed::Arrived arrived = sequencer.accept(packets.pack(left));
      ASSERT_EQ(arrived.arrival, feed::Arrival::InOrder);
      for (const feed::Block block : feed::Blocks{arrived}) ASSERT_EQ(block.sequence, ++read);
    }
    ASSERT_EQ(sequencer.accept(packets.heartbeat()).arrival, feed::Arrival::Heartbeat);
  }
  EXPECT_EQ(read, 50u * 51 / 2);
  EXPECT_EQ(sequencer.accept(packets.end_of_session()).arrival, feed::Arrival::EndOfSession);
}

TEST(MoldPackets, PadTheSessionAndKeepItsFirstTenLetters) {
  MoldPackets packets{"AB"};
  EXPECT_EQ(wire::mold::Header{packets.heartbeat().data()}.session().text(), "AB");
  MoldPackets longer{"ABCDEFGHIJKL"};
  EXPECT_EQ(wire::mold::Header{longer.heartbeat().data()}.session().text(), "ABCDEFGHIJ");
}

}  // namespace
}  // namespace ridley::venue
