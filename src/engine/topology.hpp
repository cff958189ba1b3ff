// SPDX-License-Identifier: Apache-2.0
// In: the machine's processors and what the operator wants. Out: which core is the hot one, where
// everything else runs, and what is wrong with that. Cold, at start.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ridley::engine {

struct Core {
  std::uint32_t number = 0;         // as the kernel counts
  std::uint32_t physical_core = 0;  // two cores with the same one share their execution units
  std::int32_t numa_node = 0;
  bool isolated = false;  // the kernel puts nothing there by itself
};

// The cores this process may use, by number.
struct Machine {
  std::vector<Core> cores;
};

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

// Cores of the cpuset, minus those that the process was told to keep off (taskset). Throws
// base::Error (EX_OSERR).
[[nodiscard]] Machine read_machine();

// Throws base::Error (EX_CONFIG) when the wanted core is not one of the machine's.
[[nodiscard]] Placement place(const Machine& machine, const PlacementWish& wish);

// "0-3,8": the form of /sys and of the kernel's command line. What is not a number ends the list.
[[nodiscard]] std::vector<std::uint32_t> parse_core_list(std::string_view text);

// The NUMA node of a PCI device ("0000:3b:00.0"), -1 when there is none or no such device.
[[nodiscard]] std::int32_t numa_node_of_device(std::string_view pci_address);

}  // namespace ridley::engine
