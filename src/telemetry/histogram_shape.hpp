// SPDX-License-Identifier: Apache-2.0
// In: how many significant digits and the highest value. Out: which count of a High Dynamic Range
// histogram a value belongs to, and which values a count stands for. The same arithmetic as every
// other HdrHistogram, so that their tools read ours. Any core.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace ridley::telemetry {

class HistogramShape {
 public:
  static constexpr unsigned kDigitsMax = 5;

  // Lowest discernible value 1. Digits 1..5, highest at least twice the resolution.
  constexpr HistogramShape(unsigned digits, std::uint64_t highest) noexcept
      : digits_{digits}, highest_{highest} {
    std::uint64_t single_unit_values = 2;
    for (unsigned i = 0; i < digits; ++i) single_unit_values *= 10;
    magnitude_ = static_cast<unsigned>(std::bit_width(single_unit_values - 1));
    buckets_ = 1;
    for (std::uint64_t untrackable = sub_buckets(); untrackable <= highest; untrackable <<= 1) {
      ++buckets_;
      if (untrackable > ~std::uint64_t{0} / 2) break;
    }
  }

  [[nodiscard]] constexpr unsigned digits() const noexcept { return digits_; }
  [[nodiscard]] constexpr std::uint64_t highest() const noexcept { return highest_; }

  [[nodiscard]] constexpr std::size_t counts() const noexcept {
    return static_cast<std::size_t>((buckets_ + 1) * (sub_buckets() / 2));
  }

  // The caller keeps value <= highest().
  [[nodiscard]] constexpr std::size_t index(std::uint64_t value) const noexcept {
    const auto width = static_cast<unsigned>(std::bit_width(value | (sub_buckets() - 1)));
    const unsigned bucket = width - magnitude_;
    const std::uint64_t half = sub_buckets() / 2;
    return static_cast<std::size_t>(((std::uint64_t{bucket} + 1) * half) + (value >> bucket) -
                                    half);
  }

  [[nodiscard]] constexpr std::uint64_t lowest_at(std::size_t index) const noexcept {
    const std::uint64_t half = sub_buckets() / 2;
    return index < sub_buckets() ? index : ((index & (half - 1)) + half) << bucket_of(index);
  }

  [[nodiscard]] constexpr std::uint64_t width_at(std::size_t index) const noexcept {
    return std::uint64_t{1} << bucket_of(index);
  }

  [[nodiscard]] constexpr std::uint64_t highest_at(std::size_t index) const noexcept {
    return lowest_at(index) + width_at(index) - 1;
  }

  [[nodiscard]] constexpr std::uint64_t median_at(std::size_t index) const noexcept {
    return lowest_at(index) + width_at(index) / 2;
  }

  friend constexpr bool operator==(const HistogramShape&, const HistogramShape&) = default;

 private:
  [[nodiscard]] constexpr std::uint64_t sub_buckets() const noexcept {
    return std::uint64_t{1} << magnitude_;
  }

  [[nodiscard]] constexpr unsigned bucket_of(std::size_t index) const noexcept {
    const std::size_t row = index >> (magnitude_ - 1);
    return row == 0 ? 0 : static_cast<unsigned>(row - 1);
  }

  unsigned digits_;
  std::uint64_t highest_;
  unsigned magnitude_ = 0;  // two to this many values are told apart in each bucket
  std::uint64_t buckets_ = 0;
};

}  // namespace ridley::telemetry
