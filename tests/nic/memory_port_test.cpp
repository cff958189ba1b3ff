// SPDX-License-Identifier: Apache-2.0
#include "nic/memory_port.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "nic/frames.hpp"
#include "nic/port.hpp"

namespace ridley::nic {
namespace {

using test::Bytes;
using test::bytes_of;
using Burst = std::array<Frame, kBurstFramesMax>;

Bytes copy_of(const Frame& frame) { return {frame.bytes, frame.bytes + frame.length}; }

}  // namespace

TEST(MemoryPort, CarriesFramesBothWaysInOrderWithTheGivenTime) {
  MemoryLink link{8};
  link.left().set_send_time(1'000);
  EXPECT_TRUE(link.left().send(bytes_of("one")));
  link.left().set_send_time(2'000);
  EXPECT_TRUE(link.left().send(bytes_of("two")));
  EXPECT_TRUE(link.right().send(bytes_of("back")));
  Burst burst;
  ASSERT_EQ(link.right().receive_burst(burst), 2u);
  EXPECT_EQ(copy_of(burst[0]), bytes_of("one"));
  EXPECT_EQ(burst[0].stamp.ns, 1'000u);
  EXPECT_EQ(burst[0].stamp.source, event::TimeSource::Simulated);
  EXPECT_EQ(copy_of(burst[1]), bytes_of("two"));
  EXPECT_EQ(burst[1].stamp.ns, 2'000u);
  ASSERT_EQ(link.left().receive_burst(burst), 1u);
  EXPECT_EQ(copy_of(burst[0]), bytes_of("back"));
  EXPECT_EQ(link.right().receive_burst(burst), 0u);
}

TEST(MemoryPort, RefusesAndCountsWhenEverySlotIsTaken) {
  MemoryLink link{4};
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(link.left().send(bytes_of("x")));
  EXPECT_FALSE(link.left().send(bytes_of("x")));
  Burst burst;
  EXPECT_EQ(link.right().receive_burst(burst), 4u);
  // The frames are still being looked at.
  EXPECT_FALSE(link.left().send(bytes_of("x")));
  EXPECT_EQ(link.right().receive_burst(burst), 0u);
  EXPECT_TRUE(link.left().send(bytes_of("x")));
  EXPECT_EQ(link.left().statistics().sent, 5u);
  EXPECT_EQ(link.left().statistics().send_refused, 2u);
  EXPECT_EQ(link.right().statistics().received, 4u);
}

TEST(MemoryPort, RefusesEmptyAndOverlongFrames) {
  MemoryLink link{4};
  EXPECT_FALSE(link.left().send({}));
  EXPECT_TRUE(link.left().send(Bytes(kFrameBytesMax)));
  EXPECT_FALSE(link.left().send(Bytes(kFrameBytesMax + 1)));
}

TEST(MemoryPort, GivesNoMoreThanABurst) {
  MemoryLink link{128};
  for (std::size_t i = 0; i < kBurstFramesMax + 1; ++i)
    EXPECT_TRUE(link.left().send(bytes_of("x")));
  std::array<Frame, 128> many;
  EXPECT_EQ(link.right().receive_burst(many), kBurstFramesMax);
  EXPECT_EQ(link.right().receive_burst(std::span<Frame>{}), 0u);
  EXPECT_EQ(link.right().receive_burst(many), 1u);
}

TEST(MemoryPort, KeepsOrderBetweenTwoThreads) {
  constexpr std::uint64_t kFrames = 20'000;
  MemoryLink link{64};
  std::thread sender{[&link] {
    for (std::uint64_t i = 0; i < kFrames; ++i) {
      Bytes bytes(8);
      std::memcpy(bytes.data(), &i, 8);
      while (!link.left().send(bytes)) std::this_thread::yield();
    }
  }};
  std::uint64_t expected = 0;
  std::uint64_t wrong = 0;
  Burst burst;
  while (expected < kFrames) {
    const std::size_t count = link.right().receive_burst(burst);
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t value;
      std::memcpy(&value, burst[i].bytes, 8);
      if (value != expected++) ++wrong;
    }
    if (count == 0) std::this_thread::yield();
  }
  sender.join();
  EXPECT_EQ(wrong, 0u);
}

}  // namespace ridley::nic
