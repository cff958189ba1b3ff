// SPDX-License-Identifier: Apache-2.0
#include "control/config_characters.hpp"

#include <gtest/gtest.h>

namespace ridley::control {
namespace {

bool has_x(std::string_view text) { return text.find('x') != std::string_view::npos; }

}  // namespace

TEST(ConfigCharacters, AreRefusedWithTheirPlace) {
  const auto problem = refused_character("# fine\n[\xEF\xB9\xBF]\n");
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->place.line, 2u);
  EXPECT_EQ(problem->place.column, 2u);
}

TEST(ConfigCharacters, MayBeAnythingInTextsAndComments) {
  for (const std::string_view text :
       {"plain = 1", "\xEF\xBB\xBF# a byte order mark\n", "a = 1 # \xC3\xA4 \" ' \n",
        "a = \"\xC3\xA4\"", "a = '\xC3\xA4'", R"(a = "\"ä")", R"(a = '\' # ä)",
        "a = \"\"\"\nä \" \"\" \"\"\"\"\" # ä", "a = '''\nä ' '''", R"(a = "" # ä)"})
    EXPECT_FALSE(refused_character(text)) << text;
}

TEST(ConfigCharacters, AreRefusedBehindTextsAndComments) {
  for (const std::string_view text :
       {"ä = 1", "# fine\nä", R"(a = "" ä)", R"(a = '\'ä)", "a = \"open\nä", "a = \"\"\"\"\"\" ä",
        "a = '''''' ä", "l\xCD\xA4l"})
    EXPECT_TRUE(refused_character(text)) << text;
}

TEST(ConfigCharacters, AreLookedForBeforeTheTextIsParsed) {
  const CheckedConfig checked = check_config("[\xEF\xB9\xBF]\nport = = 3\n", "r.toml");
  ASSERT_EQ(checked.problems.size(), 1u);
  EXPECT_EQ(checked.problems[0].place.line, 1u);
}

TEST(ConfigCharacters, AreBrokenFromALineOn) {
  EXPECT_EQ(first_line_with("x", has_x), 1u);
  EXPECT_EQ(first_line_with("a\nb\nx\nc", has_x), 3u);
  EXPECT_EQ(first_line_with("a\n\n\nx\n", has_x), 4u);
  EXPECT_EQ(first_line_with("a\nbx", has_x), 2u);
}

}  // namespace ridley::control
