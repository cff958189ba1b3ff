// SPDX-License-Identifier: Apache-2.0
#include "control/topology_command.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace ridley::control {
namespace {

std::string stdout_of(const TopologyOptions& options) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(topology_command(options), EX_OK);
  return ::testing::internal::GetCapturedStdout();
}

TEST(TopologyCommand, NamesOnePipelineCoreThatTheMachineHas) {
  const auto json = nlohmann::json::parse(stdout_of({{}, true}));
  int pipelines = 0;
  for (const auto& core : json["cores"]) {
    if (core["use"] != "pipeline") continue;
    ++pipelines;
    EXPECT_EQ(core["core"], json["hot_core"]);
  }
  EXPECT_EQ(pipelines, 1);
}

TEST(TopologyCommand, TakesTheCoreThatIsWanted) {
  const auto json = nlohmann::json::parse(stdout_of({{}, true}));
  const auto last = json["cores"].back()["core"].get<std::uint32_t>();
  EXPECT_EQ(nlohmann::json::parse(stdout_of({last, true}))["hot_core"], last);
}

TEST(TopologyCommand, RefusesACoreThatTheMachineDoesNotHave) {
  try {
    (void)topology_command({100'000U, true});
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_CONFIG);
  }
}

TEST(TopologyCommand, PrintsALineForEachCoreForPeople) {
  const std::string text = stdout_of({});
  const auto json = nlohmann::json::parse(stdout_of({{}, true}));
  EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')),
            json["cores"].size() + 1);
}

}  // namespace
}  // namespace ridley::control
