// SPDX-License-Identifier: Apache-2.0
#include "nic/anonymous_frame.hpp"

#include <cstdint>
#include <cstring>

#include "base/bytes.hpp"
#include "nic/datagram.hpp"

namespace ridley::nic {
namespace {

constexpr std::size_t kIpv4ChecksumAt = 10;
constexpr std::size_t kUdpPortAt = 2;
constexpr std::size_t kUdpChecksumAt = 6;

Strip strip_bytes(std::span<const std::byte> frame, Datagram& datagram) noexcept {
  return strip({.bytes = frame.data(),
                .length = static_cast<std::uint32_t>(frame.size()),
                .wire_length = static_cast<std::uint32_t>(frame.size()),
                .stamp = {}},
               datagram);
}

// Of a frame that strip() has found to be IPv4.
std::size_t ipv4_at(std::span<const std::byte> frame) noexcept {
  std::size_t type_at = kEthernetHeaderBytes - 2;
  while (base::load_big_endian<std::uint16_t>(&frame[type_at]) != kEtherTypeIpv4) {
    type_at += kVlanTagBytes;
  }
  return type_at + 2;
}

}  // namespace

bool repair_anonymous(std::span<std::byte> frame) noexcept {
  Datagram datagram;
  Strip cause = strip_bytes(frame, datagram);
  const bool no_port = cause == Strip::Udp && datagram.destination_port == 0;
  if (cause != Strip::BadHeaderChecksum && cause != Strip::BadUdpChecksum && !no_port) return false;
  std::byte* const ip = frame.data() + ipv4_at(frame);
  std::byte* const udp = ip + (static_cast<std::size_t>(ip[0]) & 0xF) * 4;
  if (cause == Strip::BadHeaderChecksum) {
    base::store_big_endian(ip + kIpv4ChecksumAt, std::uint16_t{0});
    ChecksumSum sum;
    sum.add({ip, udp});
    const std::uint16_t checksum = sum.checksum();
    std::memcpy(ip + kIpv4ChecksumAt, &checksum, sizeof checksum);
    cause = strip_bytes(frame, datagram);
  }
  if (cause != Strip::BadUdpChecksum && cause != Strip::Udp) return true;
  if (base::load_big_endian<std::uint16_t>(udp + kUdpPortAt) == 0) {
    base::store_big_endian(udp + kUdpPortAt, kAnonymousPort);
    cause = Strip::BadUdpChecksum;
  }
  // Zero says that the sender gave none.
  if (cause == Strip::BadUdpChecksum) {
    base::store_big_endian(udp + kUdpChecksumAt, std::uint16_t{0});
  }
  return true;
}

}  // namespace ridley::nic
