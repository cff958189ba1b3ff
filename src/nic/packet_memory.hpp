// SPDX-License-Identifier: Apache-2.0
// In: a port's request. Out: how many packet buffers it needs, of which size, and how much memory
// that is. Cold; free of DPDK's headers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ridley::nic {

struct PortRequest;

// The largest virtio ring, unless queue_size names another: a burst at the open fits as on a
// network card.
inline constexpr std::uint16_t kVirtioRing = 1024;

struct PacketMemory {
  unsigned buffers = 0;
  unsigned cache_buffers = 0;    // a thread's own stock
  std::uint16_t room_bytes = 0;  // of one buffer, with the headroom before the frame
  std::size_t bytes = 0;         // of all of them, at most
};

[[nodiscard]] PacketMemory packet_memory_for(const PortRequest& request) noexcept;

}  // namespace ridley::nic
