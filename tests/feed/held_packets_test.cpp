// SPDX-License-Identifier: Apache-2.0
#include "feed/held_packets.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ridley::feed {
namespace {

HeldPackets::Wanted wanted(std::uint64_t first, std::uint64_t end,
                           std::span<const std::byte> blocks = {}) {
  return {.first = first, .end = end, .blocks = blocks, .unit = 0, .line = 0};
}

std::vector<std::uint64_t> firsts(HeldPackets& held) {
  std::vector<std::uint64_t> numbers;
  for (; !held.empty(); held.drop_front()) numbers.push_back(held.front().first);
  return numbers;
}

}  // namespace

TEST(HeldPackets, GivesBackByNumber) {
  std::vector<HeldPackets::Packet> places(4);
  HeldPackets held{places};
  for (const std::uint64_t first : {30, 10, 40, 20})
    EXPECT_EQ(held.hold(wanted(first, first + 5)), Kept::Held);
  EXPECT_EQ(held.hold(wanted(50, 51)), Kept::Full);
  EXPECT_EQ(held.size(), 4u);
  EXPECT_EQ(firsts(held), (std::vector<std::uint64_t>{10, 20, 30, 40}));
  EXPECT_EQ(held.hold(wanted(50, 51)), Kept::Held) << "places are used again";
}

TEST(HeldPackets, KnowsWhatOneOfThemHas) {
  std::vector<HeldPackets::Packet> places(4);
  HeldPackets held{places};
  EXPECT_EQ(held.hold(wanted(10, 15)), Kept::Held);
  EXPECT_EQ(held.hold(wanted(10, 15)), Kept::Known);
  EXPECT_EQ(held.hold(wanted(11, 15)), Kept::Known);
  EXPECT_EQ(held.hold(wanted(11, 16)), Kept::Held);
  EXPECT_EQ(held.hold(wanted(9, 15)), Kept::Held);
  EXPECT_EQ(firsts(held), (std::vector<std::uint64_t>{9, 10, 11}));
}

TEST(HeldPackets, KeepsTheBytes) {
  std::vector<HeldPackets::Packet> places(1);
  HeldPackets held{places};
  std::vector<std::byte> blocks(sizeof(HeldPackets::Packet::blocks), std::byte{7});
  blocks.back() = std::byte{9};
  EXPECT_EQ(held.hold(wanted(1, 2, blocks)), Kept::Held);
  const HeldPackets::Packet& packet = held.front();
  held.drop_front();
  EXPECT_EQ(packet.bytes, blocks.size());
  EXPECT_TRUE(std::equal(blocks.begin(), blocks.end(), packet.blocks.begin()));
  blocks.push_back({});
  EXPECT_EQ(held.hold(wanted(1, 2, blocks)), Kept::Full) << "one byte more than a place has";
}

TEST(HeldPackets, HoldsNothingWithoutPlaces) {
  HeldPackets held;
  EXPECT_EQ(held.capacity(), 0u);
  EXPECT_EQ(held.hold(wanted(1, 2)), Kept::Full);
  EXPECT_TRUE(held.empty());
}

}  // namespace ridley::feed
