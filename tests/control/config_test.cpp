// SPDX-License-Identifier: Apache-2.0
#include "control/config.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "control/sample_config.hpp"

namespace ridley::control {
namespace {

int exit_code_of(const std::filesystem::path& file, std::string& message) {
  try {
    (void)read_config(file);
  } catch (const base::Error& error) {
    message = error.what();
    return error.exit_code();
  }
  return 0;
}

TEST(Config, WithoutAFileIsNoInput) {
  std::string message;
  EXPECT_EQ(exit_code_of("/nowhere/r.toml", message), EX_NOINPUT);
  EXPECT_EQ(message, "/nowhere/r.toml: No such file or directory");
}

TEST(Config, InAFolderIsNoInput) {
  std::string message;
  EXPECT_EQ(exit_code_of("/tmp", message), EX_NOINPUT);
}

TEST(Config, WithProblemsNamesThemAll) {
  const std::filesystem::path file = ::testing::TempDir() + "config_test.toml";
  std::ofstream{file} << test::sample_with("port = 26400", "prot = 26400");
  std::string message;
  EXPECT_EQ(exit_code_of(file, message), EX_CONFIG);
  EXPECT_EQ(message, file.string() + ":5:1: order.port is missing, for example port = 26400\n" +
                         file.string() +
                         ":7:1: unknown key 'prot' in [order] (did you mean 'port'?)");
  std::filesystem::remove(file);
}

TEST(Config, PutsSocketAndCountersIntoTheRunFolder) {
  Config config;
  EXPECT_EQ(config.socket_path(), "/run/ridley/ridley.sock");
  EXPECT_EQ(config.counters_path(), "/run/ridley/ridley.counters");
  config.control.socket = "/tmp/s";
  config.telemetry.counters = "/tmp/c";
  EXPECT_EQ(config.socket_path(), "/tmp/s");
  EXPECT_EQ(config.counters_path(), "/tmp/c");
}

}  // namespace
}  // namespace ridley::control
