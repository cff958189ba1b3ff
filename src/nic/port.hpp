// SPDX-License-Identifier: Apache-2.0
// In: a wire of any kind. Out: what the pipeline may ask of it. The hot core calls it; a port is
// chosen at compile time, never through a virtual call.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "nic/frame.hpp"

namespace ridley::nic {

template <typename Candidate>
concept Port =
    requires(Candidate& port, std::span<Frame> frames, std::span<const std::byte> bytes) {
      // Fills frames from the front, at most kBurstFramesMax, and says how many. Frames given by
      // the call before are no longer valid.
      { port.receive_burst(frames) } noexcept -> std::same_as<std::size_t>;
      // Takes one whole Ethernet frame. False when it was refused and counted: never waits.
      { port.send(bytes) } noexcept -> std::same_as<bool>;
    };

// What a port has counted since it was opened. Read by telemetry, on a cold core.
struct PortStatistics {
  std::uint64_t received = 0;      // frames taken off the wire
  std::uint64_t sent = 0;          // frames the port accepted for sending
  std::uint64_t missed = 0;        // lost in front of a full receive ring (imissed)
  std::uint64_t no_buffer = 0;     // lost because the pool of buffers was empty (rx_nombuf)
  std::uint64_t errors = 0;        // broken frames (ierrors)
  std::uint64_t send_refused = 0;  // frames not sent: ring full, no peer, no buffer, too long
};

struct Link {
  bool up = false;
  std::uint32_t megabits_per_second = 0;  // 0: unknown
};

}  // namespace ridley::nic
