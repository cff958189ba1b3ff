// SPDX-License-Identifier: Apache-2.0
// In: packets of the order room, tasks of the session thread. Out: each packet on the wire at once
// when a lease allows it, and in any case passed on to the session thread, which gives the same
// bytes to the kernel. Hot core.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "nic/port.hpp"
#include "order/handover.hpp"
#include "order/segment_template.hpp"
#include "order/slots.hpp"

namespace ridley::order {

// Frames of the kernel that leave in one turn, so that the feed does not wait for them.
inline constexpr std::size_t kTasksPerTurnMax = 8;

struct HotEndCounters {
  std::uint64_t packets_hot = 0;  // put on the wire by the hot core
  std::uint64_t leases = 0;
  std::uint64_t leases_void = 0;
  std::uint64_t frames_refused = 0;  // of the kernel, by the port
  std::array<std::uint64_t, kFallbacks> fallbacks{};
};

template <nic::Port WirePort>
class HotEnd {
 public:
  // Cold. All of them outlive the hot end.
  HotEnd(WirePort& port, base::SpscRing<Outbound>& packets, Handover& handover)
      : port_{port}, packets_{packets}, handover_{handover} {
    // A client heartbeat (SoupBinTCP 3.00): a length of one and its type.
    heartbeat_.length = 3;
    heartbeat_.bytes[1] = std::byte{1};
    heartbeat_.bytes[2] = std::byte{'R'};
  }

  // Once a turn: what the session thread wants, then what is left over.
  void turn() noexcept {
    for (std::size_t i = 0; i < kTasksPerTurnMax; ++i) {
      const WireTask* task = handover_.tasks().front();
      if (task == nullptr) break;
      if (!take(*task)) return;
      handover_.tasks().drop_front();
    }
    depart();
  }

  // Every packet that waits, as long as the session thread's ring has room.
  void depart() noexcept {
    while (const Outbound* packet = packets_.front()) {
      if (!pass_on(*packet)) return;
      packets_.drop_front();
    }
  }

  // When the hot loop ends: the port's sending side goes to the session thread.
  void leave() noexcept {
    depart();
    handover_.end_hot();
  }

  [[nodiscard]] bool leased() const noexcept { return generation_ != kNoLease; }
  [[nodiscard]] const HotEndCounters& counters() const noexcept { return counters_; }

 private:
  // False when it has to wait for the next turn.
  bool take(const WireTask& task) noexcept {
    switch (task.kind) {
      case WireTaskKind::Frame:
        if (!port_.send({task.bytes.data(), task.length})) ++counters_.frames_refused;
        return true;
      case WireTaskKind::Lease: take_lease(task); return true;
      case WireTaskKind::Heartbeat:
        // Behind what was written before it.
        depart();
        heartbeat_.connection = task.connection;
        return packets_.front() == nullptr && pass_on(heartbeat_);
    }
    return true;
  }

  void take_lease(const WireTask& task) noexcept {
    if (task.packets != passed_on_) {
      ++counters_.leases_void;
      return;
    }
    ++counters_.leases;
    SegmentHead head;
    std::copy_n(task.bytes.begin(), head.size(), head.begin());
    template_.take(head);
    generation_ = task.generation;
    connection_ = task.connection;
    sequence_ = task.sequence;
  }

  // The frame leaves before the packet is copied.
  bool pass_on(const Outbound& packet) noexcept {
    Outbound* slot = handover_.departed().claim();
    if (slot == nullptr) return false;
    SegmentPlace place;
    const Fallback fallback = send(packet, place);
    std::memcpy(slot, &packet, sizeof packet);
    if (fallback == Fallback::None) {
      ++counters_.packets_hot;
      slot->way = Way::Wire;
      slot->sequence = place.sequence;
      slot->acknowledgement = place.acknowledgement;
      slot->window = place.window;
    } else {
      ++counters_.fallbacks[static_cast<std::size_t>(fallback)];
      slot->way = Way::Kernel;
      generation_ = kNoLease;
    }
    ++passed_on_;
    handover_.departed().publish();
    return true;
  }

  Fallback send(const Outbound& packet, SegmentPlace& place) noexcept {
    const Permit permit = handover_.permit();
    const bool leased = generation_ != kNoLease && generation_ == permit.generation;
    if (!leased || connection_ != packet.connection) return why_not(permit);
    const std::uint32_t end = sequence_ + packet.length;
    if (nic::before(permit.send_until, end)) return why_not(permit);
    const Answer answer = handover_.answer();
    place = {sequence_, answer.acknowledgement, answer.window};
    if (!port_.send(template_.patch(place, packet))) return Fallback::PortRefused;
    sequence_ = end;
    return Fallback::None;
  }

  [[nodiscard]] static Fallback why_not(const Permit& permit) noexcept {
    return permit.limit == Fallback::None ? Fallback::KernelBehind : permit.limit;
  }

  WirePort& port_;
  base::SpscRing<Outbound>& packets_;
  Handover& handover_;
  SegmentTemplate template_;
  std::uint16_t generation_ = kNoLease;
  std::uint16_t connection_ = 0;
  std::uint32_t sequence_ = 0;   // of the next byte, while leased
  std::uint32_t passed_on_ = 0;  // packets so far; goes round
  Outbound heartbeat_;
  HotEndCounters counters_;
};

}  // namespace ridley::order
