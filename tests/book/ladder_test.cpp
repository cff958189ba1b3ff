// SPDX-License-Identifier: Apache-2.0
#include "book/ladder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <vector>

namespace ridley::book {
namespace {

constexpr std::uint32_t kLevels = 4096;

struct LaddersTest : testing::Test {
  explicit LaddersTest(std::uint32_t levels_max = kLevels)
      : arena{NodePool::bytes_for(1, kLevels) + Ladders::bytes_for(levels_max)},
        nodes{arena, 1, kLevels},
        ladders{arena, levels_max} {}

  base::Arena arena;
  NodePool nodes;
  Ladders ladders;

  // False when there is no memory for it.
  bool open(Ladder& ladder, std::uint32_t rank) {
    if (Ladders::is_full(ladder) && !ladders.make_place(ladder, nodes)) return false;
    const NodeIndex level = nodes.take_level();
    nodes[level].behind = level;
    nodes[level].level = {.quantity = 1, .orders = 1, .rank = rank, .owner = {}};
    ladders.insert(ladder, ladders.find_place(ladder, rank), rank, level);
    return true;
  }

  void empty(Ladder& ladder, std::uint32_t rank) {
    const NodeIndex level = ladders.find(ladder, rank);
    ASSERT_NE(level, kNoNode);
    nodes[level].level.orders = 0;
    if (ladder.best == level) ladders.drop_best(ladder, nodes);
  }

  // Those that are not empty, worst first.
  std::vector<std::uint32_t> ranks(const Ladder& ladder) const {
    std::vector<std::uint32_t> ranks;
    for (const NodeIndex level : ladders.levels(ladder))
      if (nodes[level].level.orders != 0) ranks.push_back(nodes[level].level.rank);
    return ranks;
  }
};

struct SmallLaddersTest : LaddersTest {
  SmallLaddersTest() : LaddersTest{24} {}
};

}  // namespace

TEST_F(LaddersTest, KeepTheBestLevelLast) {
  Ladder ladder{};
  for (const std::uint32_t rank : {5u, 1u, 9u, 0u, 0xFFFF'FFFFu, 7u})
    ASSERT_TRUE(open(ladder, rank));
  EXPECT_EQ(ranks(ladder), (std::vector<std::uint32_t>{0, 1, 5, 7, 9, 0xFFFF'FFFF}));
  EXPECT_EQ(nodes[ladder.best].level.rank, 0xFFFF'FFFFu);
  EXPECT_EQ(ladders.find(ladder, 6), kNoNode);
  empty(ladder, 0xFFFF'FFFF);
  EXPECT_EQ(nodes[ladder.best].level.rank, 9u);
}

TEST_F(LaddersTest, FindEveryLevelNearTheBestAndFarFromIt) {
  Ladder ladder{};
  for (std::uint32_t i = 0; i < 60; ++i) ASSERT_TRUE(open(ladder, i * 37 % 60 * 2));
  for (std::uint32_t i = 0; i < 60; ++i) {
    ASSERT_NE(ladders.find(ladder, i * 2), kNoNode);
    EXPECT_EQ(nodes[ladders.find(ladder, i * 2)].level.rank, i * 2);
    EXPECT_EQ(ladders.find(ladder, i * 2 + 1), kNoNode);
  }
}

TEST_F(LaddersTest, KeepTheirPlaceWhenEmptyUntilTheyWouldBeTheBest) {
  Ladder ladder{};
  for (const std::uint32_t rank : {1u, 2u, 3u}) ASSERT_TRUE(open(ladder, rank));
  const NodeIndex second = ladders.find(ladder, 2);
  empty(ladder, 2);
  EXPECT_EQ(ladders.find(ladder, 2), second);
  EXPECT_EQ(ranks(ladder), (std::vector<std::uint32_t>{1, 3}));
  empty(ladder, 3);
  EXPECT_EQ(nodes[ladder.best].level.rank, 1u);
  EXPECT_EQ(ladders.find(ladder, 2), kNoNode);
  empty(ladder, 1);
  EXPECT_EQ(ladder.best, kNoNode);
  EXPECT_EQ(ladder.count, 0u);
}

TEST_F(SmallLaddersTest, TakeThePlacesOfEmptyLevelsBeforeMoreMemory) {
  Ladder ladder{};
  for (std::uint32_t rank = 1; rank <= 8; ++rank) ASSERT_TRUE(open(ladder, rank));
  for (std::uint32_t rank = 1; rank <= 7; ++rank) empty(ladder, rank);
  ASSERT_TRUE(open(ladder, 9));
  EXPECT_EQ(ladder.capacity, 8u);
  EXPECT_EQ(ranks(ladder), (std::vector<std::uint32_t>{8, 9}));
}

TEST_F(SmallLaddersTest, GiveAnOutgrownArrayToTheNextSide) {
  // Room for 8 + 16 levels: the second side lives where the first one began.
  Ladder first{};
  Ladder second{};
  for (std::uint32_t i = 0; i < 16; ++i) ASSERT_TRUE(open(first, i));
  for (std::uint32_t i = 0; i < 8; ++i) ASSERT_TRUE(open(second, i));
  EXPECT_FALSE(open(first, 16));
  EXPECT_FALSE(open(second, 8));
  const std::vector<std::uint32_t> of_first = ranks(first);
  EXPECT_EQ(of_first.size(), 16u);
  EXPECT_TRUE(std::ranges::is_sorted(of_first));
  EXPECT_EQ(ranks(second), (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  empty(first, 3);
  EXPECT_TRUE(open(first, 16)) << "the place of an empty level";
  ladders.clear();
  Ladder third{};
  EXPECT_TRUE(open(third, 1));
}

TEST_F(LaddersTest, KnowTheRankThatStandsInFrontOfEveryArray) {
  Ladder ladder{};
  EXPECT_EQ(ladders.find(ladder, 0), kNoNode) << "no array yet";
  for (std::uint32_t rank = 1; rank <= 20; ++rank) {
    ASSERT_TRUE(open(ladder, rank));
    EXPECT_EQ(ladders.find(ladder, 0), kNoNode) << rank << " levels";
  }
  ASSERT_TRUE(open(ladder, 0));
  EXPECT_NE(ladders.find(ladder, 0), kNoNode);
  EXPECT_EQ(ranks(ladder).front(), 0u);
}

TEST_F(LaddersTest, TakeMemoryThatIsNotZeroAnyMore) {
  Ladder ladder{};
  for (std::uint32_t rank = 100; rank < 150; ++rank) ASSERT_TRUE(open(ladder, rank));
  ladders.clear();
  Ladder other{};
  ASSERT_TRUE(open(other, 5));
  EXPECT_EQ(ladders.find(other, 4), kNoNode);
  EXPECT_EQ(ladders.find(other, 0), kNoNode);
  EXPECT_EQ(ladders.find(other, 120), kNoNode);
  ASSERT_TRUE(open(other, 3));
  EXPECT_EQ(ranks(other), (std::vector<std::uint32_t>{3, 5}));
}

TEST_F(LaddersTest, AreWhatAMapIs) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random{seed};
  std::array<Ladder, 3> sides{};
  std::array<std::map<std::uint32_t, int>, 3> expected;
  for (int step = 0; step < 20'000; ++step) {
    const std::size_t side = random() % sides.size();
    Ladder& ladder = sides[side];
    const auto rank = static_cast<std::uint32_t>(random() % (10 + 40 * side));
    const NodeIndex level = ladders.find(ladder, rank);
    if (!expected[side].contains(rank)) {
      if (level == kNoNode) {
        ASSERT_TRUE(open(ladder, rank));
      } else {
        ASSERT_EQ(nodes[level].level.orders, 0u);
        nodes[level].level.orders = 1;
      }
      expected[side][rank] = 1;
    } else {
      ASSERT_NE(level, kNoNode);
      empty(ladder, rank);
      expected[side].erase(rank);
    }
    std::vector<std::uint32_t> wanted;
    for (const auto& [held, one] : expected[side]) wanted.push_back(held);
    ASSERT_EQ(ranks(ladder), wanted) << "step " << step;
    if (wanted.empty()) {
      ASSERT_EQ(ladder.best, kNoNode);
    } else {
      ASSERT_EQ(nodes[ladder.best].level.rank, wanted.back());
    }
  }
}

}  // namespace ridley::book
