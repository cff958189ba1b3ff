// SPDX-License-Identifier: Apache-2.0
// In: a seed, and which of the plan's deeds are done. Out: one simulated day, watched from its
// first turn to its last: what happened, and the first thing that never may. The same every time.
// One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulation/plan.hpp"
#include "simulation/repaired.hpp"
#include "simulation/violation.hpp"

namespace ridley::simulation {

struct DaySettings {
  std::uint64_t seed = 1;
  // Places in the seed's plan; nothing: all of them.
  std::optional<std::vector<std::size_t>> places;
};

struct Finding {
  std::string rule;  // as name_of(Rule) says, or "crash"
  std::string what;
  std::uint64_t at_ns = 0;  // since the start
};

struct DayResult {
  std::uint64_t orders = 0;
  std::uint64_t executions = 0;
  Repaired repaired = {};
  std::uint64_t messages = 0;  // of the feed, that the appliance has read
  std::uint64_t frames_harmed = 0;
  std::uint64_t digest = 0;                    // of every packet that left the hot core
  std::array<std::uint64_t, kDeeds> faults{};  // and the operator's deeds
  std::optional<Finding> finding;
};

// The plan of a seed, whole.
[[nodiscard]] Plan plan_of(std::uint64_t seed);

[[nodiscard]] DayResult run_day(const DaySettings& settings);

}  // namespace ridley::simulation
