// SPDX-License-Identifier: Apache-2.0
#include "book/ranks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

namespace ridley::book {

TEST(RankOf, OrdersEitherSideFromWorstToBest) {
  EXPECT_LT(rank_of(9900, true), rank_of(9901, true));
  EXPECT_GT(rank_of(9900, false), rank_of(9901, false));
  EXPECT_EQ(rank_of(rank_of(0, false), false), 0u);
  EXPECT_EQ(rank_of(rank_of(0xFFFF'FFFF, true), true), 0xFFFF'FFFFu);
}

TEST(PlaceOf, IsTheRankOrTheBestOneThatIsWorse) {
  const std::array<std::uint32_t, 9> ranks{0, 10, 20, 30, 40, 50, 60, 0x8000'0000, 0xFFFF'FFFF};
  const std::uint32_t* const end = ranks.data() + ranks.size();
  EXPECT_EQ(place_of(end, 0xFFFF'FFFF), end - 1);
  EXPECT_EQ(place_of(end, 0xFFFF'FFFE), end - 2);
  EXPECT_EQ(place_of(end, 0x8000'0000), end - 2);
  EXPECT_EQ(place_of(end, 0x7FFF'FFFF), end - 3);
  EXPECT_EQ(place_of(end, 61), end - 3);
  EXPECT_EQ(place_of(end, 60), end - 3);
  EXPECT_EQ(place_of(end, 59), end - 4);
  EXPECT_EQ(place_of(end, 10), end - 8);
  EXPECT_EQ(place_of(end, 9), end - 9) << "all eight are better";
  EXPECT_EQ(place_of(end, 0), end - 9);
}

TEST(PlaceOf, IsWhatWalkingFinds) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random{seed};
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::uint32_t> words(kWordsAtOnce + 1);
    const std::size_t count = random() % 12;
    std::vector<std::uint32_t> ranks;
    for (std::uint32_t rank = 0; ranks.size() < count;
         rank += static_cast<std::uint32_t>(1 + random() % 3))
      ranks.push_back(rank);
    words.insert(words.end(), ranks.begin(), ranks.end());
    const std::uint32_t* const end = words.data() + words.size();
    const auto wanted = static_cast<std::uint32_t>(random() % 40);
    const std::uint32_t* expected = end - 1;
    while (expected != end - kWordsAtOnce - 1 && *expected > wanted) --expected;
    EXPECT_EQ(place_of(end, wanted) - end, expected - end);
  }
}

TEST(Words, AreAllReadBeforeOneIsWritten) {
  std::array<std::uint32_t, 9> words{1, 2, 3, 4, 5, 6, 7, 8, 9};
  const Words moved{words.data()};
  moved.store(words.data() + 1);
  EXPECT_EQ(words, (std::array<std::uint32_t, 9>{1, 1, 2, 3, 4, 5, 6, 7, 8}));
}

}  // namespace ridley::book
