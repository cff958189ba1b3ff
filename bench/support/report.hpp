// SPDX-License-Identifier: Apache-2.0
// In: what a benchmark measured. Out: one table, or with --json one JSON object, the same form for
// every program of bench/ so that scripts/bench can run them all:
//   {"task": .., "contender": .., "timed": .., "digest_ok": .., "digest": ..,
//    "rows": [{"name": .., "unit": .., "value": .., "p99": .., ..}, ..]}
// digest_ok and digest are left out where there is nothing to compare. Cold.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ridley::bench {

// p50 and what is above it, of as many values as there were.
struct Percentiles {
  double p50;
  double p99;
  double p999;
  double max;
};

// Orders the values.
[[nodiscard]] Percentiles percentiles_of(std::span<double> values);

class Report {
 public:
  struct Row {
    std::string name;
    std::string unit;
    double value;
    std::vector<std::pair<std::string, double>> more;
  };

  void row(std::string name, std::string unit, double value);
  // The value is the p50; the rest stands beside it.
  void row(std::string name, std::string unit, const Percentiles& percentiles);

  // Whether the work was done right. One false is enough.
  void check(bool right) { digest_ok_ = digest_ok_.value_or(true) && right; }
  // One number for all that came out: scripts/bench compares the contenders of a task.
  void digest(std::uint64_t digest) { digest_ = digest; }

  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  [[nodiscard]] std::optional<bool> digest_ok() const { return digest_ok_; }
  [[nodiscard]] std::optional<std::uint64_t> digest() const { return digest_; }

 private:
  std::vector<Row> rows_;
  std::optional<bool> digest_ok_;
  std::optional<std::uint64_t> digest_;
};

using Words = std::span<const std::string_view>;

struct Contender {
  std::string_view task;
  std::string_view name;
  std::string_view timed;       // in one sentence: what is inside the timing
  std::string_view words = "";  // what it takes, as in "DAY"; none by default
  void (*measure)(Report& report, Words words);
};

// What this program measures: every contender's file defines its own, and contender_main.cpp runs
// it.
extern const Contender kContender;

// The body of main. The exit code is 0, EX_USAGE where the words are wrong, EX_DATAERR where a
// check failed (the report is printed all the same), or that of the base::Error thrown.
[[nodiscard]] int run_contender(int count, char** words, const Contender& contender);

}  // namespace ridley::bench
