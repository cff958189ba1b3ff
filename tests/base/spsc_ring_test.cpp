// SPDX-License-Identifier: Apache-2.0
#include "base/spsc_ring.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <span>
#include <thread>

namespace ridley::base {

TEST(SpscRing, RefusesWhenFullAndGivesNothingWhenEmpty) {
  SpscRing<int> ring{4};
  int value = 7;
  EXPECT_FALSE(ring.pop(value));
  EXPECT_EQ(value, 7);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(ring.push(i));
  EXPECT_FALSE(ring.push(4));
  EXPECT_EQ(ring.size(), 4u);
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(ring.pop(value));
    EXPECT_EQ(value, i);
  }
  EXPECT_FALSE(ring.pop(value));
}

TEST(SpscRing, ASlotIsNotSeenBeforeItIsPublished) {
  SpscRing<int> ring{2};
  int* slot = ring.claim();
  ASSERT_NE(slot, nullptr);
  *slot = 5;
  int value = 0;
  EXPECT_FALSE(ring.pop(value));
  EXPECT_EQ(ring.claim(), slot);
  ring.publish();
  EXPECT_TRUE(ring.pop(value));
  EXPECT_EQ(value, 5);
}

TEST(SpscRing, GivesNoSlotWhenFull) {
  SpscRing<int> ring{2};
  ASSERT_TRUE(ring.push(1));
  ASSERT_NE(ring.claim(), nullptr);
  ASSERT_TRUE(ring.push(2));
  EXPECT_EQ(ring.claim(), nullptr);
  int value = 0;
  ASSERT_TRUE(ring.pop(value));
  EXPECT_NE(ring.claim(), nullptr);
}

TEST(SpscRing, APatientConsumerGetsTheSame) {
  SpscRing<int> ring{4};
  int value = 7;
  EXPECT_FALSE(ring.pop_patiently(value));
  EXPECT_EQ(value, 7);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(ring.push(i));
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(ring.pop_patiently(value));
    EXPECT_EQ(value, i);
    if (i == 0) {
      EXPECT_TRUE(ring.push(4));
    }
  }
  ASSERT_TRUE(ring.pop_patiently(value));
  EXPECT_EQ(value, 4);
  EXPECT_FALSE(ring.pop_patiently(value));
}

TEST(SpscRing, AValueOfALineLiesInOneLine) {
  struct alignas(8) Line {
    std::uint64_t number[8];
  };
  SpscRing<Line> ring{8};
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(ring.claim()) % kCacheLineBytes, 0u);
}

TEST(SpscRing, KeepsOrderBetweenTwoThreads) {
  constexpr std::uint64_t kValues = 200'000;
  SpscRing<std::uint64_t> ring{64};
  std::thread producer{[&ring] {
    for (std::uint64_t i = 0; i < kValues; ++i) {
      while (!ring.push(i)) std::this_thread::yield();
    }
  }};
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < kValues; ++i) {
    std::uint64_t value = 0;
    while (!ring.pop(value)) std::this_thread::yield();
    if (value != i) ++wrong;
  }
  producer.join();
  EXPECT_EQ(wrong, 0u);
}

TEST(SpscRing, KeepsOrderInPlaceAndPatiently) {
  constexpr std::uint64_t kValues = 200'000;
  SpscRing<std::uint64_t> ring{64};
  std::thread producer{[&ring] {
    for (std::uint64_t i = 0; i < kValues; ++i) {
      std::uint64_t* slot = ring.claim();
      for (; slot == nullptr; slot = ring.claim()) std::this_thread::yield();
      *slot = i;
      ring.publish();
    }
  }};
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < kValues; ++i) {
    std::uint64_t value = 0;
    while (!ring.pop_patiently(value)) std::this_thread::yield();
    if (value != i) ++wrong;
  }
  producer.join();
  EXPECT_EQ(wrong, 0u);
}

TEST(SpscRing, WorksInMemoryOfAnother) {
  alignas(kNoFalseSharingBytes) std::array<std::uint64_t, 4> slots{};
  {
    SpscRing<std::uint64_t> ring{std::span{slots}};
    EXPECT_EQ(ring.capacity(), 4U);
    for (std::uint64_t i = 0; i < 4; ++i) EXPECT_TRUE(ring.push(i));
    EXPECT_FALSE(ring.push(4));
    std::uint64_t value = 7;
    EXPECT_TRUE(ring.pop(value));
    EXPECT_EQ(value, 0U);
  }
  // It was only lent.
  EXPECT_EQ(slots[3], 3U);
}

}  // namespace ridley::base
