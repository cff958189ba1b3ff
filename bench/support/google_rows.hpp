// SPDX-License-Identifier: Apache-2.0
// In: the Google Benchmarks that this program registered. Out: a row for each, CPU time of one
// iteration in ns, and one for each of its counters. Cold.
#pragma once

#include "bench/support/report.hpp"

namespace ridley::bench {

// What a contender measures with them.
void run_google_benchmarks(Report& report, Words words);

}  // namespace ridley::bench
