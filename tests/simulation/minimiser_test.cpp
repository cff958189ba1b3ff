// SPDX-License-Identifier: Apache-2.0
#include "simulation/minimiser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace ridley::simulation {
namespace {

bool has_all(const Places& places, const std::set<std::size_t>& wanted) {
  return std::ranges::includes(places, wanted);
}

}  // namespace

TEST(Minimiser, FindsTheOneThatIsNeeded) {
  const auto shows = [](const Places& places) { return has_all(places, {17}); };
  EXPECT_EQ(minimise(64, shows), Places{17});
}

TEST(Minimiser, FindsNothingWhereNothingIsNeeded) {
  EXPECT_TRUE(minimise(9, [](const Places&) { return true; }).empty());
  EXPECT_TRUE(minimise(0, [](const Places&) { return true; }).empty());
}

TEST(Minimiser, KeepsWhatOnlyWorksTogether) {
  const auto shows = [](const Places& places) { return has_all(places, {0, 31, 63}); };
  EXPECT_EQ(minimise(64, shows), (Places{0, 31, 63}));
}

// Leaving the second out needs the first to be gone already.
TEST(Minimiser, TriesAgainWhatCouldNotGoBefore) {
  const auto shows = [](const Places& places) {
    const bool first = has_all(places, {0});
    const bool second = has_all(places, {5});
    return has_all(places, {3}) && (second || !first);
  };
  EXPECT_EQ(minimise(8, shows), Places{3});
}

RC_GTEST_PROP(Minimiser, LeavesExactlyTheNeeded, (std::set<std::size_t> wanted)) {
  std::set<std::size_t> needed;
  for (const std::size_t place : wanted) needed.insert(place % 100);
  const Places found =
      minimise(100, [&needed](const Places& places) { return has_all(places, needed); });
  RC_ASSERT(found == Places(needed.begin(), needed.end()));
}

}  // namespace ridley::simulation
