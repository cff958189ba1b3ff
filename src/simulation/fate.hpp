// SPDX-License-Identifier: Apache-2.0
// In: the deeds of a plan. Out: those of fate as a scenario of the venue, whose stage does them.
// Cold.
#pragma once

#include "simulation/plan.hpp"
#include "venue/instruments.hpp"
#include "venue/scenario.hpp"

namespace ridley::simulation {

// When nothing is wrong.
struct Distances {
  std::uint64_t order_latency_ns = 0;  // what is sent between firm and exchange takes that long
  std::uint32_t lines = 1;
  std::uint64_t line_latency_ns = 0;  // of each line behind the one before it, at most twice that
};

[[nodiscard]] venue::Scenario scenario_of(const Plan& plan, const venue::Instruments& instruments,
                                          const Distances& distances);

}  // namespace ridley::simulation
