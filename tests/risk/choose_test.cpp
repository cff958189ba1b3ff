// SPDX-License-Identifier: Apache-2.0
#include "risk/choose.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>

namespace ridley::risk {
namespace {

TEST(Choose, GivesOneOrTheOtherWhole) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(choose<std::uint64_t>(true, kMost, 0), kMost);
  EXPECT_EQ(choose<std::uint64_t>(false, kMost, 0), 0U);
  EXPECT_EQ(choose<std::uint32_t>(false, 1, 0x8000'0001), 0x8000'0001);
}

TEST(Choose, EveryLetterIsOneOfTheNamedOrNot) {
  constexpr std::string_view kNamed = "BEST";
  for (unsigned letter = 0; letter < 256; ++letter) {
    const bool named = letter != 0 && kNamed.find(static_cast<char>(letter)) != kNamed.npos;
    EXPECT_EQ((is_one_of<'B', 'E', 'S', 'T'>(static_cast<std::uint8_t>(letter))), named) << letter;
  }
}

}  // namespace
}  // namespace ridley::risk
