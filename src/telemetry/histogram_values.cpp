// SPDX-License-Identifier: Apache-2.0
#include "telemetry/histogram_values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/error.hpp"

namespace ridley::telemetry {
namespace {

void require_same_shape(const HistogramValues& left, const HistogramValues& right) {
  if (left.shape() == right.shape()) return;
  throw base::Error{"histograms of different shape: ",
                    left.shape().digits(),
                    " digits up to ",
                    left.shape().highest(),
                    " and ",
                    right.shape().digits(),
                    " digits up to ",
                    right.shape().highest()};
}

}  // namespace

HistogramValues::HistogramValues(HistogramShape shape,
                                 std::span<const std::atomic<std::uint64_t>> counts)
    : shape_{shape}, counts_(counts.size()) {
  if (counts.size() != shape.counts()) {
    throw base::Error{"a histogram of ", shape.digits(), " digits up to ", shape.highest(),
                      " has ",           shape.counts(), " counts, not ",  counts.size()};
  }
  std::transform(counts.begin(), counts.end(), counts_.begin(),
                 [](const auto& count) { return count.load(std::memory_order_relaxed); });
}

void HistogramValues::record(std::uint64_t value, std::uint64_t times) {
  counts_[shape_.index(std::min(value, shape_.highest()))] += times;
}

void HistogramValues::add(const HistogramValues& other) {
  require_same_shape(*this, other);
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

void HistogramValues::subtract(const HistogramValues& other) {
  require_same_shape(*this, other);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (other.counts_[i] > counts_[i]) {
      throw base::Error{"histogram difference below zero at value ",
                        shape_.lowest_at(i),
                        ": ",
                        counts_[i],
                        " - ",
                        other.counts_[i]};
    }
  }
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] -= other.counts_[i];
}

std::uint64_t HistogramValues::count() const noexcept {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t HistogramValues::min() const noexcept {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] != 0) return shape_.lowest_at(i);
  }
  return 0;
}

std::uint64_t HistogramValues::max() const noexcept {
  for (std::size_t i = counts_.size(); i-- > 0;) {
    if (counts_[i] != 0) return shape_.highest_at(i);
  }
  return 0;
}

double HistogramValues::mean() const noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    sum += static_cast<double>(shape_.median_at(i)) * static_cast<double>(counts_[i]);
  }
  const std::uint64_t all = count();
  return all == 0 ? 0.0 : sum / static_cast<double>(all);
}

std::uint64_t HistogramValues::value_at_percentile(double percentile) const noexcept {
  // One step down first: 99.9 % of 1,000 is 999 values, although 99.9 * 1000 / 100 is a hair more.
  const double below = std::nextafter(percentile, -std::numeric_limits<double>::infinity());
  const double share = std::clamp(below, 0.0, 100.0);
  const double wanted = std::ceil(share * static_cast<double>(count()) / 100.0);
  const auto rank = std::max(static_cast<std::uint64_t>(wanted), std::uint64_t{1});
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen < rank) continue;
    return percentile <= 0.0 ? shape_.lowest_at(i) : shape_.highest_at(i);
  }
  return 0;
}

HistogramValues IntervalReader::take(std::span<const std::atomic<std::uint64_t>> counts) {
  HistogramValues now{last_.shape(), counts};
  HistogramValues interval = now;
  interval.subtract(last_);
  last_ = std::move(now);
  return interval;
}

}  // namespace ridley::telemetry
