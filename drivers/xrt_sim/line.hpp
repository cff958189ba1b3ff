// SPDX-License-Identifier: Apache-2.0
// In: frames. Out: the beats of one port's MAC at line rate, one a cycle, with the cycles of
// preamble, check sequence and gap between frames. Cold; one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "xrt_sim/model.h"

namespace ridley::xrt_sim {

// Preamble 8, check sequence 4, gap 12: what a frame takes on the wire beside its bytes.
inline constexpr std::uint32_t kWireOverheadBytes = 24;

class Line {
 public:
  // Of a design whose streams are so wide. A frame that was under way is forgotten.
  void reset(std::uint32_t stream_bytes) { *this = Line{stream_bytes}; }
  Line() = default;

  // Whether a frame may begin in this cycle.
  [[nodiscard]] bool free() const { return left_.empty() && gap_cycles_ == 0; }
  [[nodiscard]] bool giving() const { return !left_.empty(); }

  // The bytes stay where they are until the frame is over. An empty frame is none.
  void begin(std::span<const std::byte> frame) { left_ = frame; }

  // One cycle. True: that was the frame's last beat.
  bool give(ridley_model_beat& beat) {
    beat = {};
    if (left_.empty()) {
      if (gap_cycles_ != 0) --gap_cycles_;
      return false;
    }
    const std::size_t bytes = std::min<std::size_t>(left_.size(), stream_bytes_);
    std::memcpy(&beat.data, left_.data(), bytes);
    beat.keep = static_cast<std::uint8_t>((1U << bytes) - 1);
    beat.valid = 1;
    left_ = left_.subspan(bytes);
    beat.last = left_.empty() ? 1 : 0;
    if (left_.empty()) gap_cycles_ = kWireOverheadBytes / stream_bytes_;
    return left_.empty();
  }

 private:
  explicit Line(std::uint32_t stream_bytes) : stream_bytes_{stream_bytes} {}

  std::uint32_t stream_bytes_ = 8;
  std::uint32_t gap_cycles_ = 0;
  std::span<const std::byte> left_;
};

}  // namespace ridley::xrt_sim
