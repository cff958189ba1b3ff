// SPDX-License-Identifier: Apache-2.0
#include "feed/symbol_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdio>
#include <map>

namespace ridley::feed {
namespace {

event::Symbol symbol(int number) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%-8d", number);
  event::Symbol symbol;
  std::copy_n(text.begin(), symbol.size(), symbol.begin());
  return symbol;
}

}  // namespace

TEST(SymbolTable, GivesLocatesInOrderOfAppearance) {
  SymbolTable table{8};
  EXPECT_EQ(table.find_or_add(symbol(7), 3).locate, 1);
  const SymbolTable::Found second = table.find_or_add(symbol(5), 4);
  EXPECT_EQ(second.locate, 2);
  EXPECT_TRUE(second.is_new);
  EXPECT_EQ(table.find_or_add(symbol(7), 9).locate, 1);
  EXPECT_FALSE(table.find_or_add(symbol(7), 9).is_new);
  EXPECT_EQ(table.unit(1), 3);
  EXPECT_EQ(table.unit(2), 4);
  EXPECT_EQ(table.count(), 2u);
}

TEST(SymbolTable, IsFullOneBeyondItsLimitAndCounts) {
  SymbolTable table{4};
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(table.find_or_add(symbol(i), 0).locate, i);
  EXPECT_EQ(table.find_or_add(symbol(4), 0).locate, kNoLocate);
  EXPECT_FALSE(table.find_or_add(symbol(4), 0).is_new);
  EXPECT_EQ(table.refused(), 2u);
  EXPECT_EQ(table.find_or_add(symbol(3), 0).locate, 3);
}

TEST(SymbolTable, HasRoomForEveryLocateThereIs) {
  SymbolTable table{1U << 20};
  for (int i = 1; i < 65'536; ++i) ASSERT_EQ(table.find_or_add(symbol(i), 0).locate, i);
  EXPECT_EQ(table.find_or_add(symbol(65'536), 0).locate, kNoLocate);
}

TEST(SymbolTable, BeginsAnewWhenCleared) {
  SymbolTable table{4};
  (void)table.find_or_add(symbol(1), 0);
  table.clear();
  EXPECT_EQ(table.count(), 0u);
  EXPECT_EQ(table.find_or_add(symbol(2), 0).locate, 1);
  EXPECT_TRUE(table.find_or_add(symbol(1), 0).is_new);
}

RC_GTEST_PROP(SymbolTable, AnswersLikeAMap, (const std::vector<std::uint8_t>& asked)) {
  constexpr std::uint32_t kLimit = 40;
  SymbolTable table{kLimit};
  std::map<int, std::uint16_t> known;
  for (const std::uint8_t number : asked) {
    const SymbolTable::Found found = table.find_or_add(symbol(number), 0);
    const auto at = known.find(number);
    if (at != known.end()) {
      RC_ASSERT(found.locate == at->second && !found.is_new);
    } else if (known.size() + 1 < kLimit) {
      const auto next = static_cast<std::uint16_t>(known.size() + 1);
      RC_ASSERT(found.locate == next && found.is_new);
      known[number] = next;
    } else {
      RC_ASSERT(found.locate == kNoLocate);
    }
  }
}

}  // namespace ridley::feed
