// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/card_clock.hpp"

#include <time.h>

#include <algorithm>
#include <optional>

namespace ridley::xrt_sim {
namespace {

constexpr std::size_t kPorts = RIDLEY_MODEL_PORTS;
// A source that had nothing is asked again after so many: some of them cost a call of the kernel.
constexpr std::uint32_t kLookAgainCycles = 32;
constexpr std::uint32_t kTimeAgainCycles = 16;

std::uint64_t utc_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

// The most records that a frame can give: one for its packet, and one for every message of a byte
// with its length before it, behind the headers of Ethernet, IPv4, UDP and MoldUDP64.
std::uint32_t records_max(std::uint32_t frame_bytes) {
  constexpr std::uint32_t kHeaders = 14 + 20 + 8 + 20;
  constexpr std::uint32_t kShortest = 3;
  return 1 + (frame_bytes > kHeaders ? (frame_bytes - kHeaders) / kShortest : 0);
}

// Frames go one after another, the older one first, whichever port they come in at. Before the ring
// could overflow the design is let finish and the host read. Where that happens depends on the
// frames and on the ring's size alone, so the host's pace changes no record.
class FramesClock final : public CardClock {
 public:
  explicit FramesClock(FrameSources& sources) : CardClock{sources} {}

  void next(const RingView& ring, ridley_model_cycle& cycle) override {
    if (!ring.running) given_records_ = 0;
    if (lines_[0].free() && lines_[1].free()) begin_oldest(ring);
    cycle.time_ns = time_ns_;
    give(cycle);
  }

 private:
  void begin_oldest(const RingView& ring) {
    std::optional<std::size_t> oldest;
    for (std::size_t port = 0; port < kPorts; ++port) {
      const nic::Frame* frame = waiting(port, ring);
      if (frame == nullptr) continue;
      if (oldest && frame->stamp.ns >= waiting(*oldest, ring)->stamp.ns) continue;
      oldest = port;
    }
    if (!oldest) return;
    const nic::Frame& frame = *waiting(*oldest, ring);
    if (!has_room(ring, frame)) return;
    time_ns_ = frame.stamp.ns;
    begin(*oldest, frame);
  }

  bool has_room(const RingView& ring, const nic::Frame& frame) {
    if (!ring.running) return true;
    const std::uint32_t half = ring.records / 2;
    const std::uint32_t wanted = records_max(frame.length);
    if (given_records_ + wanted > half && given_records_ != 0) {
      if (quiet_cycles_ < kQuietCycles) return false;
      // A host need not say of every record that it has read it, but of a quarter of the ring.
      if (ring.room() < std::min(std::max(half, wanted), ring.records - ring.records / 4)) {
        return false;
      }
      given_records_ = 0;
    }
    given_records_ += wanted;
    return true;
  }

  std::uint64_t time_ns_ = 0;
  std::uint32_t given_records_ = 0;  // at most, since the host had room for half a ring
};

// Both ports by themselves, at the machine's time.
class FreeClock final : public CardClock {
 public:
  explicit FreeClock(FrameSources& sources) : CardClock{sources} {}

  void next(const RingView& ring, ridley_model_cycle& cycle) override {
    if (time_in_cycles_ == 0 || looked_) read_time();
    looked_ = false;
    --time_in_cycles_;
    for (std::size_t port = 0; port < kPorts; ++port) {
      if (!lines_[port].free()) continue;
      const nic::Frame* frame = waiting(port, ring);
      if (frame == nullptr || !due(port, *frame)) continue;
      read_time();
      begin(port, *frame);
    }
    cycle.time_ns = time_ns_;
    give(cycle);
  }

 private:
  void read_time() {
    // The design's time never goes back, whatever is done to the machine's.
    time_ns_ = std::max(time_ns_, utc_ns());
    time_in_cycles_ = kTimeAgainCycles;
  }

  // A recording begins with its first frame, and keeps its pace.
  bool due(std::size_t port, const nic::Frame& frame) {
    const std::uint64_t speed = source(port).speed();
    if (!source(port).recorded() || speed == 0) return true;
    if (!begun_) {
      begun_ = Beginning{.ns = time_ns_, .recorded_ns = frame.stamp.ns};
    }
    return begun_->recorded_ns + (time_ns_ - begun_->ns) * speed >= frame.stamp.ns;
  }

  struct Beginning {
    std::uint64_t ns;
    std::uint64_t recorded_ns;
  };
  std::optional<Beginning> begun_;
  std::uint64_t time_ns_ = 0;
  std::uint32_t time_in_cycles_ = 0;
};

}  // namespace

std::unique_ptr<CardClock> CardClock::make(ClockKind kind, FrameSources& sources) {
  if (kind == ClockKind::Frames) return std::make_unique<FramesClock>(sources);
  return std::make_unique<FreeClock>(sources);
}

void CardClock::reset(std::uint32_t stream_bytes) {
  for (std::size_t port = 0; port < kPorts; ++port) {
    if (lines_[port].giving()) sources_[port].drop();
    lines_[port].reset(stream_bytes);
  }
  quiet_cycles_ = 0;
  look();
}

void CardClock::look() {
  look_in_cycles_ = {};
  looked_ = true;
}

const nic::Frame* CardClock::waiting(std::size_t port, const RingView& ring) {
  if (sources_[port].recorded() && !ring.running) return nullptr;
  if (look_in_cycles_[port] != 0) {
    --look_in_cycles_[port];
    return nullptr;
  }
  const nic::Frame* frame = sources_[port].head();
  if (frame == nullptr) look_in_cycles_[port] = kLookAgainCycles;
  return frame;
}

void CardClock::begin(std::size_t port, const nic::Frame& frame) {
  ++frames_[port];
  if (frame.length == 0) {
    sources_[port].drop();
    return;
  }
  lines_[port].begin(frame.span());
}

void CardClock::give(ridley_model_cycle& cycle) {
  ++quiet_cycles_;
  for (std::size_t port = 0; port < kPorts; ++port) {
    if (lines_[port].giving()) quiet_cycles_ = 0;
    if (lines_[port].give(cycle.beats[port])) sources_[port].drop();
  }
}

void CardClock::gave(std::uint32_t outcome) {
  if ((outcome & RIDLEY_MODEL_WRITES) != 0) quiet_cycles_ = 0;
}

}  // namespace ridley::xrt_sim
