// SPDX-License-Identifier: Apache-2.0
#include "control/config_characters.hpp"

#include <gtest/gtest.h>

namespace ridley::control {

TEST(ConfigCharacters, AreRefusedWithTheirPlace) {
  const auto problem = refused_character(
      "# fine\n[\xEF\xB9\xBF"
      "d]\n");
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->place.line, 2u);
  EXPECT_EQ(problem->place.column, 2u);
  EXPECT_EQ(problem->text, "the character U+FE7F cannot be in a configuration");
}

TEST(ConfigCharacters, BeginAndEndWhereTheParserIsUndefined) {
  EXPECT_FALSE(refused_character("\xEF\xAC\xA5"));
  EXPECT_TRUE(refused_character("\xEF\xAC\xA6"));
  EXPECT_TRUE(refused_character("\xEF\xBB\xBE"));
  EXPECT_FALSE(refused_character("\xEF\xBB\xBF")) << "a byte order mark";
  EXPECT_FALSE(refused_character("\xEF\xB9"));
  EXPECT_FALSE(refused_character("plain text, \xC3\xA4 and \xE2\x82\xAC"));
}

TEST(ConfigCharacters, AreLookedForBeforeTheTextIsParsed) {
  const CheckedConfig checked = check_config(
      "[\xEF\xB9\xBF"
      "d]\nport = = 3\n",
      "r.toml");
  ASSERT_EQ(checked.problems.size(), 1u);
  EXPECT_EQ(checked.problems[0].place.line, 1u);
}

}  // namespace ridley::control
