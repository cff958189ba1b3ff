// SPDX-License-Identifier: Apache-2.0
#include "app/version_command.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

#include <nlohmann/json.hpp>

#include "app/version.hpp"

namespace ridley::app {

TEST(VersionCommand, TellsVersionAndBuildAsJson) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(version_command(true), EX_OK);
  const auto json = nlohmann::json::parse(::testing::internal::GetCapturedStdout());
  EXPECT_EQ(json["version"], kVersion);
  EXPECT_EQ(json["compiler"], kCompiler);
  EXPECT_EQ(json["build_type"], kBuildType);
}

TEST(VersionCommand, TellsThemToPeople) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(version_command(false), EX_OK);
  EXPECT_TRUE(::testing::internal::GetCapturedStdout().starts_with("ridley "));
}

}  // namespace ridley::app
