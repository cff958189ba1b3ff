// SPDX-License-Identifier: Apache-2.0
#include "control/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ridley::control {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds kSilence{1'000};
constexpr std::chrono::milliseconds kBetweenDrawings{200};
constexpr std::size_t kBarWidth = 20;

struct Unit {
  double bytes;
  const char* name;
};

Unit unit_of(std::uint64_t bytes) {
  constexpr std::array kUnits{Unit{1e9, "GB"}, Unit{1e6, "MB"}, Unit{1e3, "kB"}};
  for (const Unit& unit : kUnits) {
    if (static_cast<double>(bytes) >= unit.bytes) return unit;
  }
  return {1.0, "B"};
}

}  // namespace

Progress::Progress(std::string_view work, std::uint64_t bytes_total)
    : Progress{work, bytes_total, {stderr, ::isatty(STDERR_FILENO) == 1, Clock::now()}} {}

Progress::Progress(std::string_view work, std::uint64_t bytes_total, Drawing drawing)
    : work_{work}, bytes_total_{bytes_total}, drawing_{drawing} {}

void Progress::draw(std::uint64_t bytes_done, Clock::time_point now) {
  if (!drawing_.terminal || now - drawing_.begin < kSilence) return;
  if (drawn_ && now - drawn_at_ < kBetweenDrawings) return;
  // Back to the first column and clear to the end of the line, so that a shorter line leaves none.
  fmt::print(drawing_.screen, "\r\033[K{}", line(bytes_done, now));
  std::fflush(drawing_.screen);
  drawn_at_ = now;
  drawn_ = true;
}

void Progress::wipe() {
  if (!std::exchange(drawn_, false)) return;
  fmt::print(drawing_.screen, "\r\033[K");
  std::fflush(drawing_.screen);
}

std::string Progress::line(std::uint64_t bytes_done, Clock::time_point now) const {
  const Unit unit = unit_of(std::max(bytes_done, bytes_total_));
  const double done = static_cast<double>(bytes_done) / unit.bytes;
  const double elapsed = Seconds{now - drawing_.begin}.count();
  if (bytes_total_ == 0)
    return fmt::format("{}  {:.1f} {}, {:.0f} s", work_, done, unit.name, elapsed);

  const double part =
      std::min(1.0, static_cast<double>(bytes_done) / static_cast<double>(bytes_total_));
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(kBarWidth));
  std::string text = fmt::format("{} {:3.0f}% [{}{}] {:.1f}/{:.1f} {}", work_, part * 100.0,
                                 std::string(filled, '#'), std::string(kBarWidth - filled, ' '),
                                 done, static_cast<double>(bytes_total_) / unit.bytes, unit.name);
  if (part > 0.0) text += fmt::format(", {:.0f} s left", elapsed / part - elapsed);
  return text;
}

}  // namespace ridley::control
