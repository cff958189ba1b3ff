// SPDX-License-Identifier: Apache-2.0
#include "base/assert.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace ridley::base {

TEST(Assert, PassesWhatHolds) { RIDLEY_ASSERT(1 + 1 == 2); }

TEST(AssertDeathTest, StopsSendingBeforeItStopsTheProcess) {
  EXPECT_DEATH(
      {
        set_emergency_stop([]() noexcept { std::fputs("stopped sending\n", stderr); });
        RIDLEY_ASSERT(1 + 1 == 3);
      },
      "stopped sending\nridley: broken invariant: 1 \\+ 1 == 3");
}

}  // namespace ridley::base
