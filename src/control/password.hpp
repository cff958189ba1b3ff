// SPDX-License-Identifier: Apache-2.0
// In: a line of standard input. Out: a password; a terminal does not show it. Cold.
#pragma once

#include <string>
#include <string_view>

namespace ridley::control {

// `prompt` is shown where somebody types. Throws base::Error (EX_NOINPUT) when the input has ended.
[[nodiscard]] std::string read_password(std::string_view prompt);

}  // namespace ridley::control
