// SPDX-License-Identifier: Apache-2.0
#include "base/arena.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace ridley::base {

TEST(Arena, GivesAlignedZeroedArrays) {
  Arena arena{100'000};
  const auto bytes = arena.array<char>(3);
  const auto numbers = arena.array<std::uint64_t>(1000);
  EXPECT_EQ(bytes.size(), 3u);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(numbers.data()) % alignof(std::uint64_t), 0u);
  for (const std::uint64_t number : numbers) EXPECT_EQ(number, 0u);
  EXPECT_GE(reinterpret_cast<const char*>(numbers.data()), bytes.data() + bytes.size());
}

TEST(Arena, TakesTheLastByteAndRefusesOneMore) {
  Arena arena{1};
  EXPECT_EQ(arena.array<char>(arena.size()).size(), arena.size());
  EXPECT_THROW((void)arena.array<char>(1), Error);
}

TEST(Arena, SaysWhatPagesItGot) { EXPECT_STRNE(name(Arena{1}.page_kind()), "unknown"); }

}  // namespace ridley::base
