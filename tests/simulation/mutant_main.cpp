// SPDX-License-Identifier: Apache-2.0
// In: an appliance with a bug in it. Out: success when one of a thousand days has found it, and the
// shortest list of deeds that shows it is printed.
#include <sysexits.h>

#include <iostream>
#include <optional>

#include "simulation/simulate_command.hpp"
#include "simulation/workers.hpp"

int main() {
  namespace simulation = ridley::simulation;
  constexpr std::uint64_t kSeeds = 1'000;
  std::uint64_t days = 0;
  std::optional<std::uint64_t> found;
  simulation::live_days({.first = 1, .seeds = kSeeds, .workers = 0, .places = {}},
                        [&](std::uint64_t seed, const simulation::DayResult& day) {
                          ++days;
                          if (day.finding) found = seed;
                          return !found;
                        });
  std::cout << (found ? "found in " : "not found in ") << days << " days" << std::endl;
  if (!found) return 1;
  const int code =
      simulation::simulate_command({.first = *found, .seeds = 1, .minimise = true}, std::cout);
  return code == EX_SOFTWARE ? 0 : 1;
}
