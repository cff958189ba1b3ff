// SPDX-License-Identifier: Apache-2.0
// In: the counter page and, from the caller, positions. Out: once a second one line of JSON with
// everything, and one histogram log line a hop. The report is made from these files. Cold, on the
// telemetry core.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/counter_reader.hpp"
#include "telemetry/histogram_values.hpp"
#include "telemetry/hlog.hpp"

namespace ridley::telemetry {

struct Holding {
  std::string_view symbol;
  std::int64_t position = 0;  // shares, short below zero
  std::int64_t realized_profit_e4 = 0;
  std::int64_t unrealized_profit_e4 = 0;
};

class Snapshots {
 public:
  struct Options {
    std::filesystem::path lines;  // appended to; empty for none
    std::filesystem::path hlog;   // started anew; empty for none
    std::uint64_t start_utc_ns = 0;
  };

  // The page outlives the snapshots. Throws base::Error when a file cannot be made.
  Snapshots(const CounterReader& page, const Options& options);

  // Hops hold what is new since the last call, counters everything since start. Throws base::Error
  // (EX_IOERR).
  void write(std::uint64_t utc_ns, std::span<const Holding> holdings);

 private:
  struct HopInterval {
    std::string name;  // without "hop."
    std::span<const std::atomic<std::uint64_t>> counts;
    IntervalReader reader;
  };

  void find_hops();

  const CounterReader& page_;
  std::filesystem::path path_;
  std::ofstream file_;
  std::unique_ptr<HlogWriter> hlog_;
  std::vector<HopInterval> hops_;
  std::uint64_t last_utc_ns_;
};

}  // namespace ridley::telemetry
