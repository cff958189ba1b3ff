// SPDX-License-Identifier: Apache-2.0
// In and out: what the hot end and the kernel end of one order connection tell each other while the
// hot core puts packets on the wire that the kernel's TCP owns. Hot core and session thread.
//
// Who may append to the TCP stream is decided here. The session thread gives a *lease*: "as long as
// this generation holds, the next byte is number `sequence` and you put it there". With it the hot
// core numbers and sends by itself. It gives the lease back by passing on a packet that it has not
// sent; from then on the session thread numbers, until it gives another lease. A lease names how
// many packets the session thread had taken: when the hot core has passed on more than that, the
// bytes of those come first and the lease is void. So there is no moment at which both may append,
// and neither waits for the other.
//
//   what                                written by       read by
//   next number while leased            hot core         -
//   next number otherwise               session thread   -
//   permit, answer                      session thread   hot core, at each packet
//   departed: packets in stream order   hot core         session thread
//   tasks: frames, leases, heartbeats   session thread   hot core, every turn
//   the port's sending side             hot core; the session thread once the hot loop has ended
//   the port's receiving side           session thread
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/spsc_ring.hpp"
#include "nic/frame.hpp"
#include "order/segment_template.hpp"
#include "order/slots.hpp"

namespace ridley::order {

// Why a packet went through the kernel and not straight to the wire.
enum class Fallback : std::uint8_t {
  None,
  NotOpen,         // before the login, or one side has closed or reset the connection
  KernelBehind,    // the kernel still holds earlier bytes, or the next lease is on its way
  Window,          // of the peer: too small
  Congestion,      // the kernel's congestion window is full, or it is recovering from a timeout
  Unacknowledged,  // more on the wire than the configured limit
  SegmentSize,     // the kernel's maximum segment size has changed
  Route,           // the kernel's frames have other headers now: next hop, options
  PortRefused,     // the port took no frame
  Disagreement,    // hot core and kernel differ about the stream: the connection is given up
};
inline constexpr std::size_t kFallbacks = 10;

[[nodiscard]] constexpr std::string_view name_of(Fallback fallback) noexcept {
  constexpr std::array<std::string_view, kFallbacks> kNames{
      "none",           "not_open",     "kernel_behind", "window",       "congestion",
      "unacknowledged", "segment_size", "route",         "port_refused", "disagreement"};
  return kNames[static_cast<std::size_t>(fallback)];
}

// How far the hot core may send, and under which lease. `limit` is what forbids more.
struct Permit {
  std::uint32_t send_until = 0;
  std::uint16_t generation = 0;
  Fallback limit = Fallback::NotOpen;
  std::uint8_t reserved = 0;
};

// What the kernel last said to the peer, for the next segment to repeat.
struct Answer {
  std::uint32_t acknowledgement = 0;
  std::uint16_t window = 0;
  std::uint16_t reserved = 0;
};

// 0 is the generation of no lease.
inline constexpr std::uint16_t kNoLease = 0;

enum class WireTaskKind : std::uint8_t { Frame, Lease, Heartbeat };

// A standard frame without tags, as an interface with an MTU of 1,500 sends.
inline constexpr std::size_t kTaskBytesMax = 1'520;

struct WireTask {
  WireTaskKind kind = WireTaskKind::Frame;
  std::uint8_t reserved = 0;
  std::uint16_t length = 0;      // of the frame
  std::uint16_t connection = 0;  // Lease, Heartbeat: the login it is for
  std::uint16_t generation = 0;  // Lease
  std::uint32_t sequence = 0;    // Lease: of the next byte
  std::uint32_t packets = 0;     // Lease: void when the hot core has passed on more
  // The frame; of a lease the head of its segments.
  std::array<std::byte, kTaskBytesMax> bytes{};
};
static_assert(sizeof(WireTask) == 1'536);
static_assert(std::is_trivially_copyable_v<WireTask>);

// The kernel's first window of ten segments several times over; what does not fit is lost as on any
// wire, and sent again.
inline constexpr std::size_t kWireTasksMax = 128;

class Handover {
 public:
  // Cold. As many packets as the ring in front of the hot end has room for.
  explicit Handover(std::size_t packets) : departed_{packets}, tasks_{kWireTasksMax} {}

  [[nodiscard]] base::SpscRing<Outbound>& departed() noexcept { return departed_; }
  [[nodiscard]] base::SpscRing<WireTask>& tasks() noexcept { return tasks_; }

  // Relaxed, all four: a permit is a statement about the past and right however old it is, because
  // numbers that were acknowledged and windows that were granted stay so; an answer that is not the
  // newest is repeated by the kernel. What a lease needs travels with it in the ring.
  [[nodiscard]] Permit permit() const noexcept {
    return unpacked<Permit>(permit_.load(std::memory_order_relaxed));
  }
  void set_permit(const Permit& permit) noexcept {
    permit_.store(packed(permit), std::memory_order_relaxed);
  }
  [[nodiscard]] Answer answer() const noexcept {
    return unpacked<Answer>(answer_.load(std::memory_order_relaxed));
  }
  void set_answer(const Answer& answer) noexcept {
    answer_.store(packed(answer), std::memory_order_relaxed);
  }

  // The hot loop has ended: the port's sending side and the rest of the tasks are the session
  // thread's. Release and acquire: whatever the hot core did with both is over.
  void end_hot() noexcept { hot_ended_.store(true, std::memory_order_release); }
  [[nodiscard]] bool hot_ended() const noexcept {
    return hot_ended_.load(std::memory_order_acquire);
  }

 private:
  template <typename Value>
  [[nodiscard]] static std::uint64_t packed(const Value& value) noexcept {
    static_assert(std::has_unique_object_representations_v<Value>);
    return std::bit_cast<std::uint64_t>(value);
  }
  template <typename Value>
  [[nodiscard]] static Value unpacked(std::uint64_t word) noexcept {
    return std::bit_cast<Value>(word);
  }

  base::SpscRing<Outbound> departed_;
  base::SpscRing<WireTask> tasks_;
  // One line that the session thread writes for each acknowledgement and the hot core reads for
  // each packet.
  alignas(base::kNoFalseSharingBytes) std::atomic<std::uint64_t> permit_{packed(Permit{})};
  std::atomic<std::uint64_t> answer_{0};
  alignas(base::kNoFalseSharingBytes) std::atomic<bool> hot_ended_{false};
};

}  // namespace ridley::order
