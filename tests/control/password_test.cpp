// SPDX-License-Identifier: Apache-2.0
// tests/app/card_test.py gives passwords to the program; here what stands on no terminal.
#include "control/password.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

#include <iostream>
#include <sstream>

#include "base/error.hpp"

namespace ridley::control {
namespace {

TEST(Password, IsALineOfTheInput) {
  std::istringstream input{"one two\nthree\n"};
  std::streambuf* before = std::cin.rdbuf(input.rdbuf());
  EXPECT_EQ(read_password("Password"), "one two");
  EXPECT_EQ(read_password("Password"), "three");
  try {
    (void)read_password("Password");
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_NOINPUT);
  }
  std::cin.clear();
  std::cin.rdbuf(before);
}

}  // namespace
}  // namespace ridley::control
