// SPDX-License-Identifier: Apache-2.0
// In: a checked configuration, or nothing. Out: the effective configuration with where each value
// came from, and the reference of every setting; both as TOML that can be read again. Cold code.
#pragma once

#include <string>

#include "control/config.hpp"
#include "control/config_table.hpp"

namespace ridley::control {

// What is shown in the place of a password.
inline constexpr std::string_view kHidden = "(hidden)";

[[nodiscard]] std::string config_toml(const CheckedConfig& checked);
[[nodiscard]] std::string config_json(const CheckedConfig& checked);

// {"file":..., "problems":[{"line":..., "column":..., "problem":...}]}
[[nodiscard]] std::string problems_json(const std::vector<Problem>& problems,
                                        const std::string& file_name);

// A whole configuration with every setting, its meaning above it; what has no default stands there
// with an example.
[[nodiscard]] std::string reference_toml();
[[nodiscard]] std::string reference_json();

// One value as TOML writes it.
[[nodiscard]] std::string toml_value(const Slot& slot, const Setting& setting);
[[nodiscard]] std::string toml_text(std::string_view text);
[[nodiscard]] std::string toml_parameter(const Parameter& parameter);

// Without what may not be shown.
[[nodiscard]] CheckedConfig presentable(CheckedConfig checked);

// The slot of a setting in a configuration that is only looked at.
[[nodiscard]] inline Slot slot_of(const ConfigSetting& row, const Config& config) {
  // A slot is writable because the reader uses the same table.
  return row.slot(const_cast<Config&>(config));
}
[[nodiscard]] inline Slot slot_of(const InstrumentSetting& row, const InstrumentLimits& limits) {
  return row.slot(const_cast<InstrumentLimits&>(limits));
}

}  // namespace ridley::control
