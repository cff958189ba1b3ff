// SPDX-License-Identifier: Apache-2.0
// In: histograms of intervals. Out: a histogram log, format 1.3, that every HdrHistogram viewer
// reads, and the same intervals read back. Cold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "telemetry/histogram_values.hpp"

namespace ridley::telemetry {

class HlogWriter {
 public:
  // Starts a new file. Times in it are seconds since start_utc_ns; comment names who wrote it and
  // may not hold a line feed. Throws base::Error (EX_CANTCREAT).
  HlogWriter(const std::filesystem::path& path, std::uint64_t start_utc_ns,
             std::string_view comment);

  struct Interval {
    std::string_view tag;  // no comma, blank or line feed; empty for none
    std::uint64_t begin_utc_ns;
    std::uint64_t end_utc_ns;
  };

  // One line, written through to the file. Throws base::Error (EX_IOERR).
  void write(const Interval& interval, const HistogramValues& values);

 private:
  void write_line(const std::string& line);

  std::filesystem::path path_;
  std::ofstream file_;
  std::uint64_t start_utc_ns_;
};

struct HlogInterval {
  std::string tag;
  std::uint64_t begin_utc_ns;
  std::uint64_t end_utc_ns;
  HistogramValues values;
};

class HlogReader {
 public:
  // The stream outlives the reader.
  explicit HlogReader(std::istream& in) : in_{in} {}

  // The next interval, nothing at the end. Throws base::Error (EX_DATAERR) with the line's number.
  [[nodiscard]] std::optional<HlogInterval> next();

 private:
  void read_comment(std::string_view line);
  [[nodiscard]] HlogInterval read_interval(std::string_view line);

  std::istream& in_;
  std::uint64_t line_number_ = 0;
  std::uint64_t start_utc_ns_ = 0;
  std::optional<std::uint64_t> base_utc_ns_;
};

}  // namespace ridley::telemetry
