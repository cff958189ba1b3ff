// SPDX-License-Identifier: Apache-2.0
#include "engine/roll.hpp"

#include <gtest/gtest.h>

namespace ridley::engine {
namespace {

event::Symbol padded(std::string_view text) {
  event::Symbol symbol;
  symbol.fill(' ');
  std::copy(text.begin(), text.end(), symbol.begin());
  return symbol;
}

}  // namespace

TEST(Roll, FindsWhatWasNamedAndNothingElse) {
  Roll roll;
  roll.entry("MSFT").traded = true;
  roll.entry("A").restricted = true;
  roll.entry("MSFT").limits.quantity_max = 7;
  ASSERT_EQ(roll.entries().size(), 2u);
  const RollEntry* found = roll.find(padded("MSFT"));
  ASSERT_NE(found, nullptr);
  EXPECT_TRUE(found->traded);
  EXPECT_EQ(found->limits.quantity_max, 7u);
  EXPECT_EQ(roll.find(padded("MSF")), nullptr);
  EXPECT_EQ(roll.find(padded("AA")), nullptr);
  EXPECT_TRUE(roll.find(padded("A"))->restricted);
}

TEST(Roll, TakesASymbolOfEightLetters) {
  Roll roll;
  roll.entry("ABCDEFGH");
  EXPECT_NE(roll.find(padded("ABCDEFGH")), nullptr);
  EXPECT_EQ(roll.find(padded("ABCDEFG")), nullptr);
}

}  // namespace ridley::engine
