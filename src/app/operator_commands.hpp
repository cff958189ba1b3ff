// SPDX-License-Identifier: Apache-2.0
// In: where the options shall lie. Out: the commands that speak to a running appliance. Cold code.
#pragma once

#include <vector>

#include "app/command_line.hpp"
#include "control/operator_command.hpp"

namespace ridley::app {

// The options must outlive the commands.
[[nodiscard]] std::vector<Command> operator_commands(control::OperatorOptions& options);

}  // namespace ridley::app
