// SPDX-License-Identifier: Apache-2.0
// In: the machine's cores and what the operator wants. Out: which core is the hot one, where
// everything else runs, and what is wrong with that. Cold, at start.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/machine.hpp"

namespace ridley::engine {

struct PlacementWish {
  std::optional<std::uint32_t> hot_core;  // nothing: the best one
  std::int32_t nic_numa_node = -1;        // -1: unknown
};

struct Placement {
  std::uint32_t hot_core = 0;
  std::int32_t numa_node = 0;
  std::vector<std::uint32_t> other_cores;  // never empty: with one core it is the hot one
  std::vector<std::string> warnings;       // whole sentences for log and status
};

// Throws base::Error (EX_CONFIG) when the wanted core is not one of the machine's.
[[nodiscard]] Placement place(const Machine& machine, const PlacementWish& wish);

// The NUMA node of a PCI device ("0000:3b:00.0"), -1 when there is none or no such device.
[[nodiscard]] std::int32_t numa_node_of_device(std::string_view pci_address);

}  // namespace ridley::engine
