// SPDX-License-Identifier: Apache-2.0
#include "control/own_costs.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ridley::control {

TEST(OwnCosts, GrowWithTheWorkAndTheMemory) {
  const double before = own_memory_mb();
  constexpr std::size_t kBytes = 50'000'000;
  const double ns = ns_for_each(1, [] {
    const std::vector<char> bytes(kBytes, 'x');
    keep(bytes[kBytes / 2]);
    EXPECT_GT(own_memory_mb(), 45);
  });
  EXPECT_GT(before, 0);
  EXPECT_GT(ns, 1000);
}

}  // namespace ridley::control
