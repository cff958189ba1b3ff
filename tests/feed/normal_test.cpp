// SPDX-License-Identifier: Apache-2.0
#include "feed/normal.hpp"

#include <gtest/gtest.h>

namespace ridley::feed {

TEST(Normal, APriceFitsOrIsBeyond) {
  EXPECT_TRUE(price_e4_of(std::uint64_t{0}).fits);
  EXPECT_EQ(price_e4_of(std::int64_t{0xFFFF'FFFE}).e4, 0xFFFF'FFFEu);
  for (const std::int64_t price :
       {std::int64_t{-1}, std::int64_t{0xFFFF'FFFF}, std::int64_t{1} << 40}) {
    EXPECT_FALSE(price_e4_of(price).fits);
    EXPECT_EQ(price_e4_of(price).e4, event::kPriceBeyond);
  }
  EXPECT_FALSE(price_e4_of(std::uint64_t{1} << 63).fits);
}

TEST(Normal, ASymbolIsPaddedToEight) {
  const event::Symbol symbol = symbol_of(wire::Alpha<6>{"AB"});
  EXPECT_EQ(std::string_view(symbol.data(), symbol.size()), "AB      ");
}

}  // namespace ridley::feed
