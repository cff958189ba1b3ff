// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace ridley::base {

TEST(Error, PutsItsPartsTogether) {
  EXPECT_STREQ(Error("port ", 3, ": cannot set up ", 2, " queues").what(),
               "port 3: cannot set up 2 queues");
}

TEST(Error, CarriesAnExitCode) {
  EXPECT_EQ(Error("x").exit_code(), EX_SOFTWARE);
  EXPECT_EQ(Error::with_exit(EX_DATAERR, "x").exit_code(), EX_DATAERR);
}

}  // namespace ridley::base
