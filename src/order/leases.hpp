// SPDX-License-Identifier: Apache-2.0
// In: what became of packets, and how the flow stands. Out: whether the hot core has a lease, may
// be given one, and how far it reaches (order/handover.hpp says what a lease is). Cold: the session
// thread. No clock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "order/handover.hpp"

namespace ridley::order {

// How the session thread sees the connection.
struct FlowView {
  bool logged_in = false;  // and the hot core was told
  bool open = false;       // neither side has begun to close
  bool even = false;       // the kernel has sent everything, and nothing waits for the socket
  std::uint32_t next = 0;  // the number of the stream's next byte
  std::uint32_t send_until = 0;
  Fallback limit = Fallback::NotOpen;  // what forbids more
  std::uint32_t segment_bytes = 0;
  std::uint32_t routes = 0;  // changes with the head of the kernel's frames
};

class Leases {
 public:
  // The session thread has taken a packet out of the ring.
  void took(Way way) noexcept;

  // Nobody but the session thread appends to the stream. Not yet so when a lease was just taken
  // back: the hot core may have sent before it saw that, and we have not heard of it.
  [[nodiscard]] bool stream_is_ours() const noexcept { return !away_; }

  // The connection is gone, the next one is another stream.
  void lose() noexcept;

  // What a new lease says. given() has to follow when it was handed over.
  struct Lease {
    std::uint16_t generation;
    std::uint32_t sequence;
    std::uint32_t packets;
  };
  // Looks at the flow: takes a lease back that the flow no longer bears, and offers one when
  // everybody agrees.
  [[nodiscard]] std::optional<Lease> look(const FlowView& view) noexcept;
  void given(const Lease& lease) noexcept;

  // As of the last look.
  [[nodiscard]] Permit permit() const noexcept;

  // Leases taken back from the hot core, by cause. Those that it gave back stand in its own
  // counters.
  [[nodiscard]] const std::array<std::uint64_t, kFallbacks>& revoked() const noexcept {
    return revoked_;
  }

 private:
  [[nodiscard]] static Fallback unbearable(const FlowView& view, const FlowView& when_given);

  void revoke(Fallback why) noexcept;

  bool out_ = false;   // given, and neither taken nor given back
  bool away_ = false;  // given, and not given back
  std::uint16_t generation_ = kNoLease;
  std::uint32_t packets_ = 0;  // taken so far; goes round as the hot core's count does
  FlowView view_{};
  FlowView when_given_{};
  Fallback limit_ = Fallback::NotOpen;
  std::array<std::uint64_t, kFallbacks> revoked_{};
};

}  // namespace ridley::order
