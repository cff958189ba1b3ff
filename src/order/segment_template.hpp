// SPDX-License-Identifier: Apache-2.0
// In: the headers of a segment that the kernel has sent, a payload and its place in the stream.
// Out: the whole Ethernet frame that carries it. What does not change from order to order is
// written and summed once; the rest is patched. Hot core.
//
// IPv4 without options, TCP without options (RFC 791, RFC 9293); sums as RFC 1071 has them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/spsc_ring.hpp"
#include "nic/checksum.hpp"
#include "nic/ethernet.hpp"
#include "nic/tcp_frame.hpp"
#include "order/slots.hpp"

namespace ridley::order {

inline constexpr std::size_t kSegmentHeadBytes =
    nic::kEthernetHeaderBytes + nic::kIpv4HeaderBytes + nic::kTcpHeaderBytes;

using SegmentHead = std::array<std::byte, kSegmentHeadBytes>;

struct SegmentPlace {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint16_t window = 0;  // as it stands in the segment
};

class SegmentTemplate {
 public:
  // Addresses, ports, lifetime: everything that is not patched. Lengths, numbers and checksums of
  // the head do not matter.
  void take(const SegmentHead& head) noexcept {
    std::memcpy(frame(), head.data(), head.size());
    base::store_big_endian(ip() + 2, std::uint16_t{0});
    base::store_big_endian(ip() + 10, std::uint16_t{0});
    ip_sum_ = {};
    ip_sum_.add_fixed<nic::kIpv4HeaderBytes>(ip());
    std::memset(tcp() + 4, 0, 8);  // both numbers
    tcp()[12] = std::byte{(nic::kTcpHeaderBytes / 4) << 4};
    tcp()[13] = std::byte{nic::tcp::kAcknowledge | nic::tcp::kPush};
    std::memset(tcp() + 14, 0, 6);  // window, checksum, urgent pointer
    tcp_sum_ = {};
    tcp_sum_.add_fixed<8>(ip() + 12);
    tcp_sum_.add_big_endian(std::uint16_t{nic::kProtocolTcp});
    tcp_sum_.add_fixed<nic::kTcpHeaderBytes>(tcp());
  }

  // The frame stays as it is until the next call. The packet's slot is readable beyond its length.
  [[nodiscard]] std::span<const std::byte> patch(const SegmentPlace& place,
                                                 const Outbound& packet) noexcept {
    const std::size_t bytes = packet.length;
    RIDLEY_HOT_ASSERT(bytes > 0 && bytes <= kOutboundBytesMax);
    // Of a fixed size: a few moves.
    std::memcpy(payload(), packet.bytes.data(), kFewBytes);
    if (bytes > kFewBytes) [[unlikely]]
      std::memcpy(payload() + kFewBytes, packet.bytes.data() + kFewBytes,
                  kOutboundBytesMax - kFewBytes);
    const auto segment_bytes = static_cast<std::uint16_t>(nic::kTcpHeaderBytes + bytes);
    patch_ip(static_cast<std::uint16_t>(nic::kIpv4HeaderBytes + segment_bytes));
    patch_tcp(place, segment_bytes, {packet.bytes.data(), bytes});
    return {frame(), pad(bytes)};
  }

 private:
  // Nearly every packet: an Enter Order with its elements has 59 bytes.
  static constexpr std::size_t kFewBytes = 64;
  // So that the payload begins on a cache line.
  static constexpr std::size_t kPayloadAt = base::kCacheLineBytes;

  void patch_ip(std::uint16_t total_bytes) noexcept {
    nic::ChecksumSum sum = ip_sum_;
    sum.add_big_endian(total_bytes);
    const std::uint16_t checksum = sum.checksum();
    base::store_big_endian(ip() + 2, total_bytes);
    std::memcpy(ip() + 10, &checksum, sizeof checksum);
  }

  void patch_tcp(const SegmentPlace& place, std::uint16_t segment_bytes,
                 std::span<const std::byte> content) noexcept {
    nic::ChecksumSum sum = tcp_sum_;
    sum.add_big_endian(segment_bytes);
    sum.add_big_endian(place.sequence);
    sum.add_big_endian(place.acknowledgement);
    sum.add_big_endian(place.window);
    sum.add(content);
    const std::uint16_t checksum = sum.checksum();
    base::store_big_endian(tcp() + 4, place.sequence);
    base::store_big_endian(tcp() + 8, place.acknowledgement);
    base::store_big_endian(tcp() + 14, place.window);
    std::memcpy(tcp() + 16, &checksum, sizeof checksum);
  }

  // Short frames are filled up with zeros, as a network card does on its way out.
  [[nodiscard]] std::size_t pad(std::size_t payload_bytes) noexcept {
    const std::size_t bytes = kSegmentHeadBytes + payload_bytes;
    if (bytes >= nic::kFrameBytesMin) return bytes;
    std::memset(payload() + payload_bytes, 0, nic::kFrameBytesMin - bytes);
    return nic::kFrameBytesMin;
  }

  [[nodiscard]] std::byte* payload() noexcept { return room_.data() + kPayloadAt; }
  [[nodiscard]] std::byte* frame() noexcept { return payload() - kSegmentHeadBytes; }
  [[nodiscard]] std::byte* ip() noexcept { return frame() + nic::kEthernetHeaderBytes; }
  [[nodiscard]] std::byte* tcp() noexcept { return ip() + nic::kIpv4HeaderBytes; }

  alignas(base::kCacheLineBytes) std::array<std::byte, kPayloadAt + kOutboundBytesMax> room_{};
  nic::ChecksumSum ip_sum_;
  nic::ChecksumSum tcp_sum_;
};

}  // namespace ridley::order
