// SPDX-License-Identifier: Apache-2.0
// In: the counts of a histogram at one moment. Out: what they say, and sums and differences of
// them. Cold.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "telemetry/hdr_histogram.hpp"
#include "telemetry/histogram_shape.hpp"

namespace ridley::telemetry {

class HistogramValues {
 public:
  explicit HistogramValues(HistogramShape shape) : shape_{shape}, counts_(shape.counts()) {}

  // Copies the counts while their writer goes on. Throws base::Error when the number of counts is
  // not the shape's.
  HistogramValues(HistogramShape shape, std::span<const std::atomic<std::uint64_t>> counts);

  template <unsigned kDigits>
  explicit HistogramValues(const HdrHistogramOf<kDigits>& histogram)
      : HistogramValues{HdrHistogramOf<kDigits>::kShape, histogram.counts()} {}

  void record(std::uint64_t value, std::uint64_t times = 1);

  // Shapes must be the same; base::Error otherwise, and when a difference would fall below zero.
  void add(const HistogramValues& other);
  void subtract(const HistogramValues& other);

  [[nodiscard]] std::uint64_t count() const noexcept;
  [[nodiscard]] std::uint64_t min() const noexcept;
  [[nodiscard]] std::uint64_t max() const noexcept;
  [[nodiscard]] double mean() const noexcept;

  // The highest value that stands for the same count as the smallest value which that share of all
  // values does not exceed. 0 when empty.
  [[nodiscard]] std::uint64_t value_at_percentile(double percentile) const noexcept;

  [[nodiscard]] const HistogramShape& shape() const noexcept { return shape_; }
  [[nodiscard]] std::span<const std::uint64_t> counts() const noexcept { return counts_; }
  [[nodiscard]] std::span<std::uint64_t> counts() noexcept { return counts_; }

  friend bool operator==(const HistogramValues&, const HistogramValues&) = default;

 private:
  HistogramShape shape_;
  std::vector<std::uint64_t> counts_;
};

// What is new in a histogram since the last look, for a reader that looks once a second.
class IntervalReader {
 public:
  explicit IntervalReader(HistogramShape shape) : last_{shape} {}

  [[nodiscard]] HistogramValues take(std::span<const std::atomic<std::uint64_t>> counts);

  // Everything up to the last look.
  [[nodiscard]] const HistogramValues& total() const noexcept { return last_; }

 private:
  HistogramValues last_;
};

}  // namespace ridley::telemetry
