// SPDX-License-Identifier: Apache-2.0
#include "venue/references.hpp"

#include <array>

#include <gtest/gtest.h>

namespace ridley::venue {
namespace {

TEST(References, KeepThemInTheirOrder) {
  std::array<std::uint64_t, 3> memory{};
  References references{memory};
  EXPECT_TRUE(references.empty());
  references.add(7);
  references.add(9);
  ASSERT_EQ(references.size(), 2U);
  EXPECT_EQ(references[0], 7U);
  EXPECT_EQ(references[1], 9U);
}

TEST(References, ForgetWhatFindsNoPlace) {
  std::array<std::uint64_t, 2> memory{};
  References references{memory};
  for (std::uint64_t i = 1; i <= 3; ++i) references.add(i);
  ASSERT_EQ(references.size(), 2U);
  EXPECT_EQ(references[1], 2U);
}

TEST(References, TheNewestTakesThePlaceOfWhatGoes) {
  std::array<std::uint64_t, 3> memory{};
  References references{memory};
  for (std::uint64_t i = 1; i <= 3; ++i) references.add(i);
  references.take_out(0);
  ASSERT_EQ(references.size(), 2U);
  EXPECT_EQ(references[0], 3U);
  references.take_out(1);
  ASSERT_EQ(references.size(), 1U);
  EXPECT_EQ(references[0], 3U);
  references.take_out(0);
  EXPECT_TRUE(references.empty());
}

}  // namespace
}  // namespace ridley::venue
