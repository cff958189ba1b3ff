// SPDX-License-Identifier: Apache-2.0
// In: the moments at which the street stamps its hops, and the outbound ring. Out: all stamps of
// one turn, and which of them was the first to find an order's bytes in the ring. The street's own
// clock with a note beside it: what is timed is the product's path, stamps included. Hot core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/spsc_ring.hpp"
#include "base/tsc_clock.hpp"
#include "order/slots.hpp"

namespace ridley::bench {

class StampLog {
 public:
  static constexpr std::size_t kStampsMax = 1024;
  static constexpr std::size_t kNone = ~std::size_t{0};

  void watch(const base::SpscRing<order::Outbound>& outbound) noexcept { outbound_ = &outbound; }

  void begin() noexcept {
    count_ = 0;
    sent_ = kNone;
  }

  void note(std::uint64_t tsc) noexcept {
    if (sent_ == kNone && outbound_ != nullptr && outbound_->size() != 0) sent_ = count_;
    tsc_[count_ % kStampsMax] = tsc;
    ++count_;
  }

  [[nodiscard]] bool has_order() const noexcept { return sent_ != kNone; }
  [[nodiscard]] std::size_t sent() const noexcept { return sent_; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t tsc(std::size_t index) const noexcept {
    return tsc_[index % kStampsMax];
  }

 private:
  const base::SpscRing<order::Outbound>* outbound_ = nullptr;
  std::array<std::uint64_t, kStampsMax> tsc_{};
  std::size_t count_ = 0;
  std::size_t sent_ = kNone;
};

struct LoggedClock {
  const base::TscClock* clock;
  StampLog* log;

  [[nodiscard]] std::uint64_t ticks() const noexcept {
    const std::uint64_t tsc = base::read_tsc();
    log->note(tsc);
    return tsc;
  }
  [[nodiscard]] std::uint64_t ns_of(std::uint64_t ticks) const noexcept {
    return clock->utc_ns(ticks);
  }
};

}  // namespace ridley::bench
