// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: what a port gives, one Ethernet frame and when it came. Hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "event/records.hpp"

namespace ridley::nic {

// The most frames taken from a port at once: two bursts of the vector receive paths of common
// network cards (32), and small enough that the last frame of a burst does not wait long.
inline constexpr std::size_t kBurstFramesMax = 64;

// The largest frame on a wire without jumbo frames: 1,500 bytes in an Ethernet header with two
// tags.
inline constexpr std::size_t kFrameBytesMax = 1522;

// The error bound of a stamp whose clock nobody here knows: a capture's, or a card's that cannot be
// read.
inline constexpr std::uint32_t kErrorUnknown = 0xFFFF'FFFF;

// The bytes belong to the port and stay valid until its next receive_burst.
struct Frame {
  const std::byte* bytes = nullptr;
  std::uint32_t length = 0;       // bytes present
  std::uint32_t wire_length = 0;  // bytes there were on the wire; more than length when cut short
  event::Timestamp stamp{};

  [[nodiscard]] std::span<const std::byte> span() const noexcept { return {bytes, length}; }
};

}  // namespace ridley::nic
