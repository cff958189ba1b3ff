// SPDX-License-Identifier: Apache-2.0
#include "control/nearest.hpp"

#include <gtest/gtest.h>

namespace ridley::control {

TEST(Nearest, CountsLettersAddedDroppedChangedAndSwapped) {
  EXPECT_EQ(edit_distance("port", "port"), 0U);
  EXPECT_EQ(edit_distance("port", "ports"), 1U);
  EXPECT_EQ(edit_distance("port", "pot"), 1U);
  EXPECT_EQ(edit_distance("port", "pork"), 1U);
  EXPECT_EQ(edit_distance("port", "prot"), 1U);
  EXPECT_EQ(edit_distance("", "port"), 4U);
  EXPECT_EQ(edit_distance("port", ""), 4U);
}

TEST(Nearest, TakesTheOneWithTheFewestMistakes) {
  EXPECT_EQ(nearest("symbls", {"session", "symbol", "symbols"}), "symbols");
}

TEST(Nearest, GivesNothingBeyondTwoMistakesInAShortWord) {
  EXPECT_EQ(nearest("prrt", {"port"}), "port");
  EXPECT_EQ(nearest("ab", {"port"}), "");
  EXPECT_EQ(nearest("brightness", {"port", "groups"}), "");
}

TEST(Nearest, AllowsAThirdOfALongWord) {
  EXPECT_EQ(nearest("max_gros_notionl_us", {"max_gross_notional_usd"}), "max_gross_notional_usd");
}

TEST(Nearest, IsNotWorkedOutForEndlessWords) {
  EXPECT_EQ(nearest(std::string(65, 'a'), {std::string_view{"port"}}), "");
}

TEST(Nearest, AsksPolitely) {
  EXPECT_EQ(did_you_mean("prt", {"port"}), " (did you mean 'port'?)");
  EXPECT_EQ(did_you_mean("zzzzzz", {"port"}), "");
}

}  // namespace ridley::control
