// SPDX-License-Identifier: Apache-2.0
// In: the path of a counter page. Out: its numbers, read without the writer noticing: the page is
// mapped read-only. Cold, in any process.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/counter_page_format.hpp"
#include "telemetry/histogram_values.hpp"

namespace ridley::telemetry {

class CounterReader {
 public:
  // Throws base::Error: EX_NOINPUT without a page, EX_DATAERR when it is none or is bent.
  explicit CounterReader(const std::filesystem::path& path);
  ~CounterReader();
  CounterReader(const CounterReader&) = delete;
  CounterReader& operator=(const CounterReader&) = delete;

  struct Number {
    std::string_view name;
    std::int64_t value;  // a counter beyond 2^63 does not happen
    EntryKind kind;      // Count or Level
  };

  // In the order in which the writer named them.
  [[nodiscard]] std::vector<Number> numbers() const;
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;

  [[nodiscard]] std::vector<std::string_view> histogram_names() const;
  [[nodiscard]] std::optional<HistogramValues> histogram(std::string_view name) const;

  // What an IntervalReader takes; empty without that histogram.
  [[nodiscard]] std::span<const std::atomic<std::uint64_t>> histogram_counts(
      std::string_view name) const;

  // The writer is gone; the numbers are its last.
  [[nodiscard]] bool stale() const;
  // Another page lies at the path now: open it anew.
  [[nodiscard]] bool replaced() const;

  [[nodiscard]] std::uint32_t version() const noexcept { return head().version; }
  [[nodiscard]] std::uint32_t writer_pid() const noexcept { return head().writer_pid; }
  [[nodiscard]] std::uint64_t start_utc_ns() const noexcept { return head().start_utc_ns; }
  [[nodiscard]] std::uint64_t beat_utc_ns() const noexcept {
    return head().beat_utc_ns.load(std::memory_order_relaxed);
  }

 private:
  void map();
  [[nodiscard]] const char* fault() const;
  [[nodiscard]] const PageHead& head() const noexcept {
    return *reinterpret_cast<const PageHead*>(begin_);
  }
  // Rows that are whole and point into the page.
  [[nodiscard]] std::vector<const PageEntry*> rows() const;
  [[nodiscard]] const PageEntry* find(std::string_view name) const;
  [[nodiscard]] std::int64_t value(const PageEntry& row) const;
  [[nodiscard]] std::span<const std::atomic<std::uint64_t>> cells(const PageEntry& row) const;

  std::filesystem::path path_;
  int file_ = -1;
  const std::byte* begin_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace ridley::telemetry
