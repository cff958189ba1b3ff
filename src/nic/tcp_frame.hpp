// SPDX-License-Identifier: Apache-2.0
// In: an Ethernet frame from outside. Out: a view of the TCP segment in it, to be read and edited
// in place, checksums included. Any thread; no allocation.
//
// Ethernet II without tags, IPv4 (RFC 791) with any options, not a fragment, TCP (RFC 9293, 3.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.hpp"
#include "nic/checksum.hpp"
#include "nic/ethernet.hpp"

namespace ridley::nic {

inline constexpr std::size_t kTcpHeaderBytes = 20;  // without options

// Sequence numbers go round (RFC 9293, 3.4); two that are compared are less than half of the
// circle apart, because no window is larger than a gigabyte.
[[nodiscard]] constexpr bool before(std::uint32_t left, std::uint32_t right) noexcept {
  return static_cast<std::int32_t>(left - right) < 0;
}
[[nodiscard]] constexpr std::uint32_t later(std::uint32_t left, std::uint32_t right) noexcept {
  return before(left, right) ? right : left;
}

namespace tcp {

inline constexpr std::uint8_t kFin = 0x01;
inline constexpr std::uint8_t kSyn = 0x02;
inline constexpr std::uint8_t kReset = 0x04;
inline constexpr std::uint8_t kPush = 0x08;
inline constexpr std::uint8_t kAcknowledge = 0x10;

inline constexpr std::uint8_t kOptionEnd = 0;
inline constexpr std::uint8_t kOptionNothing = 1;
inline constexpr std::uint8_t kOptionWindowScale = 3;  // RFC 7323, 2.2
inline constexpr std::uint8_t kOptionSack = 5;         // RFC 2018, 3

}  // namespace tcp

struct TcpAddresses {
  std::uint32_t source_ip = 0;
  std::uint32_t destination_ip = 0;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;

  [[nodiscard]] constexpr TcpAddresses turned() const noexcept {
    return {destination_ip, source_ip, destination_port, source_port};
  }
  friend bool operator==(const TcpAddresses&, const TcpAddresses&) = default;
};

class TcpFrame {
 public:
  // Nothing when it is no TCP segment, or not a whole one. Padding behind it is left out. The bytes
  // belong to the caller and outlive the view.
  [[nodiscard]] static std::optional<TcpFrame> read(std::span<std::byte> bytes) noexcept;

  [[nodiscard]] TcpAddresses addresses() const noexcept {
    return {base::load_big_endian<std::uint32_t>(ip() + 12),
            base::load_big_endian<std::uint32_t>(ip() + 16),
            base::load_big_endian<std::uint16_t>(tcp()),
            base::load_big_endian<std::uint16_t>(tcp() + 2)};
  }
  [[nodiscard]] std::uint32_t sequence() const noexcept {
    return base::load_big_endian<std::uint32_t>(tcp() + 4);
  }
  [[nodiscard]] std::uint32_t acknowledgement() const noexcept {
    return base::load_big_endian<std::uint32_t>(tcp() + 8);
  }
  [[nodiscard]] std::uint8_t flags() const noexcept { return static_cast<std::uint8_t>(tcp()[13]); }
  [[nodiscard]] bool has(std::uint8_t flag) const noexcept { return (flags() & flag) != 0; }
  // As it stands in the segment, not scaled.
  [[nodiscard]] std::uint16_t window() const noexcept {
    return base::load_big_endian<std::uint16_t>(tcp() + 14);
  }
  // SYN and FIN take one number each.
  [[nodiscard]] std::uint32_t end() const noexcept {
    return sequence() + static_cast<std::uint32_t>(payload_bytes_) + (has(tcp::kSyn) ? 1U : 0U) +
           (has(tcp::kFin) ? 1U : 0U);
  }
  [[nodiscard]] std::span<const std::byte> payload() const noexcept {
    return bytes_.subspan(payload_at(), payload_bytes_);
  }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return bytes_.first(payload_at() + payload_bytes_);
  }
  [[nodiscard]] std::size_t ip_header_bytes() const noexcept { return tcp_at_ - kIpAt; }
  [[nodiscard]] std::size_t tcp_header_bytes() const noexcept { return tcp_header_bytes_; }

  // The option from its kind on, as long as it says it is; empty when it is not there or does not
  // lie whole within the header.
  [[nodiscard]] std::span<std::byte> option(std::uint8_t kind) const noexcept;

  // Both checksums.
  [[nodiscard]] bool is_intact() const noexcept;

  // Edits. Lengths and checksums are wrong until seal().
  void set_sequence(std::uint32_t value) noexcept { base::store_big_endian(tcp() + 4, value); }
  void set_acknowledgement(std::uint32_t value) noexcept {
    base::store_big_endian(tcp() + 8, value);
  }
  void set_flags(std::uint8_t value) noexcept { tcp()[13] = static_cast<std::byte>(value); }
  void set_window(std::uint16_t value) noexcept { base::store_big_endian(tcp() + 14, value); }
  void drop_payload() noexcept { payload_bytes_ = 0; }
  // Takes bytes off the front of the payload, at most all of it; the sequence number follows.
  void cut_front(std::size_t count) noexcept;
  void seal() noexcept;

 private:
  static constexpr std::size_t kIpAt = kEthernetHeaderBytes;

  TcpFrame(std::span<std::byte> bytes, std::size_t tcp_at, std::size_t tcp_header_bytes,
           std::size_t payload_bytes) noexcept
      : bytes_{bytes},
        tcp_at_{tcp_at},
        tcp_header_bytes_{tcp_header_bytes},
        payload_bytes_{payload_bytes} {}

  [[nodiscard]] std::byte* ip() const noexcept { return bytes_.data() + kIpAt; }
  [[nodiscard]] std::byte* tcp() const noexcept { return bytes_.data() + tcp_at_; }
  [[nodiscard]] std::size_t payload_at() const noexcept { return tcp_at_ + tcp_header_bytes_; }
  [[nodiscard]] ChecksumSum tcp_sum() const noexcept;

  std::span<std::byte> bytes_;
  std::size_t tcp_at_;
  std::size_t tcp_header_bytes_;
  std::size_t payload_bytes_;
};

}  // namespace ridley::nic
