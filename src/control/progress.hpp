// SPDX-License-Identifier: Apache-2.0
// In: how much of a long work is done. Out: one line on stderr that is redrawn and wiped away, only
// on a terminal and only after the first second. Cold code.
//
//   control::Progress progress{"decode", file_bytes};
//   for (...) progress.at(bytes_read);   // cheap: looks at the clock every kCallsPerLook calls
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace ridley::control {

class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  // A total of 0 is unknown: the line then shows what is done, without a bar.
  explicit Progress(std::string_view work, std::uint64_t bytes_total);
  // For tests: where to draw, whether that is a terminal, and when the work began.
  struct Drawing {
    std::FILE* screen;
    bool terminal;
    Clock::time_point begin;
  };
  Progress(std::string_view work, std::uint64_t bytes_total, Drawing drawing);
  ~Progress() { wipe(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::uint64_t bytes_done) {
    if (!drawing_.terminal || ++calls_ % kCallsPerLook != 0) return;
    draw(bytes_done, Clock::now());
  }
  // Draws when a second has passed since the beginning and a fifth of one since the last drawing.
  void draw(std::uint64_t bytes_done, Clock::time_point now);
  void wipe();

  // "decode  42% [########            ] 1.2/2.9 GB, 9 s left"
  [[nodiscard]] std::string line(std::uint64_t bytes_done, Clock::time_point now) const;

 private:
  static constexpr std::uint64_t kCallsPerLook = 64;

  std::string work_;
  std::uint64_t bytes_total_;
  Drawing drawing_;
  Clock::time_point drawn_at_{};
  std::uint64_t calls_ = 0;
  bool drawn_ = false;
};

}  // namespace ridley::control
