// SPDX-License-Identifier: Apache-2.0
// In: which number comes next and whether messages before others are missing, with the time. Out:
// since when, and what is due. Hot core.
#pragma once

#include <cstdint>
#include <utility>

namespace ridley::engine {

class Behind {
 public:
  enum class Turn : std::uint8_t { None, Begins, Ends };
  enum class Due : std::uint8_t { Nothing, Tell, GiveUp };

  Turn look(bool behind, std::uint64_t next_sequence, std::uint64_t now_ns) noexcept {
    // Each missing message has its own time.
    if (behind && (!behind_ || next_sequence != missing_from_)) {
      since_ns_ = now_ns;
      missing_from_ = next_sequence;
    }
    if (std::exchange(behind_, behind) == behind) return Turn::None;
    return behind ? Turn::Begins : Turn::Ends;
  }

  // Now and then while behind. Told once: a line that is a little late is not worth an order's
  // place in its queue, what is missing for longer is.
  Due due(std::uint64_t now_ns, std::uint64_t hold_ns) noexcept {
    if (!behind_) return Due::Nothing;
    if (now_ns - since_ns_ >= hold_ns) return Due::GiveUp;
    return std::exchange(told_, true) ? Due::Nothing : Due::Tell;
  }

  // At the end: whether anybody was told.
  bool take_told() noexcept { return std::exchange(told_, false); }

  [[nodiscard]] bool now() const noexcept { return behind_; }
  [[nodiscard]] std::uint64_t missing_from() const noexcept { return missing_from_; }

 private:
  std::uint64_t since_ns_ = 0;
  std::uint64_t missing_from_ = 0;
  bool behind_ = false;
  bool told_ = false;
};

}  // namespace ridley::engine
