// SPDX-License-Identifier: Apache-2.0
// In: what the sequencer let through. Out: its messages one by one with their sequence numbers.
// The hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "event/records.hpp"

namespace ridley::feed {

using event::Arrival;

struct Arrived {
  Arrival arrival;
  std::uint16_t count;                // messages to deliver
  std::span<const std::byte> blocks;  // exactly these messages with their lengths
  std::uint64_t first_sequence;       // of the first of them
  std::uint64_t missing_from;         // when missing_count is not 0
  std::uint64_t missing_count;
};

struct Block {
  std::uint64_t sequence;
  std::span<const std::byte> message;  // may be empty: an empty block has a number as well
};

// The lengths were checked by the sequencer, so walking needs no check.
class Blocks {
 public:
  static constexpr std::size_t kLengthBytes = 2;

  explicit Blocks(const Arrived& arrived) noexcept
      : first_{arrived.blocks.data()},
        sequence_{arrived.first_sequence},
        end_sequence_{arrived.first_sequence + arrived.count} {}

  class Iterator {
   public:
    Iterator(const std::byte* at, std::uint64_t sequence) noexcept : at_{at}, sequence_{sequence} {}
    [[nodiscard]] Block operator*() const noexcept {
      return {sequence_, {at_ + kLengthBytes, base::load_big_endian<std::uint16_t>(at_)}};
    }
    Iterator& operator++() noexcept {
      at_ += kLengthBytes + base::load_big_endian<std::uint16_t>(at_);
      ++sequence_;
      return *this;
    }
    // By number: the end has no bytes to compare.
    [[nodiscard]] bool operator==(const Iterator& other) const noexcept {
      return sequence_ == other.sequence_;
    }

   private:
    const std::byte* at_;
    std::uint64_t sequence_;
  };

  [[nodiscard]] Iterator begin() const noexcept { return {first_, sequence_}; }
  [[nodiscard]] Iterator end() const noexcept { return {nullptr, end_sequence_}; }

 private:
  const std::byte* first_;
  std::uint64_t sequence_;
  std::uint64_t end_sequence_;
};

}  // namespace ridley::feed
