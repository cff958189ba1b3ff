// SPDX-License-Identifier: Apache-2.0
#include "control/broken_name.hpp"

#include <gtest/gtest.h>

namespace ridley::control {
namespace {

bool has_x(std::string_view text) { return text.find('x') != std::string_view::npos; }

}  // namespace

TEST(BrokenName, BreaksFromALineOn) {
  EXPECT_EQ(first_line_with("x", has_x), 1u);
  EXPECT_EQ(first_line_with("a\nb\nx\nc", has_x), 3u);
  EXPECT_EQ(first_line_with("a\n\n\nx\n", has_x), 4u);
  EXPECT_EQ(first_line_with("a\nbx", has_x), 2u);
}

}  // namespace ridley::control
