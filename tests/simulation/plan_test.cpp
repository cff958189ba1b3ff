// SPDX-License-Identifier: Apache-2.0
#include "simulation/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "simulation/clock.hpp"

namespace ridley::simulation {
namespace {

constexpr PlanSettings kSettings{.from_ns = 20 * kMillisecondNs,
                                 .until_ns = 2'000 * kMillisecondNs,
                                 .instruments = 4,
                                 .lines = 2};

std::string text_of(const Plan& plan) {
  std::string text;
  for (const PlannedDeed& deed : plan) text += simulation::text_of(deed) + "\n";
  return text;
}

}  // namespace

TEST(Plan, IsAFunctionOfItsSeed) {
  EXPECT_EQ(text_of(draw_plan(7, kSettings)), text_of(draw_plan(7, kSettings)));
  EXPECT_NE(text_of(draw_plan(7, kSettings)), text_of(draw_plan(8, kSettings)));
}

TEST(Plan, MixesTenKindsOfFaultsAndMore) {
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    std::set<Deed> faults;
    for (const PlannedDeed& deed : draw_plan(seed, kSettings))
      if (is_fault(deed.deed)) faults.insert(deed.deed);
    ASSERT_GE(faults.size(), 10u) << seed;
  }
}

TEST(Plan, StaysWithinItsTimesInTheirOrder) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Plan plan = draw_plan(seed, kSettings);
    ASSERT_TRUE(std::ranges::is_sorted(plan, {}, &PlannedDeed::at_ns));
    ASSERT_GE(plan.front().at_ns, kSettings.from_ns);
    ASSERT_LE(plan.back().at_ns, kSettings.until_ns + 60 * kMillisecondNs);
  }
}

TEST(Plan, NoLineNumbersAnewWhileAnotherSessionIsLeft) {
  int both = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Plan plan = draw_plan(seed, kSettings);
    for (const PlannedDeed& reset : plan) {
      if (reset.deed != Deed::SequenceReset) continue;
      for (const PlannedDeed& other : plan) {
        if (other.deed != Deed::WrongSession) continue;
        ++both;
        const bool before = reset.at_ns + reset.first + 50 * kMillisecondNs <= other.at_ns;
        const bool behind = other.at_ns + other.first + 50 * kMillisecondNs <= reset.at_ns;
        ASSERT_TRUE(before || behind) << seed;
      }
    }
  }
  EXPECT_GT(both, 100);
}

TEST(Plan, HasEveryDeedOnSomeDay) {
  std::set<Deed> deeds;
  for (std::uint64_t seed = 1; seed <= 200; ++seed)
    for (const PlannedDeed& deed : draw_plan(seed, kSettings)) deeds.insert(deed.deed);
  EXPECT_EQ(deeds.size(), kDeeds);
}

TEST(Plan, KeepsThePlacesThatAreNamed) {
  const Plan plan = draw_plan(3, kSettings);
  const std::vector<std::size_t> places{0, 4};
  const Plan shorter = only(plan, places);
  ASSERT_EQ(shorter.size(), 2u);
  EXPECT_EQ(simulation::text_of(shorter[0]), simulation::text_of(plan[0]));
  EXPECT_EQ(simulation::text_of(shorter[1]), simulation::text_of(plan[4]));
  EXPECT_TRUE(only(plan, {}).empty());
}

TEST(Plan, NamesADeedWithItsTimeAndNumbers) {
  EXPECT_EQ(simulation::text_of({.at_ns = 1'500'000, .deed = Deed::Loss, .first = 3, .line = 2}),
            "1.500000 ms loss 3 0 B");
  EXPECT_EQ(name_of(Deed::Reconnect), "reconnect");
}

}  // namespace ridley::simulation
