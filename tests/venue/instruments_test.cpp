// SPDX-License-Identifier: Apache-2.0
#include "venue/instruments.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ridley::venue {

TEST(Instruments, FindsEverySymbolByItsLocateAndBack) {
  const Instruments instruments{65'535};
  EXPECT_EQ(instruments.count(), 65'535);
  std::set<std::string_view> seen;
  for (std::uint32_t i = 1; i <= 65'535; ++i) {
    const auto locate = static_cast<std::uint16_t>(i);
    ASSERT_EQ(instruments.locate(instruments.symbol(locate)), locate);
    ASSERT_TRUE(seen.insert(instruments.symbol(locate)).second);
  }
  EXPECT_EQ(instruments.symbol(1), "RAAA");
  EXPECT_EQ(instruments.symbol(17'576), "RZZZ");
  EXPECT_EQ(instruments.symbol(17'577).size(), 5u);
}

TEST(Instruments, IgnoresPaddingAndKnowsNoOthers) {
  const Instruments instruments{2};
  EXPECT_EQ(instruments.locate("RAAB    "), 2);
  EXPECT_EQ(instruments.locate("RAAC"), 0);
  EXPECT_EQ(instruments.locate(""), 0);
  EXPECT_EQ(instruments.locate("raab"), 0);
}

}  // namespace ridley::venue
