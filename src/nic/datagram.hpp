// SPDX-License-Identifier: Apache-2.0
// In: an Ethernet frame from outside. Out: the UDP payload and its addresses, or the named cause
// why there is none. Every frame is counted under exactly one cause. Hot core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "event/records.hpp"
#include "nic/checksum.hpp"
#include "nic/ethernet.hpp"
#include "nic/frame.hpp"
#include "nic/multicast_filter.hpp"

namespace ridley::nic {

using Strip = event::FrameCause;

inline constexpr std::size_t kStripCauses = static_cast<std::size_t>(Strip::BadUdpChecksum) + 1;

// The payload points into the frame and lives as long as it does.
struct Datagram {
  std::span<const std::byte> payload;
  std::uint32_t source_ip = 0;
  std::uint32_t destination_ip = 0;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint16_t vlan = 0;  // of the innermost tag; 0 without one
  std::uint16_t line = 0;  // what the filter knows the address as; 0 without a filter
};

// What is checked besides lengths. A network card that verifies checksums itself makes both
// needless.
struct StripChecks {
  bool header_checksum = true;
  bool udp_checksum = true;  // only where the sender gave one
};

// An outer and an inner tag; a third does not occur on exchange feeds.
inline constexpr int kVlanTagsMax = 2;

namespace detail {

[[nodiscard]] constexpr bool is_vlan(std::uint16_t ether_type) noexcept {
  return ether_type == kEtherTypeVlan || ether_type == kEtherTypeServiceVlan ||
         ether_type == kEtherTypeOldServiceVlan;
}

[[nodiscard]] inline bool udp_checksum_right(const std::byte* ip_header,
                                             std::span<const std::byte> udp) noexcept {
  if (base::load_big_endian<std::uint16_t>(udp.data() + 6) == 0) return true;
  ChecksumSum sum;
  sum.add_fixed<8>(ip_header + 12);  // both addresses
  sum.add_big_endian(std::uint16_t{kProtocolUdp});
  sum.add_big_endian(static_cast<std::uint16_t>(udp.size()));
  sum.add(udp);
  return sum.folded() == kChecksumRight;
}

[[nodiscard]] constexpr Strip not_udp(std::uint8_t protocol) noexcept {
  if (protocol == kProtocolIgmp) return Strip::Igmp;
  if (protocol == kProtocolTcp) return Strip::Tcp;
  return Strip::OtherProtocol;
}

// A whole IPv4 packet, perhaps with Ethernet padding behind it.
[[nodiscard]] inline Strip strip_ipv4(std::span<const std::byte> packet, Datagram& datagram,
                                      StripChecks checks) noexcept {
  if (packet.size() < kIpv4HeaderBytes) return Strip::Truncated;
  const auto version_and_words = static_cast<std::uint8_t>(packet[0]);
  const std::size_t header_bytes = std::size_t{version_and_words & 0xFU} * 4;
  const std::size_t total_bytes = base::load_big_endian<std::uint16_t>(&packet[2]);
  if ((version_and_words >> 4) != 4 || header_bytes < kIpv4HeaderBytes) return Strip::BadHeader;
  if (total_bytes < header_bytes) return Strip::BadHeader;
  if (packet.size() < header_bytes) return Strip::Truncated;
  if (checks.header_checksum) {
    ChecksumSum sum;
    sum.add_fixed<kIpv4HeaderBytes>(packet.data());
    if (header_bytes > kIpv4HeaderBytes) [[unlikely]]
      sum.add(packet.first(header_bytes).subspan(kIpv4HeaderBytes));
    if (sum.folded() != kChecksumRight) return Strip::BadHeaderChecksum;
  }
  if (packet.size() < total_bytes) return Strip::Truncated;
  // More fragments, or not the first.
  if ((base::load_big_endian<std::uint16_t>(&packet[6]) & 0x3FFF) != 0) return Strip::Fragment;
  const auto protocol = static_cast<std::uint8_t>(packet[9]);
  if (protocol != kProtocolUdp) return not_udp(protocol);

  const std::span<const std::byte> rest = packet.subspan(header_bytes, total_bytes - header_bytes);
  if (rest.size() < kUdpHeaderBytes) return Strip::BadUdpLength;
  const std::size_t udp_bytes = base::load_big_endian<std::uint16_t>(&rest[4]);
  if (udp_bytes < kUdpHeaderBytes || udp_bytes > rest.size()) return Strip::BadUdpLength;
  const std::span<const std::byte> udp = rest.first(udp_bytes);
  if (checks.udp_checksum && !udp_checksum_right(packet.data(), udp)) return Strip::BadUdpChecksum;

  datagram.payload = udp.subspan(kUdpHeaderBytes);
  datagram.source_ip = base::load_big_endian<std::uint32_t>(&packet[12]);
  datagram.destination_ip = base::load_big_endian<std::uint32_t>(&packet[16]);
  datagram.source_port = base::load_big_endian<std::uint16_t>(&udp[0]);
  datagram.destination_port = base::load_big_endian<std::uint16_t>(&udp[2]);
  return Strip::Udp;
}

}  // namespace detail

// Udp fills the datagram; any other cause leaves it undefined. Reads nothing beyond frame.length.
[[nodiscard]] inline Strip strip(const Frame& frame, Datagram& datagram,
                                 StripChecks checks = {}) noexcept {
  const std::span<const std::byte> bytes = frame.span();
  if (bytes.size() < kEthernetHeaderBytes) return Strip::Truncated;
  std::size_t type_at = kEthernetHeaderBytes - 2;
  auto ether_type = base::load_big_endian<std::uint16_t>(&bytes[type_at]);
  datagram.vlan = 0;
  datagram.line = 0;
  for (int tag = 0; tag < kVlanTagsMax && detail::is_vlan(ether_type); ++tag) {
    if (bytes.size() < type_at + 2 + kVlanTagBytes) return Strip::Truncated;
    datagram.vlan = base::load_big_endian<std::uint16_t>(&bytes[type_at + 2]) & 0x0FFF;
    type_at += kVlanTagBytes;
    ether_type = base::load_big_endian<std::uint16_t>(&bytes[type_at]);
  }
  if (ether_type == kEtherTypeArp) return Strip::Arp;
  if (ether_type != kEtherTypeIpv4) return Strip::NotIpv4;
  return detail::strip_ipv4(bytes.subspan(type_at + 2), datagram, checks);
}

// How many frames ended under each cause.
class StripCounts {
 public:
  void add(Strip cause) noexcept { ++counts_[static_cast<std::size_t>(cause)]; }
  [[nodiscard]] const std::uint64_t& of(Strip cause) const noexcept {
    return counts_[static_cast<std::size_t>(cause)];
  }
  [[nodiscard]] std::uint64_t total() const noexcept {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts_) sum += count;
    return sum;
  }

 private:
  std::array<std::uint64_t, kStripCauses> counts_{};
};

// Strips, asks the filter, counts.
class DatagramReader {
 public:
  explicit DatagramReader(const MulticastFilter& filter, StripChecks checks = {}) noexcept
      : filter_{filter}, checks_{checks} {}

  [[nodiscard]] Strip read(const Frame& frame, Datagram& datagram) noexcept {
    const Strip cause = read_uncounted(frame, datagram);
    counts_.add(cause);
    return cause;
  }

  [[nodiscard]] const StripCounts& counts() const noexcept { return counts_; }

 private:
  [[nodiscard]] Strip read_uncounted(const Frame& frame, Datagram& datagram) const noexcept {
    const Strip cause = strip(frame, datagram, checks_);
    if (cause != Strip::Udp) return cause;
    const Line line = filter_.find(datagram.destination_ip, datagram.destination_port);
    if (line == kNoLine) return Strip::OtherAddress;
    datagram.line = line;
    return Strip::Udp;
  }

  MulticastFilter filter_;
  StripChecks checks_;
  StripCounts counts_;
};

}  // namespace ridley::nic
