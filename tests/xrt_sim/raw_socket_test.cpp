// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/raw_socket.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "nic/udp_frame.hpp"

namespace ridley::xrt_sim {
namespace {

std::vector<std::byte> datagram(std::size_t payload_bytes, std::uint16_t vlan) {
  const nic::UdpRoute route{.source_ip = 0x0A000001,
                            .destination_ip = 0xE8010203,
                            .source_port = 1234,
                            .destination_port = 26477,
                            .vlan = vlan};
  std::vector<std::byte> payload(payload_bytes, std::byte{0x5A});
  std::vector<std::byte> frame(nic::kFrameBytesMax);
  frame.resize(nic::build_udp_frame(frame, route, payload));
  return frame;
}

TEST(RawSocket, WritesTheChecksumThatTheKernelLeftToItsCard) {
  for (const std::uint16_t vlan : {std::uint16_t{0}, std::uint16_t{7}}) {
    for (const std::size_t bytes : {0U, 1U, 18U, 19U, 1400U}) {
      const std::vector<std::byte> right = datagram(bytes, vlan);
      std::vector<std::byte> frame = right;
      // What stands there is the sum of the pseudo header.
      const std::size_t at = nic::kEthernetHeaderBytes + (vlan != 0 ? nic::kVlanTagBytes : 0) +
                             nic::kIpv4HeaderBytes + 6;
      frame[at] = std::byte{0x12};
      frame[at + 1] = std::byte{0x34};
      complete_udp_checksum(frame);
      EXPECT_EQ(frame, right) << bytes;
    }
  }
}

TEST(RawSocket, LeavesAloneWhatIsNoWholeDatagram) {
  const std::vector<std::byte> whole = datagram(100, 0);
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    std::vector<std::byte> cut{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes)};
    const std::vector<std::byte> before = cut;
    complete_udp_checksum(cut);
    EXPECT_EQ(cut, before) << bytes;
  }
  std::vector<std::byte> other = whole;
  other[12] = std::byte{0x86};
  const std::vector<std::byte> before = other;
  complete_udp_checksum(other);
  EXPECT_EQ(other, before);
}

}  // namespace
}  // namespace ridley::xrt_sim
