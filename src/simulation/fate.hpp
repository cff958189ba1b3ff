// SPDX-License-Identifier: Apache-2.0
// In: the deeds of a plan. Out: those of fate as a scenario of the venue, whose stage does them.
// Cold.
#pragma once

#include "simulation/plan.hpp"
#include "venue/instruments.hpp"
#include "venue/scenario.hpp"

namespace ridley::simulation {

// Everything that is sent between firm and exchange takes that long, when nothing is wrong.
[[nodiscard]] venue::Scenario scenario_of(const Plan& plan, const venue::Instruments& instruments,
                                          std::uint64_t order_latency_ns);

}  // namespace ridley::simulation
