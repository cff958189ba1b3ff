// SPDX-License-Identifier: Apache-2.0
// In: the stamp of a frame, and the moments at which what it caused passes the hops. Out: ages in
// the hop histograms: of every order that it was sent, of one frame in a few all hops. On an
// order's way only the counter is read; ages are worked out and recorded at the frame's end, when
// its orders have left. Telemetry only. Hot core.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/hop_clock.hpp"
#include "event/records.hpp"
#include "telemetry/hdr_histogram.hpp"

namespace ridley::engine {

// Moments kept until a frame's end. A frame with a dozen orders; with more, some are recorded
// between two of them.
inline constexpr std::size_t kMomentsMax = 64;

// A reading of the counter takes some 8 ns, and a whole order five of them before it leaves.
inline constexpr std::uint32_t kFramesPerSample = 8;
static_assert(std::has_single_bit(kFramesPerSample), "the remainder is a mask");

template <HopClock Clock>
class HopStamps {
 public:
  HopStamps(Clock clock, telemetry::HopHistograms& hops) noexcept : clock_{clock}, hops_{&hops} {}

  // A frame comes in. A stamp in a scale other than ours (a card's free-running counter, a capture
  // of last year) cannot be subtracted from: its hops count from here, and it gets no age.
  void begin(const event::Timestamp& stamp) noexcept {
    sampled_ = frames_++ % kFramesPerSample == 0;
    running_ = true;
    stamp_ = stamp;
    if (sampled_ || !comparable()) begin_ticks_ = clock_.ticks();
  }

  // What follows was caused by no frame (a timer, an order message) and has no age.
  void end() noexcept {
    if (sampled_ || count_ != 0) record();
    running_ = sampled_ = false;
  }

  // Most messages change no top and are of no interest, but which ones is known only later: the
  // moment is taken here and kept by record_decoded.
  void decoded() noexcept {
    if (sampled_) decoded_ticks_ = clock_.ticks();
  }
  void record_decoded() noexcept {
    if (sampled_) keep(telemetry::Hop::Decoded, decoded_ticks_);
  }

  void pass(telemetry::Hop hop) noexcept {
    if (sampled_) keep(hop, clock_.ticks());
  }
  // The last hop, of every order.
  void sent() noexcept {
    if (running_) keep(telemetry::Hop::Sent, clock_.ticks());
  }

 private:
  struct Moment {
    std::uint64_t ticks;
    telemetry::Hop hop;
  };

  void keep(telemetry::Hop hop, std::uint64_t ticks) noexcept {
    moments_[count_++] = {ticks, hop};
    if (count_ == kMomentsMax) [[unlikely]]
      record_moments();
  }

  void record() noexcept {
    if (sampled_ && comparable()) {
      const std::uint64_t now_ns = clock_.ns_of(begin_ticks_);
      hops_->record(telemetry::Hop::RxStamp, now_ns - std::min(now_ns, stamp_.ns));
    }
    record_moments();
  }

  void record_moments() noexcept {
    for (const Moment& moment : std::span{moments_}.first(count_)) {
      const std::uint64_t now_ns = clock_.ns_of(moment.ticks);
      const std::uint64_t from_ns = comparable() ? stamp_.ns : clock_.ns_of(begin_ticks_);
      hops_->record(moment.hop, now_ns - std::min(now_ns, from_ns));
    }
    count_ = 0;
  }

  [[nodiscard]] bool comparable() const noexcept {
    return stamp_.source == event::TimeSource::Tsc || stamp_.source == event::TimeSource::Simulated;
  }

  Clock clock_;
  telemetry::HopHistograms* hops_;
  std::uint64_t begin_ticks_ = 0;
  std::uint64_t decoded_ticks_ = 0;
  event::Timestamp stamp_{};
  std::size_t count_ = 0;
  std::uint32_t frames_ = 0;
  bool running_ = false;
  bool sampled_ = false;
  std::array<Moment, kMomentsMax> moments_{};
};

}  // namespace ridley::engine
