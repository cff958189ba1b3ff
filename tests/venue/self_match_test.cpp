// SPDX-License-Identifier: Apache-2.0
#include "venue/self_match.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ridley::venue {

TEST(SelfMatchGroups, GiveEveryFirmAndGroupANumberOfItsOwn) {
  SelfMatchGroups groups;
  std::set<std::uint16_t> numbers;
  for (const char* firm : {"FRMA", "FRMB", ""}) {
    for (const int group : {0, 1, 65'535})
      numbers.insert(groups.number(firm, static_cast<std::uint16_t>(group)));
  }
  EXPECT_EQ(numbers.size(), 9u);
  EXPECT_FALSE(numbers.contains(0));
  EXPECT_EQ(groups.number("FRMA", 1), groups.number("FRMA", 1));
}

TEST(SelfMatchGroups, PreventNothingWhenTheNumbersAreUsedUp) {
  SelfMatchGroups groups;
  for (std::uint32_t group = 0; group < 65'535; ++group)
    ASSERT_NE(groups.number("FRMA", static_cast<std::uint16_t>(group)), 0);
  EXPECT_EQ(groups.number("FRMB", 0), 0);
  EXPECT_EQ(groups.number("FRMB", 0), 0);
  EXPECT_EQ(groups.number("FRMA", 0), 1);
}

TEST(SelfMatch, IsNamedByALetterThatMeansTheSameInBothSizes) {
  EXPECT_EQ(self_match_of('O'), SelfMatch::CancelOldest);
  EXPECT_EQ(self_match_of('o'), SelfMatch::CancelOldest);
  EXPECT_EQ(self_match_of('W'), SelfMatch::CancelNewest);
  EXPECT_EQ(self_match_of('Y'), SelfMatch::DecrementBoth);
  EXPECT_EQ(self_match_of('D'), SelfMatch::DecrementBoth);
  EXPECT_EQ(self_match_of(' '), std::nullopt);
  EXPECT_EQ(self_match_of('N'), std::nullopt);
}

}  // namespace ridley::venue
