// SPDX-License-Identifier: Apache-2.0
#include "venue/faulty_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <set>

#include "nic/datagram.hpp"
#include "nic/udp_frame.hpp"
#include "venue/message_buffer.hpp"
#include "venue/mold_packets.hpp"
#include "wire/mold.hpp"

namespace ridley::venue {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kLater = 1'000 * kMillisecond;

// Numbered packets without headers of frames, one every microsecond.
class FaultyLineTest : public testing::Test {
 protected:
  static Bytes packet(std::uint64_t sequence) {
    Bytes bytes(100);
    wire::mold::HeaderWriter{bytes.data()}
        .session("SESSION")
        .sequence_number(sequence)
        .message_count(1);
    return bytes;
  }
  void give(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      ns += 1'000;
      line.give(packet(++given), ns);
      line.deliver(ns, [&](std::span<const std::byte> bytes) { take(bytes); });
    }
  }
  void finish() {
    line.deliver(ns + kLater, [&](std::span<const std::byte> bytes) { take(bytes); });
  }
  void take(std::span<const std::byte> bytes) {
    arrived.emplace_back(bytes.begin(), bytes.end());
    if (bytes.size() < wire::mold::Header::kSize) return;
    numbers.push_back(wire::mold::Header{bytes.data()}.sequence_number());
  }
  [[nodiscard]] std::vector<std::uint64_t> all() const {
    std::vector<std::uint64_t> numbers_given(given);
    for (std::uint64_t i = 0; i < given; ++i) numbers_given[i] = i + 1;
    return numbers_given;
  }

  FaultyLine line{7, 0};
  std::uint64_t ns = 0;
  std::uint64_t given = 0;
  std::vector<std::uint64_t> numbers;
  std::vector<Bytes> arrived;
};

TEST_F(FaultyLineTest, PassesEverythingAtOnceWhenNothingIsWrong) {
  give(100);
  EXPECT_EQ(numbers, all());
  EXPECT_EQ(line.next_ns(), FaultyLine::kNever);
}

TEST_F(FaultyLineTest, LosesAShareOfThePackets) {
  line.set({.loss = 0.1});
  give(10'000);
  EXPECT_EQ(line.counts().lost + numbers.size(), 10'000u);
  EXPECT_NEAR(static_cast<double>(line.counts().lost), 1'000.0, 150.0);
}

TEST_F(FaultyLineTest, LosesWholeBurstsAndNothingBetweenThem) {
  line.set({.burst_loss = 0.005, .burst_packets = 20});
  give(10'000);
  std::uint64_t before = 0;
  std::uint64_t gaps = 0;
  for (const std::uint64_t number : numbers) {
    const std::uint64_t missing = number - before - 1;
    EXPECT_EQ(missing % 20, 0u);
    gaps += missing / 20;
    before = number;
  }
  EXPECT_GT(gaps, 20u);
}

TEST_F(FaultyLineTest, LosesEverythingWhileItIsDead) {
  line.set({.dead = true});
  give(10);
  line.set({});
  give(1);
  EXPECT_EQ(numbers, std::vector<std::uint64_t>{11});
}

TEST_F(FaultyLineTest, LetsOthersOvertakeAndLosesNobody) {
  line.set({.reorder = 0.1, .reorder_packets = 3});
  give(1'000);
  finish();
  EXPECT_FALSE(std::ranges::is_sorted(numbers));
  EXPECT_NEAR(static_cast<double>(line.counts().reordered), 100.0, 40.0);
  std::ranges::sort(numbers);
  EXPECT_EQ(numbers, all());
}

TEST_F(FaultyLineTest, HoldsThePacketThatNobodyFollowsNoLongerThanAMillisecond) {
  line.set({.reorder = 1});
  give(1);
  EXPECT_TRUE(numbers.empty());
  EXPECT_EQ(line.next_ns(), ns + FaultyLine::kHold_ns);
  line.deliver(line.next_ns() - 1, [&](auto bytes) { take(bytes); });
  EXPECT_TRUE(numbers.empty());
  line.deliver(line.next_ns(), [&](auto bytes) { take(bytes); });
  EXPECT_EQ(numbers, all());
}

TEST_F(FaultyLineTest, SendsSomeTwice) {
  line.set({.duplicate = 0.2});
  give(1'000);
  EXPECT_EQ(numbers.size(), 1'000 + line.counts().duplicated);
  EXPECT_TRUE(std::ranges::is_sorted(numbers));
  EXPECT_EQ(std::set(numbers.begin(), numbers.end()).size(), 1'000u);
}

TEST_F(FaultyLineTest, IsLateInOrder) {
  line.set({.delay_ns = kMillisecond, .jitter_ns = kMillisecond});
  give(1);
  EXPECT_TRUE(numbers.empty());
  EXPECT_GE(line.next_ns(), ns + kMillisecond);
  EXPECT_LE(line.next_ns(), ns + 2 * kMillisecond);
  give(2'500);
  EXPECT_GE(numbers.size(), 500u);
  EXPECT_LE(numbers.size(), 1'501u);
  finish();
  EXPECT_EQ(numbers, all());
}

TEST_F(FaultyLineTest, ChangesOneBit) {
  line.set({.corrupt = 1});
  give(100);
  for (std::uint64_t i = 0; i < 100; ++i) {
    int bits = 0;
    const Bytes right = packet(i + 1);
    for (std::size_t at = 0; at < right.size(); ++at)
      bits += std::popcount(static_cast<std::uint8_t>(right[at] ^ arrived[i][at]));
    EXPECT_EQ(bits, 1);
  }
}

TEST_F(FaultyLineTest, CutsOffTheEnd) {
  line.set({.truncate = 1});
  give(100);
  for (const Bytes& bytes : arrived) EXPECT_LT(bytes.size(), 100u);
  EXPECT_EQ(line.counts().truncated, 100u);
}

TEST_F(FaultyLineTest, MixesInPacketsOfAnotherSession) {
  line.set({.wrong_session = 0.5});
  give(200);
  std::size_t strangers = 0;
  for (const Bytes& bytes : arrived)
    strangers += wire::mold::Header{bytes.data()}.session().text() == "STRANGER" ? 1 : 0;
  EXPECT_EQ(strangers, line.counts().wrong_session);
  EXPECT_EQ(arrived.size(), 200 + strangers);
}

TEST_F(FaultyLineTest, CountsFromOneAgainAndComesBack) {
  give(10);
  line.set({.sequence_reset = true});
  give(3);
  line.set({});
  give(1);
  const std::vector<std::uint64_t> end(numbers.end() - 4, numbers.end());
  EXPECT_EQ(end, (std::vector<std::uint64_t>{1, 2, 3, 14}));
}

TEST_F(FaultyLineTest, SendsTheSessionTwiceTheSecondTimeLate) {
  line.set({.duplicate_session = 1, .late_packets = 10});
  give(30);
  EXPECT_EQ(numbers.size(), 60u);
  EXPECT_EQ((std::vector<std::uint64_t>(numbers.end() - 4, numbers.end())),
            (std::vector<std::uint64_t>{20, 29, 21, 30}));
}

TEST_F(FaultyLineTest, DoesTheSameAgainWithTheSameSeed) {
  const PacketFaults everything{.loss = 0.05,
                                .burst_loss = 0.01,
                                .reorder = 0.05,
                                .duplicate = 0.05,
                                .corrupt = 0.05,
                                .truncate = 0.05,
                                .delay_ns = 5'000,
                                .jitter_ns = 20'000,
                                .wrong_session = 0.05,
                                .duplicate_session = 0.05};
  std::array<std::uint64_t, 3> digests{};
  for (std::size_t i = 0; i < 3; ++i) {
    FaultyLine one{i < 2 ? 5U : 6U, 0};
    one.set(everything);
    for (std::uint64_t n = 1; n <= 2'000; ++n) {
      one.give(packet(n), n * 1'000);
      one.deliver(n * 1'000, [](auto) {});
    }
    one.deliver(kLater, [](auto) {});
    digests[i] = one.digest();
  }
  EXPECT_EQ(digests[0], digests[1]);
  EXPECT_NE(digests[0], digests[2]);
}

// In a frame: what the network does is found by checksums, what a sender does is not.
TEST(FaultyLine, LeavesFramesThatANetworkCardTakesUnlessTheyAreDamaged) {
  nic::UdpRoute route;
  route.destination_ip = 0xE9360C6F;
  FaultyLine line{1, nic::udp_payload_at(route)};
  MessageBuffer buffer;
  (void)buffer.append(36);
  std::span<const std::byte> framed = buffer.bytes();
  MoldPackets packets{"SESSION"};
  std::array<std::byte, nic::kFrameBytesMax> room{};
  const std::size_t size = nic::build_udp_frame(room, route, packets.pack(framed));
  const auto strips_to = [&](const PacketFaults& faults) {
    std::vector<nic::Strip> causes;
    line.set(faults);
    line.give(std::span{room}.first(size), 0);
    line.deliver(0, [&](std::span<const std::byte> bytes) {
      nic::Frame frame;
      frame.bytes = bytes.data();
      frame.length = static_cast<std::uint32_t>(bytes.size());
      nic::Datagram datagram;
      causes.push_back(nic::strip(frame, datagram));
    });
    return causes;
  };
  using Causes = std::vector<nic::Strip>;
  EXPECT_EQ(strips_to({}), Causes{nic::Strip::Udp});
  EXPECT_EQ(strips_to({.wrong_session = 1}), (Causes{nic::Strip::Udp, nic::Strip::Udp}));
  EXPECT_EQ(strips_to({.sequence_reset = true}), Causes{nic::Strip::Udp});
  for (int i = 0; i < 200; ++i) {
    EXPECT_NE(strips_to({.truncate = 1}), Causes{nic::Strip::Udp});
  }
}

}  // namespace
}  // namespace ridley::venue
