// SPDX-License-Identifier: Apache-2.0
// In: where the options shall lie. Out: the commands of the card's bitstreams. Cold code.
#pragma once

#include "app/command_line.hpp"
#include "control/card_command.hpp"

namespace ridley::app {

// The options must outlive the command.
[[nodiscard]] Command card_commands(control::CardOptions& options);

}  // namespace ridley::app
