// SPDX-License-Identifier: Apache-2.0
// In: names, before start. Out: places for counters, gauges and hop histograms in a file that other
// processes read while the engine writes. Cold; what it hands out is hot.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "telemetry/counter.hpp"
#include "telemetry/counter_page_format.hpp"
#include "telemetry/hdr_histogram.hpp"

namespace ridley::telemetry {

class CounterPage {
 public:
  struct Options {
    std::filesystem::path path;  // on /dev/shm or /run it never touches a disk
    std::uint64_t start_utc_ns = 0;
    std::uint32_t entries_max = 512;
    mode_t permissions = 0640;
  };

  // Makes the page under another name and moves it into place, so that a reader finds a whole page
  // or none. A page left by a process that died is replaced; readers that have it open keep it.
  // Throws base::Error when a living process owns the path, or the file cannot be made.
  explicit CounterPage(const Options& options);

  // Removes the file.
  ~CounterPage();
  CounterPage(const CounterPage&) = delete;
  CounterPage& operator=(const CounterPage&) = delete;

  // What one thread writes: starts on cache lines of its own.
  void begin_group();

  // Names are "room.what", unique, up to 47 letters. base::Error otherwise or when full.
  [[nodiscard]] Counter counter(std::string_view name);
  [[nodiscard]] Gauge gauge(std::string_view name);
  [[nodiscard]] HopHistogram& histogram(std::string_view name);

  // "hop.<name>" for every hop, in a group of their own.
  [[nodiscard]] HopHistograms hop_histograms();

  // The telemetry core says that it is alive.
  void beat(std::uint64_t utc_ns) noexcept;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Wanted {
    std::string_view name;
    EntryKind kind;
    std::size_t length;
    std::size_t alignment;
  };

  void create_file(const Options& options);
  std::byte* take(const Wanted& wanted);
  PageHead& head() noexcept { return *reinterpret_cast<PageHead*>(begin_); }
  PageEntry& entry(std::size_t row) noexcept;

  std::filesystem::path path_;
  int file_ = -1;  // kept open: its lock says that the writer lives
  std::byte* begin_ = nullptr;
  std::size_t bytes_ = 0;
  std::size_t used_ = 0;
};

}  // namespace ridley::telemetry
