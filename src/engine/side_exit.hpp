// SPDX-License-Identifier: Apache-2.0
// In: what the gate refused and what became of every order, from the hot core. Out: the same
// records, in order, on the control core, which writes them down. The order has left before its
// record is put here; a full ring loses the record, counts it, and never holds the hot core up.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/arena.hpp"
#include "base/spsc_ring.hpp"
#include "event/records.hpp"

namespace ridley::engine {

// The control core empties both rings ten times a second or more; this is room for 80,000 order
// events a second, eight times the message rate of a busy order port.
inline constexpr std::size_t kSideExitRecordsMax = 8192;

class SideExit {
 public:
  SideExit() = default;
  // Cold: the rings lie in memory that the owner of the street has touched.
  explicit SideExit(base::Arena& memory)
      : order_events_{memory.array<event::OrderEvent>(kSideExitRecordsMax,
                                                      base::kNoFalseSharingBytes)},
        rejects_{
            memory.array<event::RejectRecord>(kSideExitRecordsMax, base::kNoFalseSharingBytes)} {}

  // Cold.
  [[nodiscard]] static constexpr std::size_t bytes() noexcept {
    return base::Arena::bytes_for<event::OrderEvent>(kSideExitRecordsMax,
                                                     base::kNoFalseSharingBytes) +
           base::Arena::bytes_for<event::RejectRecord>(kSideExitRecordsMax,
                                                       base::kNoFalseSharingBytes);
  }

  // Hot core.
  void record(const event::OrderEvent& order_event) noexcept {
    if (!order_events_.push(order_event)) ++lost_;
  }
  void record(const event::RejectRecord& reject) noexcept {
    if (!rejects_.push(reject)) ++lost_;
  }
  [[nodiscard]] const std::uint64_t& lost() const noexcept { return lost_; }

  // Control core.
  [[nodiscard]] bool take(event::OrderEvent& order_event) noexcept {
    return order_events_.pop(order_event);
  }
  [[nodiscard]] bool take(event::RejectRecord& reject) noexcept { return rejects_.pop(reject); }

 private:
  base::SpscRing<event::OrderEvent> order_events_{kSideExitRecordsMax};
  base::SpscRing<event::RejectRecord> rejects_{kSideExitRecordsMax};
  std::uint64_t lost_ = 0;
};

}  // namespace ridley::engine
