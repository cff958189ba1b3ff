// SPDX-License-Identifier: Apache-2.0
#include "control/tcp_streams.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

namespace ridley::control {
namespace {

std::vector<std::byte> bytes(std::size_t size, int first = 0) {
  std::vector<std::byte> out(size);
  for (std::size_t at = 0; at < size; ++at) {
    out[at] = static_cast<std::byte>(first + static_cast<int>(at));
  }
  return out;
}

TcpSegment piece(const std::vector<std::byte>& all, std::size_t at, std::size_t size,
                 std::uint32_t base = 1'000) {
  TcpSegment segment;
  segment.sequence = base + static_cast<std::uint32_t>(at);
  segment.payload = std::span{all}.subspan(at, size);
  return segment;
}

bool holds(const TcpStream& stream, std::span<const std::byte> expected) {
  return std::ranges::equal(stream.bytes(), expected);
}

}  // namespace

TEST(TcpStream, PutsLateAndRepeatedSegmentsRight) {
  const auto all = bytes(100);
  TcpStream stream;
  EXPECT_TRUE(stream.add(piece(all, 0, 10)));
  EXPECT_TRUE(stream.add(piece(all, 30, 20)));
  EXPECT_TRUE(stream.add(piece(all, 20, 10)));
  EXPECT_EQ(stream.waiting(), 30u);
  EXPECT_TRUE(holds(stream, std::span{all}.first(10)));
  EXPECT_TRUE(stream.add(piece(all, 5, 20)));  // old and new bytes in one
  EXPECT_TRUE(holds(stream, std::span{all}.first(50)));
  EXPECT_EQ(stream.waiting(), 0u);
  EXPECT_TRUE(stream.add(piece(all, 0, 10)));
  EXPECT_TRUE(holds(stream, std::span{all}.first(50)));
  stream.take(45);
  EXPECT_TRUE(holds(stream, std::span{all}.subspan(45, 5)));
}

TEST(TcpStream, ASynStartsTheNumbering) {
  const auto all = bytes(10);
  TcpStream stream;
  TcpSegment open;
  open.opens = true;
  open.sequence = 999;
  EXPECT_TRUE(stream.add(open));
  EXPECT_TRUE(stream.add(piece(all, 4, 6)));
  EXPECT_EQ(stream.bytes().size(), 0u);
  EXPECT_TRUE(stream.add(piece(all, 0, 4)));
  EXPECT_TRUE(holds(stream, all));
}

TEST(TcpStream, RefusesToWaitForEver) {
  const std::vector<std::byte> all(TcpStream::kWaitingBytesMax + 2);
  TcpStream stream;
  EXPECT_TRUE(stream.add(piece(all, 0, 1)));
  EXPECT_TRUE(stream.add(piece(all, 2, TcpStream::kWaitingBytesMax - 1)));
  EXPECT_TRUE(stream.add(piece(all, 3, 1)));
  EXPECT_FALSE(stream.add(piece(all, 4, 1)));
}

TEST(TcpStream, GivesTheSameBytesForEveryOrderOfArrivalAcrossTheWrap) {
  const char* given = std::getenv("RIDLEY_SEED");
  const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::stoul(given)) : 20'240'229u;
  SCOPED_TRACE("RIDLEY_SEED=" + std::to_string(seed));
  std::mt19937 random{seed};
  const auto all = bytes(200);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::size_t> order(20);
    for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
    std::shuffle(order.begin() + 1, order.end(), random);  // the first one says where to begin
    TcpStream stream;
    for (const std::size_t at : order) {
      EXPECT_TRUE(stream.add(piece(all, at * 10, 10, 0xFFFF'FFA0)));
    }
    EXPECT_TRUE(holds(stream, all));
  }
}

TEST(TcpSegment, RefusesFramesThatAreNotWhole) {
  EXPECT_FALSE(tcp_segment({}));
  std::vector<std::byte> frame(14 + 20 + 20 + 3);
  frame[12] = std::byte{0x08};
  frame[14] = std::byte{0x45};
  frame[17] = std::byte{43};
  frame[23] = std::byte{6};
  frame[46] = std::byte{0x50};
  const auto segment = tcp_segment(frame);
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->payload.size(), 3u);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(tcp_segment(std::span{frame}.first(size))) << size;
  }
  frame.resize(60);  // padding is no payload
  EXPECT_EQ(tcp_segment(frame)->payload.size(), 3u);
  frame[46] = std::byte{0x60};
  EXPECT_FALSE(tcp_segment(frame));  // a header longer than the segment
  frame[46] = std::byte{0x40};
  EXPECT_FALSE(tcp_segment(frame));
}

}  // namespace ridley::control
