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

TEST(PacketMemory, FollowsTheQueueSizeOfASoftwareWire) {
  PortRequest request;
  request.description = describe_port("net_virtio_user0,path=/tmp/feed.sock,queue_size=256");
  const unsigned few = packet_memory_for(request).buffers;
  EXPECT_GE(few, 2 * 256 + 2 * kBurstFramesMax);
  EXPECT_EQ(memory_of(PortKind::VirtioUser).buffers - few, 2U * (kVirtioRing - 256U));
  // Whatever this is, the driver will refuse it.
  request.description = describe_port("net_virtio_user0,path=/tmp/feed.sock,queue_size=many");
  EXPECT_EQ(packet_memory_for(request).buffers, memory_of(PortKind::VirtioUser).buffers);
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
