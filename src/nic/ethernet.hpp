// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: the numbers of Ethernet, IPv4 and UDP that both reading and building need.
// Hot core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ridley::nic {

using MacAddress = std::array<std::uint8_t, 6>;

inline constexpr std::size_t kEthernetHeaderBytes = 14;
inline constexpr std::size_t kVlanTagBytes = 4;
inline constexpr std::size_t kIpv4HeaderBytes = 20;  // without options
inline constexpr std::size_t kUdpHeaderBytes = 8;
inline constexpr std::size_t kFrameBytesMin = 60;  // without the frame check sequence

inline constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherTypeArp = 0x0806;
inline constexpr std::uint16_t kEtherTypeVlan = 0x8100;
inline constexpr std::uint16_t kEtherTypeServiceVlan = 0x88A8;     // 802.1ad, the outer of two
inline constexpr std::uint16_t kEtherTypeOldServiceVlan = 0x9100;  // before the standard

inline constexpr std::uint8_t kProtocolIgmp = 2;
inline constexpr std::uint8_t kProtocolTcp = 6;
inline constexpr std::uint8_t kProtocolUdp = 17;

[[nodiscard]] constexpr bool is_multicast(std::uint32_t ip) noexcept { return (ip >> 28) == 0xE; }

// RFC 1112: 01:00:5e and the low 23 bits of the group.
[[nodiscard]] constexpr MacAddress multicast_mac(std::uint32_t group) noexcept {
  return {0x01,
          0x00,
          0x5E,
          static_cast<std::uint8_t>((group >> 16) & 0x7F),
          static_cast<std::uint8_t>(group >> 8),
          static_cast<std::uint8_t>(group)};
}

}  // namespace ridley::nic
