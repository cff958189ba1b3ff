// SPDX-License-Identifier: Apache-2.0
#include "order/execution_table.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ridley::order {
namespace {

using Kept = ExecutionTable::Kept;

TEST(ExecutionTable, FindsAnExecutionByMatchNumberAndOrder) {
  std::array<Execution, 16> slots;
  ExecutionTable table{slots};
  EXPECT_EQ(table.keep({.match_number = 9, .user_ref = 1, .quantity = 100}), Kept::New);
  EXPECT_EQ(table.keep({.match_number = 9, .user_ref = 2, .quantity = 200}), Kept::New);
  ASSERT_NE(table.find(9, 1), nullptr);
  EXPECT_EQ(table.find(9, 1)->quantity, 100U);
  EXPECT_EQ(table.find(9, 2)->quantity, 200U);
  EXPECT_EQ(table.find(9, 3), nullptr);
  EXPECT_EQ(table.find(8, 1), nullptr);
}

TEST(ExecutionTable, SaysWhenAnExecutionComesTwice) {
  std::array<Execution, 16> slots;
  ExecutionTable table{slots};
  EXPECT_EQ(table.keep({.match_number = 9, .user_ref = 1, .quantity = 100}), Kept::New);
  EXPECT_EQ(table.keep({.match_number = 9, .user_ref = 1, .quantity = 50}), Kept::Repeated);
  EXPECT_EQ(table.find(9, 1)->quantity, 100U);
}

TEST(ExecutionTable, KeepsThreeQuartersOfItsSlotsAndNotOneMore) {
  std::array<Execution, 16> slots;
  ExecutionTable table{slots};
  for (std::uint64_t match = 1; match <= 12; ++match) {
    EXPECT_EQ(table.keep({.match_number = match, .user_ref = 1}), Kept::New);
  }
  EXPECT_EQ(table.keep({.match_number = 13, .user_ref = 1}), Kept::Full);
  EXPECT_EQ(table.count(), 12U);
  for (std::uint64_t match = 1; match <= 12; ++match) EXPECT_NE(table.find(match, 1), nullptr);
  EXPECT_EQ(table.find(13, 1), nullptr);
}

}  // namespace
}  // namespace ridley::order
