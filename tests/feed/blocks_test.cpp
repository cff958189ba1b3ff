// SPDX-License-Identifier: Apache-2.0
#include "feed/blocks.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ridley::feed {

TEST(Blocks, WalkMessagesWithTheirNumbers) {
  constexpr std::array<std::byte, 9> kBytes{std::byte{0}, std::byte{1},   std::byte{'a'},
                                            std::byte{0}, std::byte{0},   std::byte{0},
                                            std::byte{2}, std::byte{'b'}, std::byte{'c'}};
  const Arrived arrived{.arrival = Arrival::InOrder,
                        .count = 3,
                        .blocks = kBytes,
                        .first_sequence = 10,
                        .missing_from = 0,
                        .missing_count = 0};
  constexpr std::array<std::size_t, 3> kSizes{1, 0, 2};
  std::uint64_t sequence = 10;
  for (const Block block : Blocks{arrived}) {
    EXPECT_EQ(block.sequence, sequence);
    EXPECT_EQ(block.message.size(), kSizes.at(sequence - 10));
    ++sequence;
  }
  EXPECT_EQ(sequence, 13u);
}

TEST(Blocks, AreNoneWhereNothingArrived) {
  const Arrived arrived{.arrival = Arrival::Duplicate,
                        .count = 0,
                        .blocks = {},
                        .first_sequence = 5,
                        .missing_from = 0,
                        .missing_count = 0};
  EXPECT_TRUE(Blocks{arrived}.begin() == Blocks{arrived}.end());
}

}  // namespace ridley::feed
