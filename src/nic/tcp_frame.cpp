// SPDX-License-Identifier: Apache-2.0
#include "nic/tcp_frame.hpp"

#include <algorithm>
#include <cstring>

namespace ridley::nic {

std::optional<TcpFrame> TcpFrame::read(std::span<std::byte> bytes) noexcept {
  if (bytes.size() < kIpAt + kIpv4HeaderBytes + kTcpHeaderBytes) return std::nullopt;
  const std::byte* ip = bytes.data() + kIpAt;
  if (base::load_big_endian<std::uint16_t>(ip - 2) != kEtherTypeIpv4) return std::nullopt;
  if ((ip[0] >> 4) != std::byte{4} || ip[9] != std::byte{kProtocolTcp}) return std::nullopt;
  // More fragments, or not the first.
  if ((base::load_big_endian<std::uint16_t>(ip + 6) & 0x3FFF) != 0) return std::nullopt;
  const std::size_t ip_header_bytes = static_cast<std::size_t>(ip[0] & std::byte{0xF}) * 4;
  const std::size_t total_bytes = base::load_big_endian<std::uint16_t>(ip + 2);
  if (ip_header_bytes < kIpv4HeaderBytes || total_bytes < ip_header_bytes + kTcpHeaderBytes)
    return std::nullopt;
  if (kIpAt + total_bytes > bytes.size()) return std::nullopt;
  const std::byte* tcp = ip + ip_header_bytes;
  const std::size_t tcp_header_bytes = static_cast<std::size_t>(tcp[12] >> 4) * 4;
  if (tcp_header_bytes < kTcpHeaderBytes || ip_header_bytes + tcp_header_bytes > total_bytes)
    return std::nullopt;
  return TcpFrame{bytes.first(kIpAt + total_bytes), kIpAt + ip_header_bytes, tcp_header_bytes,
                  total_bytes - ip_header_bytes - tcp_header_bytes};
}

std::span<std::byte> TcpFrame::option(std::uint8_t kind) const noexcept {
  std::span<std::byte> rest =
      bytes_.subspan(tcp_at_ + kTcpHeaderBytes, tcp_header_bytes_ - kTcpHeaderBytes);
  while (!rest.empty() && rest[0] != std::byte{tcp::kOptionEnd}) {
    std::size_t length = 1;
    if (rest[0] != std::byte{tcp::kOptionNothing}) {
      if (rest.size() < 2) return {};
      length = static_cast<std::size_t>(rest[1]);
      if (length < 2 || length > rest.size()) return {};
      if (rest[0] == std::byte{kind}) return rest.first(length);
    }
    rest = rest.subspan(length);
  }
  return {};
}

// Of the pseudo header (RFC 9293, 3.1) and the segment, its checksum field included.
ChecksumSum TcpFrame::tcp_sum() const noexcept {
  const std::size_t segment_bytes = tcp_header_bytes_ + payload_bytes_;
  ChecksumSum sum;
  sum.add_fixed<8>(ip() + 12);
  sum.add_big_endian(std::uint16_t{kProtocolTcp});
  sum.add_big_endian(static_cast<std::uint16_t>(segment_bytes));
  sum.add(bytes_.subspan(tcp_at_, segment_bytes));
  return sum;
}

bool TcpFrame::is_intact() const noexcept {
  ChecksumSum header;
  header.add({ip(), ip_header_bytes()});
  return header.folded() == kChecksumRight && tcp_sum().folded() == kChecksumRight;
}

void TcpFrame::cut_front(std::size_t count) noexcept {
  count = std::min(count, payload_bytes_);
  payload_bytes_ -= count;
  std::byte* first = bytes_.data() + payload_at();
  std::memmove(first, first + count, payload_bytes_);
  set_sequence(sequence() + static_cast<std::uint32_t>(count));
}

void TcpFrame::seal() noexcept {
  const std::size_t total_bytes = ip_header_bytes() + tcp_header_bytes_ + payload_bytes_;
  base::store_big_endian(ip() + 2, static_cast<std::uint16_t>(total_bytes));
  base::store_big_endian(ip() + 10, std::uint16_t{0});
  base::store_big_endian(tcp() + 16, std::uint16_t{0});
  ChecksumSum header;
  header.add({ip(), ip_header_bytes()});
  const std::uint16_t header_checksum = header.checksum();
  std::memcpy(ip() + 10, &header_checksum, sizeof header_checksum);
  const std::uint16_t checksum = tcp_sum().checksum();
  std::memcpy(tcp() + 16, &checksum, sizeof checksum);
}

}  // namespace ridley::nic
