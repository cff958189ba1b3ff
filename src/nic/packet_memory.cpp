// SPDX-License-Identifier: Apache-2.0
// In: a port's request. Out: how many packet buffers it needs, of which size. Cold.
#include "nic/packet_memory.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "nic/dpdk_setup.hpp"
#include "nic/frame.hpp"

namespace ridley::nic {
namespace {

// DPDK keeps this much free before a frame, for headers that are put in front.
constexpr std::size_t kHeadroomBytes = 128;
// What network cards fill at once: they count in steps of 1 KB.
constexpr std::size_t kCardRoomBytes = 2048;
// A standard frame in whole cache lines: two such buffers fit into a small page, of the others one.
constexpr std::size_t kSoftwareRoomBytes = (kFrameBytesMax + 63) / 64 * 64;
// Before each buffer: an object header and an rte_mbuf.
constexpr std::size_t kBeforeBufferBytes = 64 + 128;
constexpr std::size_t kSmallPageBytes = 4096;

// The driver fills these to the brim whatever number of descriptors it is asked for.
constexpr unsigned kAfXdpFillRing = 4096;
constexpr unsigned kAfXdpCompletionRing = 2048;

// A thread's cache is flushed to two thirds when it holds half as much again.
constexpr unsigned kCacheBuffers = 64;
constexpr unsigned kCacheBuffersMax = kCacheBuffers + kCacheBuffers / 2;
// The hot core, and one more thread that sends.
constexpr unsigned kThreadsMax = 2;

// What the operator asked for, or what we ask for in his place.
unsigned virtio_ring_of(const PortDescription& description) noexcept {
  constexpr std::string_view kKey = "queue_size=";
  const std::string_view arguments = description.arguments;
  const std::size_t at = arguments.find(kKey);
  unsigned frames = kVirtioRing;
  if (at != std::string_view::npos) {
    const std::string_view number = arguments.substr(at + kKey.size());
    std::from_chars(number.data(), number.data() + number.size(), frames);
  }
  return frames;
}

// Buffers that stand in the rings when both are full.
unsigned ring_buffers(const PortRequest& request) noexcept {
  switch (request.description.kind) {
    // These copy; nothing stays in a ring of theirs.
    case PortKind::Vhost:
    case PortKind::AfPacket:
    case PortKind::DpdkCapture: return 0;
    case PortKind::VirtioUser: return 2U * virtio_ring_of(request.description);
    case PortKind::AfXdp: return kAfXdpFillRing + kAfXdpCompletionRing;
    case PortKind::Pci:
    case PortKind::Capture:
    case PortKind::Memory: break;
  }
  return 0U + request.receive_descriptors + request.send_descriptors;
}

bool between_processes(PortKind kind) noexcept {
  return kind == PortKind::Vhost || kind == PortKind::VirtioUser;
}

}  // namespace

PacketMemory packet_memory_for(const PortRequest& request) noexcept {
  const std::size_t room =
      between_processes(request.description.kind) ? kSoftwareRoomBytes : kCardRoomBytes;
  // Besides the rings: a burst that is looked at, one that arrives, one that leaves.
  const unsigned buffers = ring_buffers(request) + 3U * static_cast<unsigned>(kBurstFramesMax) +
                           kThreadsMax * kCacheBuffersMax;
  // A buffer does not cross a small page.
  const std::size_t in_a_page =
      std::max<std::size_t>(1, kSmallPageBytes / (kBeforeBufferBytes + kHeadroomBytes + room));
  return {.buffers = buffers,
          .cache_buffers = kCacheBuffers,
          .room_bytes = static_cast<std::uint16_t>(kHeadroomBytes + room),
          .bytes = (buffers / in_a_page + 1) * kSmallPageBytes};
}

}  // namespace ridley::nic
