// SPDX-License-Identifier: Apache-2.0
#include "base/arena.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

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

namespace {

struct Numbered {
  std::uint32_t number = 0xFFFF'FFFF;
  std::uint8_t letter = 0;
};

struct Plain {
  std::uint64_t number = 0;
  std::uint8_t letter = 0;
};

}  // namespace

TEST(Arena, MakesEveryObjectWhoseMembersBeginWithMoreThanZero) {
  Arena arena{10 * sizeof(Numbered) + sizeof(Plain)};
  for (const Numbered& one : arena.array<Numbered>(10)) EXPECT_EQ(one.number, 0xFFFF'FFFFU);
}

TEST(Arena, LeavesMemoryThatIsZeroAlready) {
  Arena arena{1};
  const std::size_t count = arena.size() / sizeof(Plain);
  for (const Plain& one : arena.array<Plain>(count)) {
    ASSERT_EQ(one.number, 0U);
    ASSERT_EQ(one.letter, 0U);
  }
}

TEST(Arena, AlignsAsFarAsItIsAsked) {
  Arena arena{1000};
  static_cast<void>(arena.array<char>(1));
  const auto line = arena.array<std::uint32_t>(1, 128);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(line.data()) % 128, 0U);
}

// The hot path may not be the first to write to a page.
TEST(Arena, HasTouchedEveryPageBeforeItIsUsed) {
  Arena arena{std::size_t{5} << 20};
  const auto bytes = arena.array<char>(arena.size());
  rusage before{};
  rusage after{};
  ::getrusage(RUSAGE_THREAD, &before);
  for (std::size_t at = 0; at < bytes.size(); at += 4096) {
    // Volatile: the write is the purpose.
    const_cast<volatile char&>(bytes[at]) = 1;
  }
  ::getrusage(RUSAGE_THREAD, &after);
  EXPECT_EQ(after.ru_minflt, before.ru_minflt);
}

TEST(Arena, TakesTheLastByteAndRefusesOneMore) {
  Arena arena{1};
  EXPECT_EQ(arena.array<char>(arena.size()).size(), arena.size());
  EXPECT_THROW((void)arena.array<char>(1), Error);
}

TEST(Arena, SaysWhatPagesItGot) { EXPECT_STRNE(name(Arena{1}.page_kind()), "unknown"); }

}  // namespace ridley::base
