// SPDX-License-Identifier: Apache-2.0
#include "control/toml_text.hpp"

#include <gtest/gtest.h>

namespace ridley::control {
namespace {

TEST(TomlText, GivesEveryKindOfValueWithItsPlace) {
  const TomlFile file = parse_toml(
      "word = \"a\"\nnumber = 7\n\n[deep]\nhalf = 0.5\nlist = [true]\n"
      "day = 2024-05-08\n",
      "t.toml");
  ASSERT_FALSE(file.problem);
  ASSERT_EQ(file.table.entries.size(), 3u);
  const TomlNode* const word = file.table.get("word");
  ASSERT_NE(word, nullptr);
  EXPECT_EQ(*word->as<std::string>(), "a");
  EXPECT_EQ(word->place().line, 1u);
  EXPECT_EQ(word->place().column, 8u);
  EXPECT_EQ(*file.table.get("number")->as<std::int64_t>(), 7);
  EXPECT_EQ(file.table.get("number")->as<double>(), nullptr);
  const TomlTable* const deep = file.table.get("deep")->as<TomlTable>();
  ASSERT_NE(deep, nullptr);
  EXPECT_EQ(deep->place.line, 4u);
  EXPECT_DOUBLE_EQ(*deep->get("half")->as<double>(), 0.5);
  const TomlArray* const list = deep->get("list")->as<TomlArray>();
  ASSERT_EQ(list->entries.size(), 1u);
  EXPECT_TRUE(*list->entries[0].as<bool>());
  EXPECT_EQ(deep->get("day")->kind(), "a date or a time");
  EXPECT_EQ(list->entries[0].kind(), "a truth value");
  EXPECT_FALSE(file.table.contains("deeper"));
}

TEST(TomlText, SaysWhereATextBreaks) {
  const TomlFile cut = parse_toml("a = 1\nb = \n", "t.toml");
  ASSERT_TRUE(cut.problem);
  EXPECT_EQ(cut.problem->place.line, 2u);
  EXPECT_FALSE(cut.problem->text.empty());
  EXPECT_TRUE(cut.table.entries.empty());
}

}  // namespace
}  // namespace ridley::control
