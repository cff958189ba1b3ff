// SPDX-License-Identifier: Apache-2.0
// In: the frames of both ports, and how far the host has read the ring. Out: for every cycle of the
// card's clock what time it is and what stands at the ports. Cold; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "xrt_sim/frame_source.hpp"
#include "xrt_sim/line.hpp"
#include "xrt_sim/model.h"

namespace ridley::xrt_sim {

enum class ClockKind : std::uint8_t {
  Frames,  // time is that of the frames; the same frames give the same records
  Free,    // time is the machine's
};

// What the host has said in the card's registers, and what the card has written since it runs.
struct RingView {
  bool running = false;
  std::uint32_t records = 0;
  std::uint32_t consumed = 0;
  std::uint32_t written = 0;

  [[nodiscard]] std::uint32_t room() const { return records - (written - consumed); }
};

// So many cycles without a beat or a write, and the design has nothing left: a frame's messages are
// at most 480, and a message takes a cycle.
inline constexpr std::uint32_t kQuietCycles = 1'024;

class CardClock {
 public:
  [[nodiscard]] static std::unique_ptr<CardClock> make(ClockKind kind, FrameSources& sources);
  virtual ~CardClock() = default;

  // A design was loaded: what was under way is lost.
  void reset(std::uint32_t stream_bytes);
  // Time has passed: new frames may have come.
  void look();
  // One cycle's inputs; and what it gave.
  virtual void next(const RingView& ring, ridley_model_cycle& cycle) = 0;
  void gave(std::uint32_t outcome);

  // Whether cycles would do something: frames come, or the design has not settled.
  [[nodiscard]] bool busy() const { return quiet_cycles_ < kQuietCycles; }
  [[nodiscard]] std::uint64_t frames(std::size_t port) const { return frames_[port]; }

 protected:
  explicit CardClock(FrameSources& sources) : sources_{sources} {}

  // The frame that waits at a port, if any; sources are not asked again in every cycle.
  const nic::Frame* waiting(std::size_t port, const RingView& ring);
  void begin(std::size_t port, const nic::Frame& frame);
  void give(ridley_model_cycle& cycle);
  [[nodiscard]] FrameSource& source(std::size_t port) { return sources_[port]; }

  std::array<Line, RIDLEY_MODEL_PORTS> lines_{};
  std::uint32_t quiet_cycles_ = 0;
  bool looked_ = false;

 private:
  FrameSources& sources_;
  std::array<std::uint32_t, RIDLEY_MODEL_PORTS> look_in_cycles_{};
  std::array<std::uint64_t, RIDLEY_MODEL_PORTS> frames_{};
};

}  // namespace ridley::xrt_sim
