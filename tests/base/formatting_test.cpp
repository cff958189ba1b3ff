// SPDX-License-Identifier: Apache-2.0
// That fmt is whole although its library is compiled here: one use of everything it keeps there.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <clocale>
#include <locale>

namespace ridley::base {

TEST(Formatting, WritesNumbersShortestAndExact) {
  EXPECT_EQ(fmt::format("{} {} {}", 0.1, 0.1F, 1e300), "0.1 0.1 1e+300");
  EXPECT_EQ(fmt::format("{:.3f} {:+08.2f} {:x}", 2.0005, -1.5, 255), "2.001 -0001.50 ff");
}

TEST(Formatting, WritesIntoBuffersOfAnyLength) {
  fmt::memory_buffer buffer;
  for (int i = 0; i < 1000; ++i) fmt::format_to(std::back_inserter(buffer), "{:>4}", i);
  EXPECT_EQ(buffer.size(), 4000U);
  EXPECT_EQ(std::string(buffer.data() + 3996, 4), " 999");
}

TEST(Formatting, KnowsLocales) {
  EXPECT_EQ(fmt::format(std::locale::classic(), "{:L}", 1234567), "1234567");
}

TEST(Formatting, RefusesAFormatThatFitsNothing) {
  EXPECT_THROW(static_cast<void>(fmt::format(fmt::runtime("{:d}"), "text")), fmt::format_error);
}

}  // namespace ridley::base
