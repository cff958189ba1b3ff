// SPDX-License-Identifier: Apache-2.0
#include "control/tcp_streams.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "nic/ethernet.hpp"

namespace ridley::control {
namespace {

constexpr std::size_t kTcpHeaderBytes = 20;
constexpr std::byte kSyn{0x02};

std::uint16_t load_16(std::span<const std::byte> bytes, std::size_t at) {
  return base::load_big_endian<std::uint16_t>(bytes.data() + at);
}

bool is_tag(std::uint16_t ether_type) { return ether_type == 0x8100 || ether_type == 0x88A8; }

// The IPv4 packet without Ethernet, tags and padding; empty where it is not whole or a piece.
std::span<const std::byte> ipv4_packet(std::span<const std::byte> frame) {
  std::size_t at = nic::kEthernetHeaderBytes;
  if (frame.size() < at) return {};
  while (is_tag(load_16(frame, at - 2)) && frame.size() >= at + 4) at += 4;
  if (load_16(frame, at - 2) != nic::kEtherTypeIpv4) return {};
  const std::span<const std::byte> packet = frame.subspan(at);
  if (packet.size() < nic::kIpv4HeaderBytes) return {};
  const std::size_t total = load_16(packet, 2);
  const bool piece = (load_16(packet, 6) & 0x3FFF) != 0;
  if (total > packet.size() || total < nic::kIpv4HeaderBytes || piece) return {};
  return packet.first(total);
}

}  // namespace

std::optional<TcpSegment> tcp_segment(std::span<const std::byte> frame) {
  constexpr std::byte kProtocolTcp{6};
  const std::span<const std::byte> packet = ipv4_packet(frame);
  if (packet.empty() || packet[9] != kProtocolTcp) return std::nullopt;
  const std::size_t ip_bytes = static_cast<std::size_t>(packet[0] & std::byte{0x0F}) * 4;
  if (ip_bytes < nic::kIpv4HeaderBytes || packet.size() < ip_bytes + kTcpHeaderBytes) {
    return std::nullopt;
  }
  const std::span<const std::byte> tcp = packet.subspan(ip_bytes);
  const std::size_t tcp_bytes = static_cast<std::size_t>(tcp[12] >> 4) * 4;
  if (tcp_bytes < kTcpHeaderBytes || tcp_bytes > tcp.size()) return std::nullopt;
  return TcpSegment{.source_ip = base::load_big_endian<std::uint32_t>(packet.data() + 12),
                    .destination_ip = base::load_big_endian<std::uint32_t>(packet.data() + 16),
                    .source_port = load_16(tcp, 0),
                    .destination_port = load_16(tcp, 2),
                    .sequence = base::load_big_endian<std::uint32_t>(tcp.data() + 4),
                    .opens = (tcp[13] & kSyn) != std::byte{},
                    .payload = tcp.subspan(tcp_bytes)};
}

// Takes what is new of a segment that starts at or before next_.
void TcpStream::append(std::span<const std::byte> payload, std::uint32_t sequence) {
  const std::size_t known = next_ - sequence;
  if (known >= payload.size()) return;
  const std::span<const std::byte> fresh = payload.subspan(known);
  bytes_.insert(bytes_.end(), fresh.begin(), fresh.end());
  next_ += static_cast<std::uint32_t>(fresh.size());
}

bool TcpStream::add(const TcpSegment& segment) {
  if (segment.opens) {
    *this = TcpStream{};
    begun_ = true;
    next_ = segment.sequence + 1;
    return true;
  }
  if (segment.payload.empty()) return true;
  if (!begun_) next_ = segment.sequence;
  begun_ = true;
  // Sequence numbers wrap: what is ahead differs by less than half the space.
  if (static_cast<std::int32_t>(segment.sequence - next_) > 0) {
    auto& kept = waiting_[segment.sequence];
    waiting_bytes_ -= kept.size();
    if (kept.size() < segment.payload.size()) {
      kept.assign(segment.payload.begin(), segment.payload.end());
    }
    waiting_bytes_ += kept.size();
    return waiting_bytes_ <= kWaitingBytesMax;
  }
  append(segment.payload, segment.sequence);
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    if (static_cast<std::int32_t>(at->first - next_) > 0) {
      ++at;
      continue;
    }
    append(at->second, at->first);
    waiting_bytes_ -= at->second.size();
    waiting_.erase(at);
    at = waiting_.begin();  // one that came before may follow now
  }
  return true;
}

void TcpStream::take(std::size_t count) {
  taken_ += count;
  // The taken part is given back when it is most of what is held.
  if (taken_ * 2 < bytes_.size() && taken_ != bytes_.size()) return;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
}

}  // namespace ridley::control
