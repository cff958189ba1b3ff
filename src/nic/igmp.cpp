// SPDX-License-Identifier: Apache-2.0
// In: a group to join or leave. Out: the IGMP frame that says so, in the caller's memory.
#include "nic/igmp.hpp"

#include <cstring>

#include "base/bytes.hpp"
#include "nic/checksum.hpp"
#include "nic/datagram.hpp"
#include "nic/udp_frame.hpp"

namespace ridley::nic {
namespace {

constexpr std::uint32_t kAllRouters = 0xE000'0002;    // 224.0.0.2
constexpr std::uint32_t kAllV3Routers = 0xE000'0016;  // 224.0.0.22
// Routers look at a packet with this option even when it is not addressed to them (RFC 2113).
constexpr std::uint32_t kRouterAlert = 0x9404'0000;
constexpr std::size_t kHeaderBytes = kIpv4HeaderBytes + 4;

enum class Message : std::uint8_t { Query = 0x11, ReportV2 = 0x16, Leave = 0x17, ReportV3 = 0x22 };

// Record types of a version 3 report.
enum class Record : std::uint8_t { ToInclude = 3, ToExclude = 4, AllowNewSources = 5 };

void put_checksum(std::byte* to, std::span<const std::byte> over) noexcept {
  ChecksumSum sum;
  sum.add(over);
  const std::uint16_t checksum = sum.checksum();
  std::memcpy(to, &checksum, sizeof checksum);
}

// Everything in front of the IGMP message, once its length is known, and the padding behind.
std::size_t finish(std::span<std::byte> room, const IgmpSender& sender, std::uint32_t destination,
                   std::size_t message_bytes) noexcept {
  std::byte* ip =
      detail::put_ethernet(room.data(), multicast_mac(destination), sender.mac, sender.vlan);
  detail::put_ipv4(ip, {.source_ip = sender.ip,
                        .destination_ip = destination,
                        .total_bytes = static_cast<std::uint16_t>(kHeaderBytes + message_bytes),
                        .protocol = kProtocolIgmp,
                        .time_to_live = 1});
  ip[0] = std::byte{0x46};
  ip[1] = std::byte{0xC0};  // internetwork control
  base::store_big_endian(ip + 10, std::uint16_t{0});
  base::store_big_endian(ip + kIpv4HeaderBytes, kRouterAlert);
  put_checksum(ip + 10, {ip, kHeaderBytes});
  put_checksum(ip + kHeaderBytes + 2, {ip + kHeaderBytes, message_bytes});
  const auto before_ip = static_cast<std::size_t>(ip - room.data());
  return detail::pad(room, before_ip + kHeaderBytes + message_bytes);
}

std::byte* message_at(std::span<std::byte> room, const IgmpSender& sender) noexcept {
  return room.data() + kEthernetHeaderBytes + (sender.vlan != 0 ? kVlanTagBytes : 0) + kHeaderBytes;
}

std::size_t build_v2(std::span<std::byte> room, const IgmpSender& sender, Message message,
                     std::uint32_t group) noexcept {
  std::byte* to = message_at(room, sender);
  base::store_big_endian(to, static_cast<std::uint32_t>(message) << 24);
  base::store_big_endian(to + 4, group);
  return finish(room, sender, message == Message::Leave ? kAllRouters : group, 8);
}

std::size_t build_v3(std::span<std::byte> room, const IgmpSender& sender, Record record,
                     std::uint32_t group, std::span<const std::uint32_t> sources) noexcept {
  std::byte* to = message_at(room, sender);
  base::store_big_endian(to, static_cast<std::uint32_t>(Message::ReportV3) << 24);
  base::store_big_endian(to + 4, std::uint32_t{1});  // one record
  base::store_big_endian(to + 8, static_cast<std::uint32_t>(record) << 24 |
                                     static_cast<std::uint32_t>(sources.size()));
  base::store_big_endian(to + 12, group);
  std::size_t bytes = 16;
  for (const std::uint32_t source : sources) {
    base::store_big_endian(to + bytes, source);
    bytes += 4;
  }
  return finish(room, sender, kAllV3Routers, bytes);
}

bool fits(std::span<const std::byte> room, std::uint32_t group) noexcept {
  constexpr std::size_t kBytesMax =
      kEthernetHeaderBytes + kVlanTagBytes + kHeaderBytes + 16 + 4 * kIgmpSourcesMax;
  return is_multicast(group) && room.size() >= kBytesMax;
}

}  // namespace

std::size_t build_igmp_join(std::span<std::byte> room, const IgmpSender& sender,
                            std::uint32_t group, std::span<const std::uint32_t> sources) noexcept {
  if (!fits(room, group) || sources.size() > kIgmpSourcesMax) return 0;
  if (sender.version == IgmpVersion::V2) {
    return sources.empty() ? build_v2(room, sender, Message::ReportV2, group) : 0;
  }
  const Record record = sources.empty() ? Record::ToExclude : Record::AllowNewSources;
  return build_v3(room, sender, record, group, sources);
}

std::size_t build_igmp_leave(std::span<std::byte> room, const IgmpSender& sender,
                             std::uint32_t group) noexcept {
  if (!fits(room, group)) return 0;
  if (sender.version == IgmpVersion::V2) return build_v2(room, sender, Message::Leave, group);
  return build_v3(room, sender, Record::ToInclude, group, {});
}

bool is_igmp_query_for(const Frame& frame, std::uint32_t group) noexcept {
  Datagram unused;
  if (strip(frame, unused) != Strip::Igmp) return false;
  // strip() has checked every length up to the end of the IPv4 header.
  std::size_t ip_at = kEthernetHeaderBytes;
  while (detail::is_vlan(base::load_big_endian<std::uint16_t>(frame.bytes + ip_at - 2))) {
    ip_at += kVlanTagBytes;
  }
  const std::byte* ip = frame.bytes + ip_at;
  const std::size_t header_bytes = (static_cast<std::size_t>(ip[0]) & 0xF) * 4;
  const std::size_t total_bytes = base::load_big_endian<std::uint16_t>(ip + 2);
  if (total_bytes < header_bytes + 8) return false;
  const std::byte* message = ip + header_bytes;
  if (static_cast<Message>(message[0]) != Message::Query) return false;
  const auto asked = base::load_big_endian<std::uint32_t>(message + 4);
  return asked == 0 || asked == group;
}

}  // namespace ridley::nic
