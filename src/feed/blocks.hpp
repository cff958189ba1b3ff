// SPDX-License-Identifier: Apache-2.0
// In: what a sequencer let through. Out: its messages one by one with their sequence numbers.
// The hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "event/records.hpp"
#include "feed/framing.hpp"

namespace ridley::feed {

using event::Arrival;

// What is ahead of the next number to deliver.
enum class Ahead : std::uint8_t {
  Nothing,
  Waits,  // messages came or were announced, others before them are missing and may still come
  Ready,  // what was held comes next: release() before anything else is accepted
};

struct Arrived {
  Arrival arrival;
  Ahead ahead = Ahead::Nothing;
  std::uint16_t count;                // messages to deliver
  std::uint16_t unit = 0;             // whose numbers they are, where a feed has several sequences
  std::span<const std::byte> blocks;  // exactly these messages with their lengths
  std::uint64_t first_sequence;       // of the first of them
  std::uint64_t missing_from;         // when missing_count is not 0
  std::uint64_t missing_count;        // that will never come
};

struct Block {
  std::uint64_t sequence;
  std::span<const std::byte> message;  // may be empty: an empty block has a number as well
};

// The bytes that the first count blocks take; more than there are when a block passes the end. One
// comparison a block: what the last one passes shows in the sum.
template <Framing F>
[[nodiscard]] inline std::size_t walk(std::span<const std::byte> blocks,
                                      std::uint64_t count) noexcept {
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t behind_length = at + F::kLengthBytes;
    if (behind_length > blocks.size()) return blocks.size() + 1;
    // Put this way the sum above serves twice.
    at = behind_length + (F::block_bytes(&blocks[at], blocks.size() - at) - F::kLengthBytes);
  }
  return at;
}

// The lengths were checked by the sequencer, so walking needs no check.
template <Framing F>
class BlocksOf {
 public:
  static constexpr std::size_t kLengthBytes = F::kLengthBytes;

  explicit BlocksOf(const Arrived& arrived) noexcept
      : first_{arrived.blocks.data()},
        end_{first_ + arrived.blocks.size()},
        sequence_{arrived.first_sequence},
        end_sequence_{arrived.first_sequence + arrived.count} {}

  class Iterator {
   public:
    Iterator(const std::byte* at, std::uint64_t sequence, const std::byte* end = nullptr) noexcept
        : at_{at}, end_{end}, sequence_{sequence} {}
    [[nodiscard]] Block operator*() const noexcept { return {sequence_, F::message(at_, end_)}; }
    Iterator& operator++() noexcept {
      at_ += F::block_bytes(at_, static_cast<std::size_t>(end_ - at_));
      ++sequence_;
      return *this;
    }
    // By number: the end has no bytes to compare.
    [[nodiscard]] bool operator==(const Iterator& other) const noexcept {
      return sequence_ == other.sequence_;
    }

   private:
    const std::byte* at_;
    const std::byte* end_;  // for the framings that need it
    std::uint64_t sequence_;
  };

  [[nodiscard]] Iterator begin() const noexcept { return {first_, sequence_, end_}; }
  [[nodiscard]] Iterator end() const noexcept { return {nullptr, end_sequence_}; }

 private:
  const std::byte* first_;
  const std::byte* end_;
  std::uint64_t sequence_;
  std::uint64_t end_sequence_;
};

// The feed of the card and of the hot core's pipeline.
using Blocks = BlocksOf<MoldFraming>;

}  // namespace ridley::feed
