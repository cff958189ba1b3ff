// SPDX-License-Identifier: Apache-2.0
#include "base/spsc_ring.hpp"

#include <gtest/gtest.h>

#include <cstdint>
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

}  // namespace ridley::base
