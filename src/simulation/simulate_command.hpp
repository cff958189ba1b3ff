// SPDX-License-Identifier: Apache-2.0
// `ridley simulate`: in, seeds; out, what happened on as many simulated days, and for every day on
// which something happened that never may, the line that shows it again. Cold.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace ridley::simulation {

struct SimulateOptions {
  std::uint64_t first = 1;
  std::uint64_t seeds = 1'000;
  bool json = false;
  bool minimise = false;  // findings: to the shortest list of deeds that still shows them
  std::string only = {};  // places in the plan, "0,3,5"; empty: all
  bool plan = false;      // print the plan of the first seed, and live no day
  std::uint32_t workers = 0;
};

// The exit code is 0, or EX_SOFTWARE when there was a violation. Throws base::Error when the
// options make no sense.
[[nodiscard]] int simulate_command(const SimulateOptions& options, std::ostream& out);
[[nodiscard]] int simulate_command(const SimulateOptions& options);

}  // namespace ridley::simulation
