// SPDX-License-Identifier: Apache-2.0
#include "nic/udp_frame.hpp"

#include <gtest/gtest.h>

#include <array>

#include "nic/datagram.hpp"
#include "nic/ethernet.hpp"
#include "nic/frames.hpp"

namespace ridley::nic {
namespace {

using test::Bytes;
using test::bytes_of;
using test::frame_of;

UdpRoute route() {
  return {.source_mac = {0x02, 0, 0, 0, 0, 1},
          .destination_mac = multicast_mac(0xE936'0C01),
          .source_ip = 0xC000'0201,
          .destination_ip = 0xE936'0C01,
          .source_port = 4000,
          .destination_port = 26477};
}

using Room = std::array<std::byte, kFrameBytesMax>;

}  // namespace

TEST(UdpFrame, IsTheFrameMadeByHandAndPadded) {
  Room room;
  room.fill(std::byte{0xEE});
  ASSERT_EQ(build_udp_frame(room, route(), bytes_of("hello")), kFrameBytesMin);
  Bytes expected = test::hello_frame();
  expected.resize(kFrameBytesMin);
  EXPECT_EQ(Bytes(room.begin(), room.begin() + kFrameBytesMin), expected);
  EXPECT_EQ(room[kFrameBytesMin], std::byte{0xEE});
}

TEST(UdpFrame, ComesApartAgainAtEveryLength) {
  Bytes payload;
  for (std::size_t length = 0; length <= kUdpPayloadBytesMax; ++length) {
    Room room;
    UdpRoute tagged = route();
    tagged.vlan = length % 2 == 0 ? std::uint16_t{0} : std::uint16_t{42};
    const std::size_t bytes = build_udp_frame(room, tagged, payload);
    ASSERT_NE(bytes, 0u) << length;
    Datagram datagram;
    ASSERT_EQ(strip(frame_of({room.data(), bytes}), datagram), Strip::Udp) << length;
    EXPECT_EQ(Bytes(datagram.payload.begin(), datagram.payload.end()), payload);
    EXPECT_EQ(datagram.vlan, tagged.vlan);
    payload.push_back(static_cast<std::byte>(length * 7 + 1));
  }
}

TEST(UdpFrame, TakesAPayloadThatAlreadyStandsInTheRoom) {
  Room room;
  const Bytes payload = bytes_of("in its place");
  std::copy(payload.begin(), payload.end(), room.begin() + udp_payload_at(route()));
  const std::span<const std::byte> there{room.data() + udp_payload_at(route()), payload.size()};
  const std::size_t bytes = build_udp_frame(room, route(), there);
  Datagram datagram;
  ASSERT_EQ(strip(frame_of({room.data(), bytes}), datagram), Strip::Udp);
  EXPECT_EQ(Bytes(datagram.payload.begin(), datagram.payload.end()), payload);
}

TEST(UdpFrame, RefusesOneByteTooManyAndTooLittleRoom) {
  Room room;
  EXPECT_EQ(build_udp_frame(room, route(), Bytes(kUdpPayloadBytesMax + 1)), 0u);
  EXPECT_EQ(build_udp_frame({room.data(), 59}, route(), bytes_of("x")), 0u);
  EXPECT_EQ(build_udp_frame({room.data(), 60}, route(), bytes_of("x")), 60u);
  EXPECT_EQ(build_udp_frame({room.data(), 141}, route(), Bytes(100)), 0u);
  EXPECT_EQ(build_udp_frame({room.data(), 142}, route(), Bytes(100)), 142u);
}

TEST(UdpFrame, NeverWritesAZeroChecksum) {
  // A payload that makes the sum all ones: its complement would be zero.
  Room room;
  ASSERT_NE(build_udp_frame(room, route(), bytes_of({0, 0})), 0u);
  std::uint16_t checksum;
  std::memcpy(&checksum, room.data() + 40, 2);
  Bytes payload(2);
  std::memcpy(payload.data(), &checksum, 2);
  ASSERT_NE(build_udp_frame(room, route(), payload), 0u);
  std::memcpy(&checksum, room.data() + 40, 2);
  EXPECT_EQ(checksum, 0xFFFF);
  Datagram datagram;
  EXPECT_EQ(strip(frame_of({room.data(), 60}), datagram), Strip::Udp);
}

TEST(MulticastMac, KeepsTheLowTwentyThreeBits) {
  EXPECT_EQ(multicast_mac(0xE936'0C01), (MacAddress{0x01, 0x00, 0x5E, 0x36, 0x0C, 0x01}));
  EXPECT_EQ(multicast_mac(0xEFFF'FFFF), (MacAddress{0x01, 0x00, 0x5E, 0x7F, 0xFF, 0xFF}));
}

}  // namespace ridley::nic
