// SPDX-License-Identifier: Apache-2.0
// In: addresses and a payload. Out: a whole Ethernet frame in the caller's memory, with all
// checksums. Hot core: no allocation.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/bytes.hpp"
#include "nic/checksum.hpp"
#include "nic/ethernet.hpp"
#include "nic/frame.hpp"

namespace ridley::nic {

struct UdpRoute {
  MacAddress source_mac{};
  MacAddress destination_mac{};  // multicast_mac(group) for a group
  std::uint32_t source_ip = 0;
  std::uint32_t destination_ip = 0;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint16_t vlan = 0;  // 0: no tag
  std::uint8_t time_to_live = 16;
};

// Where the payload stands in a frame on that route. A caller who writes it there beforehand saves
// a copy.
[[nodiscard]] constexpr std::size_t udp_payload_at(const UdpRoute& route) noexcept {
  return kEthernetHeaderBytes + (route.vlan != 0 ? kVlanTagBytes : 0) + kIpv4HeaderBytes +
         kUdpHeaderBytes;
}

// What a standard frame has room for.
inline constexpr std::size_t kUdpPayloadBytesMax = 1500 - kIpv4HeaderBytes - kUdpHeaderBytes;

namespace detail {

inline std::byte* put_ethernet(std::byte* to, const MacAddress& destination,
                               const MacAddress& source, std::uint16_t vlan) noexcept {
  std::memcpy(to, destination.data(), destination.size());
  std::memcpy(to + 6, source.data(), source.size());
  to += 12;
  if (vlan != 0) {
    base::store_big_endian(to, kEtherTypeVlan);
    base::store_big_endian(to + 2, vlan);
    to += kVlanTagBytes;
  }
  base::store_big_endian(to, kEtherTypeIpv4);
  return to + 2;
}

struct Ipv4Fields {
  std::uint32_t source_ip;
  std::uint32_t destination_ip;
  std::uint16_t total_bytes;
  std::uint8_t protocol;
  std::uint8_t time_to_live;
};

// Twenty bytes; never to be fragmented.
inline void put_ipv4(std::byte* to, const Ipv4Fields& fields) noexcept {
  to[0] = std::byte{0x45};
  to[1] = std::byte{0};
  base::store_big_endian(to + 2, fields.total_bytes);
  base::store_big_endian(to + 4, std::uint32_t{0x4000});
  to[8] = std::byte{fields.time_to_live};
  to[9] = std::byte{fields.protocol};
  base::store_big_endian(to + 10, std::uint16_t{0});
  base::store_big_endian(to + 12, fields.source_ip);
  base::store_big_endian(to + 16, fields.destination_ip);
  ChecksumSum sum;
  sum.add({to, kIpv4HeaderBytes});
  const std::uint16_t checksum = sum.checksum();
  std::memcpy(to + 10, &checksum, sizeof checksum);
}

inline void put_udp(std::byte* to, const UdpRoute& route, std::uint16_t udp_bytes) noexcept {
  base::store_big_endian(to, route.source_port);
  base::store_big_endian(to + 2, route.destination_port);
  base::store_big_endian(to + 4, udp_bytes);
  base::store_big_endian(to + 6, std::uint16_t{0});
  ChecksumSum sum;
  sum.add_big_endian(route.source_ip);
  sum.add_big_endian(route.destination_ip);
  sum.add_big_endian(std::uint16_t{kProtocolUdp});
  sum.add_big_endian(udp_bytes);
  sum.add({to, udp_bytes});
  // Zero would mean that there is no checksum; its other form stands for it.
  const std::uint16_t checksum = sum.checksum() == 0 ? kChecksumRight : sum.checksum();
  std::memcpy(to + 6, &checksum, sizeof checksum);
}

// Short frames are filled up with zeros, as a network card does on its way out.
[[nodiscard]] inline std::size_t pad(std::span<std::byte> frame, std::size_t bytes) noexcept {
  if (bytes >= kFrameBytesMin) return bytes;
  std::fill_n(frame.data() + bytes, kFrameBytesMin - bytes, std::byte{0});
  return kFrameBytesMin;
}

}  // namespace detail

// The frame's length, or 0 when the payload is longer than a standard frame carries or the room too
// small. The payload may already stand at its place in the room.
[[nodiscard]] inline std::size_t build_udp_frame(std::span<std::byte> room, const UdpRoute& route,
                                                 std::span<const std::byte> payload) noexcept {
  const std::size_t payload_at = udp_payload_at(route);
  const std::size_t bytes = payload_at + payload.size();
  if (payload.size() > kUdpPayloadBytesMax) return 0;
  if (room.size() < std::max(bytes, kFrameBytesMin)) return 0;
  if (!payload.empty() && payload.data() != room.data() + payload_at) {
    std::memmove(room.data() + payload_at, payload.data(), payload.size());
  }
  const auto udp_bytes = static_cast<std::uint16_t>(kUdpHeaderBytes + payload.size());
  std::byte* ip =
      detail::put_ethernet(room.data(), route.destination_mac, route.source_mac, route.vlan);
  detail::put_ipv4(ip, {.source_ip = route.source_ip,
                        .destination_ip = route.destination_ip,
                        .total_bytes = static_cast<std::uint16_t>(kIpv4HeaderBytes + udp_bytes),
                        .protocol = kProtocolUdp,
                        .time_to_live = route.time_to_live});
  detail::put_udp(ip + kIpv4HeaderBytes, route, udp_bytes);
  return detail::pad(room, bytes);
}

}  // namespace ridley::nic
