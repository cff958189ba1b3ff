// SPDX-License-Identifier: Apache-2.0
#include "venue/feed_output.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "nic/datagram.hpp"
#include "nic/memory_port.hpp"
#include "support/scratch_folder.hpp"
#include "venue/message_buffer.hpp"
#include "wire/mold.hpp"

namespace ridley::venue {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

FeedOutputSettings settings() {
  FeedOutputSettings result;
  result.session = "SESSION";
  result.route.destination_ip = 0xE9360C6F;
  result.route.destination_mac = nic::multicast_mac(0xE9360C6F);
  result.route.source_ip = 0x0A141E01;
  result.route.source_port = 26400;
  result.route.destination_port = 26477;
  return result;
}

class FeedOutputTest : public testing::Test {
 protected:
  // The MoldUDP64 packets at the other end.
  std::vector<std::vector<std::byte>> received() {
    std::vector<std::vector<std::byte>> packets;
    std::array<nic::Frame, nic::kBurstFramesMax> frames;
    while (const std::size_t count = link.right().receive_burst(frames)) {
      for (const nic::Frame& frame : std::span{frames}.first(count)) {
        nic::Datagram datagram;
        EXPECT_EQ(nic::strip(frame, datagram), nic::Strip::Udp);
        EXPECT_EQ(datagram.destination_port, 26477);
        packets.emplace_back(datagram.payload.begin(), datagram.payload.end());
      }
    }
    return packets;
  }

  nic::MemoryLink link;
  FeedOutput output{settings(), [this](std::size_t, std::span<const std::byte> frame) {
                      return link.left().send(frame);
                    }};
};

TEST_F(FeedOutputTest, SendsMessagesAsDatagramsThatOurOwnNicTakes) {
  MessageBuffer buffer;
  for (int i = 0; i < 100; ++i) (void)buffer.append(36);
  output.publish(buffer.bytes(), kSecond);
  const auto packets = received();
  ASSERT_EQ(packets.size(), 3u);  // 38 of them fit in one
  EXPECT_EQ(wire::mold::Header{packets[2].data()}.sequence_number(), 77u);
  EXPECT_EQ(output.frames(), 3u);
  output.publish({}, kSecond);
  EXPECT_TRUE(received().empty());
}

TEST_F(FeedOutputTest, SendsAHeartbeatAfterASecondOfSilenceAndNotBefore) {
  MessageBuffer buffer;
  (void)buffer.append(12);
  output.publish(buffer.bytes(), 5 * kSecond);
  (void)received();
  output.heartbeat_if_silent(6 * kSecond - 1);
  EXPECT_TRUE(received().empty());
  output.heartbeat_if_silent(6 * kSecond);
  const auto packets = received();
  ASSERT_EQ(packets.size(), 1u);
  EXPECT_EQ(wire::mold::Header{packets[0].data()}.message_count(), 0);
  EXPECT_EQ(wire::mold::Header{packets[0].data()}.sequence_number(), 2u);
  output.heartbeat_if_silent(7 * kSecond - 1);
  EXPECT_TRUE(received().empty());
}

TEST_F(FeedOutputTest, EndsTheSessionWithOnePastTheLastNumber) {
  output.end_of_session(kSecond);
  const auto packets = received();
  ASSERT_EQ(packets.size(), 1u);
  EXPECT_EQ(wire::mold::Header{packets[0].data()}.message_count(), 0xFFFF);
  EXPECT_EQ(wire::mold::Header{packets[0].data()}.sequence_number(), 1u);
}

// Every line carries every message under its own number, and no two are cut alike.
TEST(FeedOutput, CutsTheLinesApartWithTheSameMessages) {
  FeedOutputSettings three = settings();
  three.more_routes = {three.route, three.route};
  std::array<std::vector<std::uint64_t>, 3> cuts;
  std::array<std::vector<std::byte>, 3> contents;
  FeedOutput output{three, [&](std::size_t line, std::span<const std::byte> frame) {
                      const std::span<const std::byte> packet = frame.subspan(14 + 20 + 8);
                      const wire::mold::Header header{packet.data()};
                      if (header.message_count() == 0xFFFF) return true;
                      cuts[line].push_back(header.sequence_number());
                      const auto blocks = packet.subspan(wire::mold::Header::kSize);
                      contents[line].insert(contents[line].end(), blocks.begin(), blocks.end());
                      return true;
                    }};
  MessageBuffer buffer;
  for (int i = 0; i < 200; ++i) buffer.append(36)[0] = static_cast<std::byte>(i);
  output.publish(buffer.bytes(), 0);
  output.end_of_session(0);
  for (const auto& content : contents) {
    EXPECT_TRUE(std::ranges::equal(content, buffer.bytes()));
  }
  EXPECT_NE(cuts[0], cuts[1]);
  EXPECT_NE(cuts[1], cuts[2]);
  EXPECT_EQ(cuts[1].front(), 1u);
  EXPECT_EQ(output.next_sequence(), 201u);
}

TEST(FeedOutput, CountsWhatTheWireDidNotTake) {
  FeedOutput output{settings(), [](std::size_t, std::span<const std::byte>) { return false; }};
  output.end_of_session(0);
  EXPECT_EQ(output.frames(), 1u);
  EXPECT_EQ(output.frames_lost(), 1u);
}

TEST(FeedOutput, RecordsEveryFrameEvenWithoutAWire) {
  ridley::test::ScratchFolder folder;
  FeedOutputSettings recording = settings();
  recording.records = {folder / "a.pcap", folder / "a.itch"};
  FeedOutput output{recording, {}};
  MessageBuffer buffer;
  (void)buffer.append(12);
  output.publish(buffer.bytes(), 0);
  output.end_of_session(0);
  output.close_recordings();
  EXPECT_EQ(std::filesystem::file_size(folder / "a.itch"), 14u + 2);
  EXPECT_EQ(std::filesystem::file_size(folder / "a.pcap"), 24u + 16 + 76 + 16 + 62);
  EXPECT_EQ(output.frames_lost(), 0u);
}

}  // namespace
}  // namespace ridley::venue
