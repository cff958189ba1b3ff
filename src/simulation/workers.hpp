// SPDX-License-Identifier: Apache-2.0
// In: seeds. Out: the result of each day, lived through in processes of their own, so that a day
// that ends the process is a finding too. Cold; the caller has one thread.
#pragma once

#include <cstdint>
#include <functional>

#include "simulation/day.hpp"

namespace ridley::simulation {

struct WorkSettings {
  std::uint64_t first = 1;
  std::uint64_t seeds = 1;
  std::uint32_t workers = 0;  // 0: one a core
  // Of every day; for one seed that is looked at.
  std::optional<std::vector<std::size_t>> places;
};

// Calls done(seed, result) for each, as they come; false ends the work early.
using Done = std::function<bool(std::uint64_t, const DayResult&)>;
void live_days(const WorkSettings& settings, const Done& done);

// One day in a process of its own.
[[nodiscard]] DayResult live_day(const DaySettings& settings);

}  // namespace ridley::simulation
