// SPDX-License-Identifier: Apache-2.0
// In: a configuration file, or none. Out: what it comes to, what is wrong with it, or every setting
// there is, on stdout. Cold code.
#pragma once

#include <string>

namespace ridley::control {

struct ConfigOptions {
  std::string file;  // "-" is standard input
  bool json = false;
};

// The effective configuration and where each value came from. EX_CONFIG with all of its problems.
[[nodiscard]] int config_show_command(const ConfigOptions& options);

// Only the problems: as JSON on stdout, or as an error. EX_CONFIG when there is one.
[[nodiscard]] int config_check_command(const ConfigOptions& options);

// Does not look at the file.
[[nodiscard]] int config_reference_command(const ConfigOptions& options);

}  // namespace ridley::control
