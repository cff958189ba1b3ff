// SPDX-License-Identifier: Apache-2.0
#include "app/operator_commands.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ridley::app {

TEST(OperatorCommands, HaveAnExampleThatBeginsWithThemselves) {
  control::OperatorOptions options;
  std::set<std::string> names;
  for (const Command& command : operator_commands(options)) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_TRUE(command.example.starts_with("ridley " + command.name)) << command.example;
    EXPECT_TRUE(command.run) << command.name;
  }
  EXPECT_EQ(names, (std::set<std::string>{"status", "arm", "disarm", "kill", "rearm", "cancel-all",
                                          "limits", "reload-strategy", "renew-books", "reopen-card",
                                          "stop"}));
}

TEST(OperatorCommands, CanAllBeToldWhereTheApplianceIsAndAskedForJson) {
  control::OperatorOptions options;
  for (const Command& command : operator_commands(options)) {
    std::set<std::string> names;
    for (const Option& option : command.options) names.insert(option.names);
    for (const char* needed : {"--socket", "--config", "--timeout-ms", "--json"}) {
      EXPECT_TRUE(names.contains(needed)) << command.name << " " << needed;
    }
  }
}

}  // namespace ridley::app
