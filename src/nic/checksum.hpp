// SPDX-License-Identifier: Apache-2.0
// In: bytes of a header or a datagram. Out: the Internet checksum (RFC 1071). Hot core.
#pragma once

#include <bit>
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
        const auto pieces = load<FourSums>(at);
        even += pieces & 0xFFFF'FFFFULL;
        odd += pieces >> 32;
      }
      even += odd;
      sum_ += even[0] + even[1] + even[2] + even[3];
    }
    for (; left >= 8; left -= 8, at += 8) add_eight(at);
    if (left != 0) add_few(at, left);
  }

  // The same of as many bytes as are known beforehand: no loop.
  template <std::size_t kBytes>
  void add_fixed(const std::byte* at) noexcept {
    static_assert(kBytes % 4 == 0);
    for (std::size_t i = 0; i + 8 <= kBytes; i += 8) add_eight(at + i);
    if constexpr (kBytes % 8 != 0) sum_ += load<std::uint32_t>(at + kBytes - 4);
  }

  // A number as it stands in the packet, most significant byte first.
  void add_big_endian(std::uint16_t value) noexcept { sum_ += __builtin_bswap16(value); }
  void add_big_endian(std::uint32_t value) noexcept { sum_ += __builtin_bswap32(value); }

  // The sum folded to 16 bits, in memory order. 0xFFFF over bytes that include a right checksum.
  [[nodiscard]] std::uint16_t folded() const noexcept {
    // With its halves exchanged added to it, the upper half of a number is the sum of both halves,
    // the carry of the lower one included.
    const auto words = static_cast<std::uint32_t>((sum_ + std::rotr(sum_, 32)) >> 32);
    return static_cast<std::uint16_t>((words + std::rotr(words, 16)) >> 16);
  }

  // The checksum to write, in memory order: store it with memcpy.
  [[nodiscard]] std::uint16_t checksum() const noexcept {
    return static_cast<std::uint16_t>(~folded());
  }

 private:
  // One 256-bit register, or what the processor has for it.
  using FourSums = std::uint64_t __attribute__((vector_size(32)));

  template <typename Pieces>
  [[nodiscard]] static Pieces load(const std::byte* at) noexcept {
    Pieces pieces;
    std::memcpy(&pieces, at, sizeof pieces);
    return pieces;
  }

  void add_eight(const std::byte* at) noexcept {
    const auto pieces = load<std::uint64_t>(at);
    sum_ += (pieces & 0xFFFF'FFFF) + (pieces >> 32);
  }

  // One to seven.
  void add_few(const std::byte* at, std::size_t left) noexcept {
    if ((left & 4) != 0) {
      sum_ += load<std::uint32_t>(at);
      at += 4;
    }
    if ((left & 2) != 0) {
      sum_ += load<std::uint16_t>(at);
      at += 2;
    }
    if ((left & 1) != 0) sum_ += static_cast<std::uint64_t>(*at);
  }

  std::uint64_t sum_ = 0;
};

// All bits set is the sum of a packet whose checksum is right.
inline constexpr std::uint16_t kChecksumRight = 0xFFFF;

}  // namespace ridley::nic
