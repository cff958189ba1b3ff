// SPDX-License-Identifier: Apache-2.0
#include "control/config_command.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "control/config_text.hpp"
#include "control/sample_config.hpp"

namespace ridley::control {
namespace {

class ConfigCommand : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }
  void write(std::string_view text) { std::ofstream{file_} << text; }

  std::string stdout_of(int (*command)(const ConfigOptions&), bool json, int exit_code) {
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(command({file_, json}), exit_code);
    return ::testing::internal::GetCapturedStdout();
  }

  const std::string file_ = ::testing::TempDir() + "config_command_test.toml";
};

TEST_F(ConfigCommand, ShowsTheEffectiveConfiguration) {
  write(test::kSampleConfig);
  EXPECT_EQ(stdout_of(config_show_command, false, EX_OK), config_toml(read_config(file_)));
  const auto json = nlohmann::json::parse(stdout_of(config_show_command, true, EX_OK));
  EXPECT_EQ(json["order"]["port"]["value"], 26400);
}

TEST_F(ConfigCommand, FindsNothingWrongWithAGoodFile) {
  write(test::kSampleConfig);
  EXPECT_EQ(stdout_of(config_check_command, false, EX_OK), "");
  const auto json = nlohmann::json::parse(stdout_of(config_check_command, true, EX_OK));
  EXPECT_EQ(json, (nlohmann::json{{"file", file_}, {"problems", nlohmann::json::array()}}));
}

TEST_F(ConfigCommand, PrintsEveryProblemAsJson) {
  write(test::sample_with("port = 26400", "prot = 26400"));
  const auto json = nlohmann::json::parse(stdout_of(config_check_command, true, EX_CONFIG));
  ASSERT_EQ(json["problems"].size(), 2U);
  EXPECT_EQ(json["problems"][1],
            (nlohmann::json{{"line", 7},
                            {"column", 1},
                            {"problem", "unknown key 'prot' in [order] (did you mean 'port'?)"}}));
}

TEST_F(ConfigCommand, ThrowsTheProblemsForPeople) {
  write("");
  for (int (*command)(const ConfigOptions&) : {config_check_command, config_show_command}) {
    try {
      (void)command({file_, false});
      ADD_FAILURE();
    } catch (const base::Error& error) {
      EXPECT_EQ(error.exit_code(), EX_CONFIG);
    }
  }
}

TEST_F(ConfigCommand, PrintsTheReferenceWithoutAFile) {
  EXPECT_EQ(stdout_of(config_reference_command, false, EX_OK), reference_toml());
  EXPECT_TRUE(nlohmann::json::accept(stdout_of(config_reference_command, true, EX_OK)));
}

}  // namespace
}  // namespace ridley::control
