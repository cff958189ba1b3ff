// SPDX-License-Identifier: Apache-2.0
#include "bench/support/google_rows.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "base/error.hpp"

namespace ridley::bench {
namespace {

class RowReporter : public benchmark::BenchmarkReporter {
 public:
  explicit RowReporter(Report& report) : report_{report} {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      const std::string name = run.benchmark_name();
      if (run.error_occurred) throw base::Error{name, ": ", run.error_message};
      const double in_ns = 1e9 / benchmark::GetTimeUnitMultiplier(run.time_unit);
      report_.row(name, "ns", run.GetAdjustedCPUTime() * in_ns);
      for (const auto& [counter, value] : run.counters) {
        report_.row(name + "/" + counter, "", value.value);
      }
    }
  }

 private:
  Report& report_;
};

}  // namespace

void run_google_benchmarks(Report& report, Words) {
  RowReporter reporter{report};
  if (benchmark::RunSpecifiedBenchmarks(&reporter) == 0) {
    throw base::Error{"no benchmark is registered"};
  }
}

}  // namespace ridley::bench
