// SPDX-License-Identifier: Apache-2.0
#include "wire/alpha.hpp"

#include <gtest/gtest.h>

#include "wire/itch.hpp"

namespace ridley::wire {

std::string_view written(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(Alpha, DropsThePaddingOnTheRightOnly) {
  EXPECT_EQ(Alpha<8>{"AB C"}.text(), "AB C");
  EXPECT_EQ(Alpha<4>{"    "}.text(), "");
  std::array<std::byte, 5> bytes{};
  Alpha<5>::write_left_padded(bytes.data(), "abc");
  EXPECT_EQ(written(bytes), "  abc");
  EXPECT_EQ(Alpha<5>{bytes.data()}.text(), "  abc");
  EXPECT_EQ(Alpha<5>{bytes.data()}.trimmed(), "abc");
}

TEST(Alpha, CutsWhatDoesNotFit) {
  std::array<std::byte, 3> bytes{};
  Alpha<2>::write(bytes.data(), "xyz");
  EXPECT_EQ(written(std::span{bytes}.first(2)), "xy");
  EXPECT_EQ(bytes[2], std::byte{0});
}

TEST(Digits, WritesRightJustifiedAndReadsBack) {
  std::array<std::byte, 5> bytes{};
  Digits<5>::write(bytes.data(), 42);
  EXPECT_EQ(written(bytes), "   42");
  EXPECT_EQ(Digits<5>{bytes.data()}.value(), 42u);
  Digits<5>::write(bytes.data(), 0);
  EXPECT_EQ(written(bytes), "    0");
  Digits<5>::write(bytes.data(), 99'999);
  EXPECT_EQ(Digits<5>{bytes.data()}.value(), 99'999u);
}

TEST(Digits, RefusesWhatIsNoNumber) {
  const auto value = [](std::string_view text) {
    std::array<std::byte, 20> bytes{};
    Alpha<20>::write(bytes.data(), text);
    return Digits<20>{bytes.data()}.value();
  };
  EXPECT_EQ(value("0000000012"), 12u);
  EXPECT_EQ(value("18446744073709551615"), 18'446'744'073'709'551'615u);
  EXPECT_FALSE(value("18446744073709551616"));
  EXPECT_FALSE(value(""));
  EXPECT_FALSE(value("12x"));
  EXPECT_FALSE(value("-1"));
}

}  // namespace ridley::wire
