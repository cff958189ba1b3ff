// SPDX-License-Identifier: Apache-2.0
// In: an appliance with a bug in it. Out: success when one of a thousand days has found it.
#include <cstdio>

#include "simulation/workers.hpp"

int main() {
  namespace simulation = ridley::simulation;
  constexpr std::uint64_t kSeeds = 1'000;
  std::uint64_t days = 0;
  bool found = false;
  simulation::live_days({.first = 1, .seeds = kSeeds, .workers = 0, .places = {}},
                        [&](std::uint64_t seed, const simulation::DayResult& day) {
                          ++days;
                          if (!day.finding) return true;
                          std::printf("seed %llu, after %llu days: %s: %s\n",
                                      static_cast<unsigned long long>(seed),
                                      static_cast<unsigned long long>(days),
                                      day.finding->rule.c_str(), day.finding->what.c_str());
                          found = true;
                          return false;
                        });
  if (!found) std::printf("not found in %llu days\n", static_cast<unsigned long long>(days));
  return found ? 0 : 1;
}
