// SPDX-License-Identifier: Apache-2.0
#include "venue/followers.hpp"

#include <gtest/gtest.h>

namespace ridley::venue {
namespace {

TEST(Followers, AreNoneWithoutExcitement) {
  Followers followers;
  Random random{1};
  const std::uint64_t before = Random{1}.next();
  followers.happened(1, 0, random);
  EXPECT_EQ(followers.next_ns(), Followers::kNever);
  EXPECT_EQ(random.next(), before);  // nor do they take a number away
}

// A cluster of branching 0.5 has two events on average: the one that began it and one behind.
TEST(Followers, AreAsManyAndAsLateAsTheirExcitementSays) {
  constexpr std::uint64_t kClusters = 20'000;
  Followers followers{{.branching = 0.5, .mean_delay_ns = 1'000}};
  Random random{7};
  std::uint64_t events = 0;
  std::uint64_t delay_ns = 0;
  for (std::uint64_t i = 0; i < kClusters; ++i) {
    std::uint64_t ns = i * 1'000'000;
    followers.happened(static_cast<std::uint16_t>(1 + i % 9), ns, random);
    while (followers.next_ns() != Followers::kNever) {
      delay_ns += followers.next_ns() - ns;
      ns = followers.next_ns();
      const std::uint16_t locate = followers.take();
      EXPECT_EQ(locate, 1 + i % 9);
      followers.happened(locate, ns, random);
      ++events;
    }
  }
  EXPECT_NEAR(static_cast<double>(events) / kClusters, 1.0, 0.05);
  EXPECT_GT(delay_ns, 0u);
}

TEST(Followers, ComeInTheOrderOfTheirTimes) {
  Followers followers{{.branching = 0.9, .mean_delay_ns = 1'000}};
  Random random{3};
  for (std::uint16_t locate = 1; locate < 200; ++locate) followers.happened(locate, 10, random);
  std::uint64_t before = 10;
  for (; followers.next_ns() != Followers::kNever; (void)followers.take()) {
    EXPECT_GE(followers.next_ns(), before);
    before = followers.next_ns();
  }
  EXPECT_GT(before, 1'000u);
  followers.happened(1, 0, random);
  followers.clear();
  EXPECT_EQ(followers.next_ns(), Followers::kNever);
}

}  // namespace
}  // namespace ridley::venue
