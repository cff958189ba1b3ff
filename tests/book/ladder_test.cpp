// SPDX-License-Identifier: Apache-2.0
#include "book/ladder.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ridley::book {
namespace {

std::vector<std::uint32_t> ranks(const Ladders& ladders, const Ladder& ladder) {
  std::vector<std::uint32_t> ranks;
  for (const Level& level : ladders.levels(ladder)) ranks.push_back(level.rank);
  return ranks;
}

}  // namespace

TEST(RankOf, OrdersEitherSideFromWorstToBest) {
  EXPECT_LT(rank_of(9900, true), rank_of(9901, true));
  EXPECT_GT(rank_of(9900, false), rank_of(9901, false));
  EXPECT_EQ(rank_of(rank_of(0, false), false), 0u);
  EXPECT_EQ(rank_of(rank_of(0xFFFF'FFFF, true), true), 0xFFFF'FFFFu);
}

TEST(Ladders, KeepTheBestLevelLast) {
  base::Arena arena{Ladders::bytes_for(64)};
  Ladders ladders{arena, 64};
  Ladder ladder{};
  for (const std::uint32_t rank : {5u, 1u, 9u, 0u, 0xFFFF'FFFFu, 7u})
    ASSERT_NE(ladders.find_or_insert(ladder, rank), nullptr);
  EXPECT_EQ(ranks(ladders, ladder), (std::vector<std::uint32_t>{0, 1, 5, 7, 9, 0xFFFF'FFFF}));
  EXPECT_EQ(ladders.find(ladder, 6), nullptr);
  ladders.erase(ladder, ladders.find(ladder, 5));
  EXPECT_EQ(ranks(ladders, ladder), (std::vector<std::uint32_t>{0, 1, 7, 9, 0xFFFF'FFFF}));
  EXPECT_EQ(ladders.live(), 5u);
}

TEST(Ladders, FindEveryLevelNearTheBestAndFarFromIt) {
  base::Arena arena{Ladders::bytes_for(256)};
  Ladders ladders{arena, 256};
  Ladder ladder{};
  for (std::uint32_t i = 0; i < 60; ++i) ASSERT_NE(ladders.find_or_insert(ladder, i * 2), nullptr);
  for (std::uint32_t i = 0; i < 60; ++i) {
    ASSERT_NE(ladders.find(ladder, i * 2), nullptr);
    EXPECT_EQ(ladders.find(ladder, i * 2)->rank, i * 2);
    EXPECT_EQ(ladders.find(ladder, i * 2 + 1), nullptr);
    EXPECT_EQ(ladders.find_or_insert(ladder, i * 2), ladders.find(ladder, i * 2));
  }
  EXPECT_EQ(ladders.live(), 60u);
}

TEST(Ladders, GiveAnOutgrownArrayToTheNextSide) {
  // Room for 4 + 8 levels: the second side lives where the first one began.
  base::Arena arena{Ladders::bytes_for(12)};
  Ladders ladders{arena, 12};
  Ladder first{};
  Ladder second{};
  for (std::uint32_t i = 0; i < 8; ++i) ASSERT_NE(ladders.find_or_insert(first, i), nullptr);
  for (std::uint32_t i = 0; i < 4; ++i) ASSERT_NE(ladders.find_or_insert(second, i), nullptr);
  EXPECT_EQ(ladders.find_or_insert(first, 8), nullptr);
  EXPECT_EQ(ladders.find_or_insert(second, 4), nullptr);
  EXPECT_EQ(ranks(ladders, first), (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(ranks(ladders, second), (std::vector<std::uint32_t>{0, 1, 2, 3}));
}

TEST(Ladders, ForgetEverythingWhenCleared) {
  base::Arena arena{Ladders::bytes_for(4)};
  Ladders ladders{arena, 4};
  Ladder ladder{};
  ASSERT_NE(ladders.find_or_insert(ladder, 1), nullptr);
  Ladder other{};
  EXPECT_EQ(ladders.find_or_insert(other, 1), nullptr);
  ladders.clear();
  EXPECT_EQ(ladders.live(), 0u);
  EXPECT_NE(ladders.find_or_insert(other, 1), nullptr);
}

}  // namespace ridley::book
