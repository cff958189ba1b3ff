// SPDX-License-Identifier: Apache-2.0
// In: the machine and what the operator wants. Out: its cores, and which of them an appliance would
// take for what, on stdout. Cold code.
#pragma once

#include <cstdint>
#include <optional>

namespace ridley::control {

struct TopologyOptions {
  std::optional<std::uint32_t> hot_core;  // as in the configuration
  bool json = false;
};

// EX_CONFIG when the wanted core is not one of the machine's.
[[nodiscard]] int topology_command(const TopologyOptions& options);

}  // namespace ridley::control
