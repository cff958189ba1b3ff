// SPDX-License-Identifier: Apache-2.0
#include "nic/packet_memory.hpp"

#include <gtest/gtest.h>

#include "nic/dpdk_setup.hpp"
#include "nic/frame.hpp"

namespace ridley::nic {
namespace {

PacketMemory memory_of(PortKind kind) {
  PortRequest request;
  request.description.kind = kind;
  return packet_memory_for(request);
}

}  // namespace

TEST(PacketMemory, CoversBothRingsAndWhatIsUnderWay) {
  EXPECT_GE(memory_of(PortKind::Pci).buffers,
            kReceiveDescriptors + kSendDescriptors + 2 * kBurstFramesMax);
  EXPECT_GE(memory_of(PortKind::VirtioUser).buffers, 2 * kVirtioRing + 2 * kBurstFramesMax);
  EXPECT_GE(memory_of(PortKind::Vhost).buffers, 2 * kBurstFramesMax);
}

TEST(PacketMemory, HasRoomForTheLargestFrame) {
  for (const PortKind kind : {PortKind::Pci, PortKind::Vhost, PortKind::VirtioUser,
                              PortKind::AfPacket, PortKind::AfXdp, PortKind::DpdkCapture}) {
    EXPECT_GE(memory_of(kind).room_bytes, 128 + kFrameBytesMax) << name(kind);
  }
  // Cards count in kilobytes; a smaller buffer would cut frames in two.
  EXPECT_EQ(memory_of(PortKind::Pci).room_bytes, 128 + 2048);
}

TEST(PacketMemory, PutsTwoBuffersOfASoftwareWireInAPage) {
  const PacketMemory memory = memory_of(PortKind::VirtioUser);
  EXPECT_LE(memory.bytes, memory.buffers * std::size_t{2048} + 4096);
  EXPECT_GE(memory_of(PortKind::Pci).bytes, memory_of(PortKind::Pci).buffers * std::size_t{4096});
}

}  // namespace ridley::nic
