// SPDX-License-Identifier: Apache-2.0
// In: a recording and a clock. Out: its frames when the clock says that they are due, stamped with
// the time they were recorded at. What is sent goes nowhere. Hot core.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/tsc_clock.hpp"
#include "nic/capture_recording.hpp"
#include "nic/frame.hpp"
#include "nic/port.hpp"
#include "nic/port_description.hpp"

namespace ridley::nic {

// Gives nanoseconds from any start, never going back.
template <typename Candidate>
concept ReplayClock = requires(Candidate& clock) {
  { clock() } noexcept -> std::convertible_to<std::uint64_t>;
};

struct TscReplayClock {
  base::TscClock clock;
  [[nodiscard]] std::uint64_t operator()() const noexcept { return clock.utc_ns(base::read_tsc()); }
};

// How many recorded nanoseconds pass in one of the clock's; 0: all at once.
[[nodiscard]] constexpr std::uint64_t speed_of(ReplayRate rate) noexcept {
  switch (rate) {
    case ReplayRate::Recorded: return 1;
    case ReplayRate::EightTimes: return 8;
    case ReplayRate::Unlimited: return 0;
  }
  return 0;
}

template <ReplayClock Clock>
class CapturePort {
 public:
  // The recording starts with the first receive_burst.
  CapturePort(CaptureRecording recording, ReplayRate rate, Clock clock) noexcept
      : recording_{std::move(recording)}, speed_{speed_of(rate)}, clock_{std::move(clock)} {}

  [[nodiscard]] std::size_t receive_burst(std::span<Frame> frames) noexcept {
    const std::size_t wanted =
        std::min({frames.size(), kBurstFramesMax, recording_.size() - next_});
    if (wanted == 0) return 0;
    const std::uint64_t due_ns = speed_ == 0 ? ~std::uint64_t{0} : recorded_now();
    std::size_t count = 0;
    // A frame recorded out of order waits for the ones before it, no longer.
    while (count < wanted && recording_.ns(next_) <= due_ns) {
      frames[count] = recording_.frame(next_);
      ++count;
      ++next_;
    }
    statistics_.received += count;
    return count;
  }

  [[nodiscard]] bool send(std::span<const std::byte>) noexcept {
    ++statistics_.sent;
    return true;
  }

  [[nodiscard]] bool finished() const noexcept { return next_ == recording_.size(); }
  [[nodiscard]] PortStatistics statistics() const noexcept { return statistics_; }
  [[nodiscard]] Link link() const noexcept { return {.up = !finished(), .megabits_per_second = 0}; }

 private:
  // Which moment of the recording it is now.
  [[nodiscard]] std::uint64_t recorded_now() noexcept {
    const std::uint64_t now = clock_();
    if (next_ == 0 && !started_) {
      started_ = true;
      start_ns_ = now;
    }
    return recording_.ns(0) + (now - start_ns_) * speed_;
  }

  CaptureRecording recording_;
  std::uint64_t speed_;
  Clock clock_;
  std::size_t next_ = 0;
  bool started_ = false;
  std::uint64_t start_ns_ = 0;
  PortStatistics statistics_{};
};

static_assert(Port<CapturePort<TscReplayClock>>);

}  // namespace ridley::nic
