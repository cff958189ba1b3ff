// SPDX-License-Identifier: Apache-2.0
// In: the stamp of a frame, and the moments at which what it caused passes the hops. Out: ages in
// the hop histograms. Telemetry only. Hot core.
#pragma once

#include <cstdint>

#include "engine/hop_clock.hpp"
#include "event/records.hpp"
#include "telemetry/hdr_histogram.hpp"

namespace ridley::engine {

template <HopClock Clock>
class HopStamps {
 public:
  HopStamps(Clock clock, telemetry::HopHistograms& hops) noexcept : clock_{clock}, hops_{&hops} {}

  // A frame comes in. A stamp in a scale other than ours (a card's free-running counter, a capture
  // of last year) cannot be subtracted from: its hops count from here, and it gets no age.
  void begin(const event::Timestamp& stamp) noexcept {
    const std::uint64_t now_ns = clock_.now_ns();
    const bool comparable =
        stamp.source == event::TimeSource::Tsc || stamp.source == event::TimeSource::Simulated;
    begin_ns_ = comparable && stamp.ns <= now_ns ? stamp.ns : now_ns;
    if (comparable) hops_->record(telemetry::Hop::RxStamp, now_ns - begin_ns_);
    running_ = true;
  }

  // What follows was caused by no frame (a timer, an order message) and has no age.
  void end() noexcept { running_ = false; }

  // Most messages change no top and are of no interest, but which ones is known only later: the
  // moment is taken here and recorded by record_decoded.
  void decoded() noexcept { decoded_ns_ = clock_.now_ns(); }
  void record_decoded() noexcept {
    if (running_) hops_->record(telemetry::Hop::Decoded, decoded_ns_ - begin_ns_);
  }

  void pass(telemetry::Hop hop) noexcept {
    if (running_) hops_->record(hop, clock_.now_ns() - begin_ns_);
  }

 private:
  Clock clock_;
  telemetry::HopHistograms* hops_;
  std::uint64_t begin_ns_ = 0;
  std::uint64_t decoded_ns_ = 0;
  bool running_ = false;
};

}  // namespace ridley::engine
