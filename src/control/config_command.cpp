// SPDX-License-Identifier: Apache-2.0
#include "control/config_command.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include "control/config.hpp"
#include "control/config_text.hpp"

namespace ridley::control {

int config_show_command(const ConfigOptions& options) {
  const CheckedConfig checked = read_config(options.file);
  if (options.json) {
    fmt::print("{}\n", config_json(checked));
  } else {
    fmt::print("{}", config_toml(checked));
  }
  return EX_OK;
}

int config_check_command(const ConfigOptions& options) {
  if (options.json) {
    const CheckedConfig checked = examine_config(options.file);
    fmt::print("{}\n", problems_json(checked.problems, options.file));
    return checked.problems.empty() ? EX_OK : EX_CONFIG;
  }
  (void)read_config(options.file);
  fmt::print(stderr, "{}: no problem found\n", options.file);
  return EX_OK;
}

int config_reference_command(const ConfigOptions& options) {
  if (options.json) {
    fmt::print("{}\n", reference_json());
  } else {
    fmt::print("{}", reference_toml());
  }
  return EX_OK;
}

}  // namespace ridley::control
