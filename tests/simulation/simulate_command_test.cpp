// SPDX-License-Identifier: Apache-2.0
#include "simulation/simulate_command.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.hpp"
#include "simulation/workers.hpp"

namespace ridley::simulation {
namespace {

nlohmann::json report(SimulateOptions options) {
  options.json = true;
  std::ostringstream out;
  EXPECT_EQ(simulate_command(options, out), EX_OK);
  return nlohmann::json::parse(out.str());
}

}  // namespace

TEST(SimulateCommand, AddsUpItsDays) {
  const auto days = report({.first = 3, .seeds = 4});
  EXPECT_EQ(days["seeds"], 4);
  EXPECT_EQ(days["violations"], 0);
  EXPECT_GT(days["faults_injected"], 0);
  EXPECT_GT(days["orders"], 0);
  EXPECT_TRUE(days["findings"].empty());
  std::uint64_t faults = 0;
  for (const auto& [name, count] : days["faults"].items()) faults += count.get<std::uint64_t>();
  EXPECT_EQ(days["faults_injected"], faults);
}

TEST(SimulateCommand, SaysTheSameWithAnyNumberOfWorkers) {
  EXPECT_EQ(report({.first = 9, .seeds = 5, .workers = 1}),
            report({.first = 9, .seeds = 5, .workers = 3}));
}

TEST(SimulateCommand, PrintsAPlanWithItsPlaces) {
  std::ostringstream out;
  EXPECT_EQ(simulate_command({.first = 5, .plan = true}, out), EX_OK);
  EXPECT_NE(out.str().find("\n   1  "), std::string::npos) << out.str();
}

TEST(SimulateCommand, DoesOnlyTheDeedsThatAreNamed) {
  const auto day = report({.first = 5, .seeds = 1, .only = "0,2"});
  std::uint64_t commands = 0;
  for (const auto& [name, count] : day["operator"].items()) commands += count.get<std::uint64_t>();
  EXPECT_LE(commands, 2u);
}

TEST(SimulateCommand, RefusesWhatMakesNoSense) {
  std::ostringstream out;
  EXPECT_THROW((void)simulate_command({.seeds = 0}, out), base::Error);
  EXPECT_THROW((void)simulate_command({.seeds = 2, .only = "1"}, out), base::Error);
  for (const char* only : {"x", "2,1", "1,1", "1,", "99999", "-1"})
    EXPECT_THROW((void)simulate_command({.seeds = 1, .only = only}, out), base::Error) << only;
}

TEST(Workers, StopWhenTheyAreTold) {
  std::uint64_t days = 0;
  live_days({.first = 1, .seeds = 1'000, .workers = 2, .places = {}},
            [&days](std::uint64_t, const DayResult&) { return ++days < 3; });
  EXPECT_EQ(days, 3u);
}

TEST(Workers, LiveOneDayApart) {
  EXPECT_EQ(live_day({.seed = 4, .places = {}}).digest, run_day({.seed = 4, .places = {}}).digest);
}

}  // namespace ridley::simulation
