// SPDX-License-Identifier: Apache-2.0
// In: what each line of a feed brings. Out: how each of them does: what it brought first, late or
// never. The hot core.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ridley::feed {

using LineNumber = std::uint8_t;

// A, B and C, and what was asked for again.
inline constexpr std::size_t kFeedLinesMax = 3;
inline constexpr LineNumber kRepairLine = kFeedLinesMax;
inline constexpr std::size_t kLinesMax = kFeedLinesMax + 1;

// What one line brought. Messages that came in order are counted by themselves: nearly all did.
struct LineHealth {
  std::uint64_t packets = 0;
  std::uint64_t in_order = 0;    // messages delivered at once
  std::uint64_t reached = 0;     // one past the highest number it has brought or announced
  std::uint64_t others = 0;      // messages that came in any other way
  std::uint64_t won_later = 0;   // of these, delivered: cut differently, or held before
  std::uint64_t duplicates = 0;  // of these, brought by another packet first
  std::uint64_t malformed = 0;
  std::uint64_t begins = 0;       // numbers of this session count from here
  std::uint64_t before = 0;       // messages of sessions before this one
  std::uint64_t lost_before = 0;  // and what it had lost by then

  [[nodiscard]] std::uint64_t messages() const noexcept { return in_order + others; }
  [[nodiscard]] std::uint64_t won() const noexcept { return in_order + won_later; }
  // Numbers below what it has reached that it never brought. What it brings twice hides one.
  [[nodiscard]] std::uint64_t lost() const noexcept {
    const std::uint64_t published = reached - begins;
    const std::uint64_t brought = messages() - before;
    return lost_before + (published > brought ? published - brought : 0);
  }

  void begin(std::uint64_t sequence) noexcept {
    lost_before = lost();
    before = messages();
    begins = reached = sequence;
  }
};

// By how much a line came behind the one that was first.
struct Late {
  static constexpr LineNumber kNone = 0xFF;
  LineNumber line = kNone;
  std::uint64_t ns = 0;
};

// Looks at one message in some hundred: remembers when its first copy came and waits for the
// others.
class Lateness {
 public:
  // The next message that comes in order should be told to begin().
  [[nodiscard]] bool wanted() const noexcept { return wanted_; }

  void begin(std::uint64_t sequence, LineNumber line, std::uint64_t stamp_ns) noexcept {
    sequence_ = sequence;
    stamp_ns_ = stamp_ns;
    awaited_ = known_ & ~(1U << line);
    wanted_ = false;
  }

  // A line brought these numbers again.
  void repeat(std::uint64_t first, std::uint64_t end, LineNumber line,
              std::uint64_t stamp_ns) noexcept {
    const std::uint32_t bit = 1U << line;
    known_ |= bit;
    if ((awaited_ & bit) != 0 && end > sequence_) {
      awaited_ &= ~bit;
      if (first <= sequence_)
        late_ = {.line = line, .ns = stamp_ns > stamp_ns_ ? stamp_ns - stamp_ns_ : 0};
    }
    const std::uint64_t passed = end > sequence_ ? end - sequence_ : 0;
    wanted_ = passed >= (awaited_ == 0 ? kLooksEvery : kWaitsFor);
  }

  [[nodiscard]] Late take() noexcept {
    const Late late = late_;
    late_ = {};
    return late;
  }

  void restart() noexcept {
    sequence_ = 0;
    awaited_ = 0;
  }

 private:
  // Messages: often enough for a percentile of a minute, too seldom to be felt.
  static constexpr std::uint64_t kLooksEvery = 256;
  // A line that has died is no longer waited for.
  static constexpr std::uint64_t kWaitsFor = 65'536;

  std::uint64_t sequence_ = 0;
  std::uint64_t stamp_ns_ = 0;
  std::uint32_t known_ = 0;    // lines that have come second at least once
  std::uint32_t awaited_ = 0;  // of them, those that have not brought it yet
  bool wanted_ = false;
  Late late_;
};

}  // namespace ridley::feed
