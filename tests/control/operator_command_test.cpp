// SPDX-License-Identifier: Apache-2.0
#include "control/operator_command.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"

namespace ridley::control {
namespace {

int exit_code_of(Verb verb, const OperatorOptions& options) {
  try {
    (void)request_of(verb, options);
  } catch (const base::Error& error) {
    return error.exit_code();
  }
  return 0;
}

TEST(OperatorCommand, MakesTheRequestThatWasTyped) {
  OperatorOptions options;
  EXPECT_EQ(request_of(Verb::Kill, options).scope, Scope{});
  options.strategy = 0;
  EXPECT_EQ(request_of(Verb::Kill, options).scope, (Scope{Reach::Strategy, "", 0}));
  options.strategy.reset();
  options.symbol = "AAPL";
  EXPECT_EQ(request_of(Verb::Kill, options).scope, (Scope{Reach::Symbol, "AAPL", 0}));
  EXPECT_EQ(request_of(Verb::Limits, options).verb, Verb::Limits);
  options.changes = {"lot=5", "restricted=true"};
  const Request request = request_of(Verb::Limits, options);
  EXPECT_EQ(request.verb, Verb::SetLimits);
  EXPECT_EQ(request.changes, (std::vector<LimitChange>{{"lot", 5}, {"restricted", 1}}));
}

TEST(OperatorCommand, RefusesWhatContradictsItself) {
  OperatorOptions options;
  options.symbol = "AAPL";
  options.strategy = 1;
  EXPECT_EQ(exit_code_of(Verb::Kill, options), EX_USAGE);
}

TEST(OperatorCommand, LooksAtLimitsBeforeItAsksAnAppliance) {
  OperatorOptions options;
  options.changes = {"max_open_orders"};
  EXPECT_EQ(exit_code_of(Verb::Limits, options), EX_USAGE);
  options.changes = {"max_open_orders=0"};
  EXPECT_EQ(exit_code_of(Verb::Limits, options), EX_DATAERR);
  options.changes = {"restricted=1"};
  EXPECT_EQ(exit_code_of(Verb::Limits, options), EX_DATAERR);
}

TEST(OperatorCommand, FindsTheSocketByOptionConfigurationVariableAndDefault) {
  const std::filesystem::path file = ::testing::TempDir() + "operator_command_test.toml";
  // Not a whole configuration: it is enough that it names the socket.
  std::ofstream{file} << "[appliance]\nname = \"north\"\nrun_folder = \"/run/desk\"\n";
  OperatorOptions options;
  ::unsetenv(kSocketVariable);
  EXPECT_EQ(socket_of(options), "/run/ridley/ridley.sock");
  ::setenv(kSocketVariable, "/tmp/v", 1);
  EXPECT_EQ(socket_of(options), "/tmp/v");
  options.config = file;
  EXPECT_EQ(socket_of(options), "/run/desk/north.sock");
  options.socket = "/tmp/s";
  EXPECT_EQ(socket_of(options), "/tmp/s");
  ::unsetenv(kSocketVariable);
  std::filesystem::remove(file);
}

TEST(OperatorCommand, NeedsTheConfigurationThatIsNamed) {
  OperatorOptions options;
  options.config = "/nowhere/r.toml";
  try {
    (void)socket_of(options);
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_NOINPUT);
  }
}

}  // namespace
}  // namespace ridley::control
