// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_format.hpp"

#include <gtest/gtest.h>

namespace ridley::telemetry {
namespace {

constexpr LogFormat kTwo = log_format<std::uint64_t, LogText>(Severity::Warning, "{} in {}");

TEST(LogFormat, KnowsItsArgumentsAndItsPlace) {
  EXPECT_EQ(kTwo.argument_count, 2);
  EXPECT_EQ(kTwo.arguments[0], LogArgument::Unsigned);
  EXPECT_EQ(kTwo.arguments[1], LogArgument::Text);
  EXPECT_EQ(kTwo.severity, Severity::Warning);
  EXPECT_EQ(kTwo.line, 9U);
  EXPECT_TRUE(kTwo.file.ends_with("log_format_test.cpp"));
}

TEST(LogFormat, TakesItsOwnTypesAndNoOthers) {
  static_assert(LogFormat::takes<std::uint64_t, LogText>(kTwo));
  static_assert(LogFormat::takes<std::uint16_t, LogText>(kTwo));
  static_assert(!LogFormat::takes<std::int64_t, LogText>(kTwo));
  static_assert(!LogFormat::takes<LogText, std::uint64_t>(kTwo));
  static_assert(!LogFormat::takes<std::uint64_t>(kTwo));
  static_assert(!LogFormat::takes<std::uint64_t, LogText, bool>(kTwo));
  static_assert(!LogFormat::takes<bool, LogText>(kTwo));
}

TEST(LogFormat, CountsWhatIsToBeFilledIn) {
  EXPECT_EQ(count_placeholders("none { } here"), 0U);
  EXPECT_EQ(count_placeholders("{}{}{"), 2U);
  EXPECT_EQ(count_placeholders("a {} b {}"), 2U);
}

TEST(LogFormat, APathBeginsAtTheSource) {
  EXPECT_EQ(path_in_source("../src/engine/notes.hpp"), "src/engine/notes.hpp");
  EXPECT_EQ(path_in_source("elsewhere.hpp"), "elsewhere.hpp");
}

TEST(LogFormat, PacksAnArgumentInto64Bits) {
  EXPECT_EQ(log_bits_of(std::int8_t{-1}), ~std::uint64_t{0});
  EXPECT_EQ(log_bits_of(std::uint8_t{255}), 255U);
  EXPECT_EQ(log_bits_of(true), 1U);
  EXPECT_EQ(log_bits_of('A'), 65U);
  EXPECT_EQ(log_bits_of(LogPrice{7}), 7U);
  EXPECT_EQ(log_bits_of(0.5F), std::bit_cast<std::uint64_t>(0.5));
}

}  // namespace
}  // namespace ridley::telemetry
