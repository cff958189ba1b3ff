// SPDX-License-Identifier: Apache-2.0
// In: bytes of a header or a datagram. Out: the Internet checksum (RFC 1071). Hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace ridley::nic {

// A running one's complement sum of 32-bit pieces in memory order; byte order falls out at the end
// because the sum of swapped words is the swapped sum.
class ChecksumSum {
 public:
  // Every span but the last has an even length. A frame has far fewer than 2^32 pieces, so that a
  // 64-bit sum cannot overflow.
  void add(std::span<const std::byte> bytes) noexcept {
    const std::byte* at = bytes.data();
    std::size_t left = bytes.size();
    if (left >= sizeof(FourSums)) {
      // Sums of the even and of the odd 32-bit pieces, four of each side by side.
      FourSums even{};
      FourSums odd{};
      for (; left >= sizeof(FourSums); left -= sizeof(FourSums), at += sizeof(FourSums)) {
        FourSums pieces;
        std::memcpy(&pieces, at, sizeof pieces);
        even += pieces & 0xFFFF'FFFFULL;
        odd += pieces >> 32;
      }
      even += odd;
      sum_ += even[0] + even[1] + even[2] + even[3];
    }
    for (; left >= 4; left -= 4, at += 4) {
      std::uint32_t piece;
      std::memcpy(&piece, at, sizeof piece);
      sum_ += piece;
    }
    if (left == 0) return;
    std::uint32_t rest = 0;
    std::memcpy(&rest, at, left);
    sum_ += rest;
  }

  // A number as it stands in the packet, most significant byte first.
  void add_big_endian(std::uint16_t value) noexcept { sum_ += __builtin_bswap16(value); }
  void add_big_endian(std::uint32_t value) noexcept { sum_ += __builtin_bswap32(value); }

  // The sum folded to 16 bits, in memory order. 0xFFFF over bytes that include a right checksum.
  [[nodiscard]] std::uint16_t folded() const noexcept {
    std::uint64_t sum = (sum_ & 0xFFFF'FFFF) + (sum_ >> 32);
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
  }

  // The checksum to write, in memory order: store it with memcpy.
  [[nodiscard]] std::uint16_t checksum() const noexcept {
    return static_cast<std::uint16_t>(~folded());
  }

 private:
  // One 256-bit register, or what the processor has for it.
  using FourSums = std::uint64_t __attribute__((vector_size(32)));

  std::uint64_t sum_ = 0;
};

// All bits set is the sum of a packet whose checksum is right.
inline constexpr std::uint16_t kChecksumRight = 0xFFFF;

}  // namespace ridley::nic
