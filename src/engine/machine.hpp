// SPDX-License-Identifier: Apache-2.0
// In: the kernel's files about processors and nodes. Out: the cores that this process may use.
// Reads a handful of small files and moves to no core, so a start costs no more on a large machine
// whose cores are busy. Cold, at start.
#pragma once

#include <cstdint>
#include <span>
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

// Cores of the cpuset, minus those that the process was told to keep off (taskset). Throws
// base::Error (EX_OSERR).
[[nodiscard]] Machine read_machine();

// The same from a copy of /proc and /sys under a folder, for a process that may run on the cores
// named.
[[nodiscard]] Machine machine_from(const std::string& root, std::span<const std::uint32_t> allowed);

// "0-3,8": the form of /sys and of the kernel's command line. What is not a number ends the list.
[[nodiscard]] std::vector<std::uint32_t> parse_core_list(std::string_view text);

}  // namespace ridley::engine
