// SPDX-License-Identifier: Apache-2.0
// In: a destination address and port. Out: the line it was asked for as, or kNoLine. Filled before
// start, read on the hot core; one probe as a rule.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace ridley::nic {

using Line = std::uint16_t;
inline constexpr Line kNoLine = 0xFFFF;

// The widest US equity feeds have fewer than 100 groups for both lines together.
inline constexpr std::size_t kFilterAddressesMax = 256;

class MulticastFilter {
 public:
  // False when the filter is full or the address is already in it under another line.
  [[nodiscard]] bool add(std::uint32_t ip, std::uint16_t port, Line line) noexcept {
    if (line == kNoLine) return false;
    const std::uint64_t key = key_of(ip, port);
    std::size_t at = slot_of(key);
    for (; slots_[at].key != kEmpty; at = (at + 1) % kSlots) {
      if (slots_[at].key == key) return slots_[at].line == line;
    }
    if (count_ == kFilterAddressesMax) return false;
    slots_[at] = {.key = key, .line = line};
    ++count_;
    return true;
  }

  [[nodiscard]] Line find(std::uint32_t ip, std::uint16_t port) const noexcept {
    const std::uint64_t key = key_of(ip, port);
    // Ends: at least three quarters of the slots stay empty.
    for (std::size_t at = slot_of(key); slots_[at].key != kEmpty; at = (at + 1) % kSlots) {
      if (slots_[at].key == key) return slots_[at].line;
    }
    return kNoLine;
  }

  [[nodiscard]] std::size_t size() const noexcept { return count_; }

 private:
  static constexpr std::size_t kSlots = 4 * kFilterAddressesMax;
  static_assert(std::has_single_bit(kSlots), "the remainder is a mask");
  static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};  // no key: keys have 48 bits

  struct Slot {
    std::uint64_t key = kEmpty;
    Line line = kNoLine;
  };

  [[nodiscard]] static std::uint64_t key_of(std::uint32_t ip, std::uint16_t port) noexcept {
    return std::uint64_t{ip} << 16 | port;
  }

  // Groups of one feed differ in their low bits only; a multiplication spreads them (Fibonacci).
  [[nodiscard]] static std::size_t slot_of(std::uint64_t key) noexcept {
    return static_cast<std::size_t>((key * 0x9E37'79B9'7F4A'7C15ULL) >>
                                    (64 - std::countr_zero(kSlots)));
  }

  std::array<Slot, kSlots> slots_{};
  std::size_t count_ = 0;
};

}  // namespace ridley::nic
