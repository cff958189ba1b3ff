// SPDX-License-Identifier: Apache-2.0
#include "control/feed_frames.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <cstring>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "control/itch_samples.hpp"
#include "control/recorded_frames.hpp"
#include "feed/blocks.hpp"
#include "feed/sequencer.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::control {
namespace {

using ::testing::HasSubstr;

struct Taken {
  std::vector<std::string> messages;
  std::vector<std::uint64_t> stamps;  // of the frames
  std::uint64_t next_sequence = 0;
};

// Reads to the end and looks at what a feed would see.
Taken take_all(FeedFrames& frames) {
  Taken taken;
  FeedLine line;
  feed::Sequencer sequencer{{.policy = feed::SessionPolicy::Refuse, .first_sequence = 1}};
  while (const auto frame = frames.next()) {
    nic::Datagram datagram;
    EXPECT_EQ(line.take(*frame, datagram), nic::Strip::Udp);
    EXPECT_LE(frame->length, nic::kFrameBytesMax);
    taken.stamps.push_back(frame->stamp.ns);
    const feed::Arrived arrived = sequencer.accept(datagram.payload);
    EXPECT_NE(arrived.arrival, feed::Arrival::Malformed);
    for (const feed::Block block : feed::Blocks{arrived}) {
      taken.messages.emplace_back(reinterpret_cast<const char*>(block.message.data()),
                                  block.message.size());
    }
  }
  taken.next_sequence = sequencer.next_sequence();
  return taken;
}

std::string capture_of(const std::filesystem::path& path,
                       const std::vector<std::pair<test::Bytes, std::uint64_t>>& frames) {
  nic::CaptureWriter writer{path.string()};
  for (const auto& [bytes, ns] : frames) writer.write(bytes, ns);
  writer.close();
  return path.string();
}

}  // namespace

TEST(FeedFrames, PacksAnItchFileAsFullAsFramesAre) {
  const test::ScratchFolder folder;
  std::vector<std::string> messages;
  for (std::uint64_t id = 1; id <= 200; ++id) messages.push_back(removal(1, id));
  FeedFrames frames{write_file(folder / "day.itch", itch_bytes(messages))};
  const Taken taken = take_all(frames);
  EXPECT_EQ(taken.messages, messages);
  // 69 blocks of 21 bytes behind a header of 20 in 1,472.
  ASSERT_EQ(taken.stamps.size(), 3u);
  EXPECT_EQ(taken.stamps[0], 34'200'000'000'069);
  EXPECT_EQ(taken.stamps[2], 34'200'000'000'200);
  EXPECT_TRUE(frames.complaints().empty());
}

TEST(FeedFrames, GivesEverythingBeforeACutThenSaysWhere) {
  const test::ScratchFolder folder;
  std::string bytes = itch_bytes({removal(1, 1), removal(1, 2), removal(1, 3)});
  bytes.pop_back();
  FeedFrames frames{write_file(folder / "day.itch", bytes)};
  ASSERT_TRUE(frames.next().has_value());
  try {
    (void)frames.next();
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_DATAERR);
    EXPECT_THAT(error.what(), HasSubstr("is cut off after 18"));
  }
}

TEST(FeedFrames, LeavesOutWhatFitsInNoFrame) {
  const test::ScratchFolder folder;
  const std::string largest(nic::kUdpPayloadBytesMax - 22, 'A');
  const std::string larger(nic::kUdpPayloadBytesMax - 21, 'A');
  FeedFrames frames{
      write_file(folder / "day.itch", itch_bytes({removal(1, 1), largest, larger, removal(1, 4)}))};
  const Taken taken = take_all(frames);
  EXPECT_EQ(taken.messages, (std::vector<std::string>{removal(1, 1), largest, removal(1, 4)}));
  EXPECT_EQ(taken.next_sequence, 5u);
  ASSERT_EQ(frames.complaints().size(), 1u);
  EXPECT_EQ(frames.complaints()[0], "message 3 of 1451 bytes fits in no frame");
}

TEST(FeedFrames, GivesACapturesFramesButEmptyOnes) {
  const test::ScratchFolder folder;
  const test::Bytes frame = test::udp_frame(test::mold_packet(1, {test::delete_order(1)}));
  FeedFrames frames{capture_of(folder / "a.pcap", {{{}, 1}, {frame, 2}, {{frame[0]}, 3}}),
                    Addresses::AsRecorded};
  const auto first = frames.next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->stamp.ns, 2u);
  EXPECT_EQ(std::vector(first->span().begin(), first->span().end()), frame);
  const auto second = frames.next();
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->length, 1u);
  EXPECT_FALSE(frames.next().has_value());
}

TEST(FeedFrames, RepairsAnonymousAddressesUnlessToldNotTo) {
  const test::ScratchFolder folder;
  // Its checksums were never made.
  const test::Bytes frame = test::udp_frame(test::mold_packet(1, {test::delete_order(1)}));
  const std::string name = capture_of(folder / "a.pcap", {{frame, 1}});
  for (const Addresses addresses : {Addresses::Repaired, Addresses::AsRecorded}) {
    FeedFrames frames{name, addresses};
    const auto taken = frames.next();
    ASSERT_TRUE(taken.has_value());
    nic::Datagram datagram;
    const bool right = nic::strip(*taken, datagram) == nic::Strip::Udp;
    EXPECT_EQ(right, addresses == Addresses::Repaired);
    EXPECT_EQ(frames.repaired(), right ? 1u : 0u);
  }
}

TEST(FeedFrames, SaysNoTimeThatACaptureCannotSay) {
  const test::ScratchFolder folder;
  constexpr std::uint64_t kEnd = (std::uint64_t{1} << 31) * 1'000'000'000;
  FeedFrames frames{
      capture_of(folder / "a.pcap", {{{std::byte{1}}, kEnd - 1}, {{std::byte{1}}, kEnd + 5}})};
  EXPECT_EQ(frames.next()->stamp.ns, kEnd - 1);
  EXPECT_LT(frames.next()->stamp.ns, kEnd);
}

TEST(FeedFrames, RefusesWhatIsNeither) {
  const test::ScratchFolder folder;
  EXPECT_THROW(FeedFrames{write_file(folder / "text", std::string(100, 'x'))}, base::Error);
  EXPECT_THROW(FeedFrames{(folder / "none").string()}, base::Error);
}

TEST(FeedLine, IsTheFirstDatagramsUnlessNamed) {
  const auto frame_to = [](std::uint32_t ip, std::uint16_t port) {
    std::vector<std::byte> frame(nic::kFrameBytesMax);
    nic::UdpRoute route;
    route.destination_ip = ip;
    route.destination_port = port;
    frame.resize(nic::build_udp_frame(frame, route, {}));
    return frame;
  };
  const auto take = [](FeedLine& line, const std::vector<std::byte>& bytes) {
    nic::Datagram datagram;
    return line.take({.bytes = bytes.data(),
                      .length = static_cast<std::uint32_t>(bytes.size()),
                      .wire_length = 0,
                      .stamp = {}},
                     datagram);
  };
  FeedLine first;
  EXPECT_EQ(take(first, test::tcp_frame({}, 1)), nic::Strip::BadHeaderChecksum);
  EXPECT_EQ(take(first, frame_to(1, 0)), nic::Strip::OtherAddress);  // port 0 is none
  EXPECT_EQ(first.address().port, 0);
  EXPECT_EQ(take(first, frame_to(1, 2)), nic::Strip::Udp);
  EXPECT_EQ(take(first, frame_to(1, 3)), nic::Strip::OtherAddress);
  EXPECT_EQ(take(first, frame_to(2, 2)), nic::Strip::OtherAddress);
  EXPECT_EQ(take(first, frame_to(1, 2)), nic::Strip::Udp);
  FeedLine named{nic::SocketAddress{.ip = 1, .port = 3}};
  EXPECT_EQ(take(named, frame_to(1, 2)), nic::Strip::OtherAddress);
  EXPECT_EQ(take(named, frame_to(1, 3)), nic::Strip::Udp);
}

}  // namespace ridley::control
