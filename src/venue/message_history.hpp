// SPDX-License-Identifier: Apache-2.0
// In: published messages, numbered from 1. Out: any of them again, as long as they are kept: the
// newest up to a number of bytes. One owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace ridley::venue {

class MessageHistory {
 public:
  // At least one segment is kept.
  explicit MessageHistory(std::size_t bytes_max) noexcept : bytes_max_{bytes_max} {}

  // Messages behind their lengths.
  void append(std::span<const std::byte> framed);

  struct Found {
    std::span<const std::byte> framed;  // valid until the next append
    std::uint16_t count = 0;
  };
  // From that number on, no more than so many and no more bytes than fit. Nothing when the first
  // one is not kept any more, or was not published yet.
  [[nodiscard]] Found find(std::uint64_t sequence, std::uint16_t count_max,
                           std::size_t bytes_max) const noexcept;

  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return next_sequence_; }
  [[nodiscard]] std::uint64_t oldest_sequence() const noexcept {
    return segments_.empty() ? next_sequence_ : segments_.front().first;
  }

  // The unit in which old messages are forgotten, and the longest walk is one between two marks.
  static constexpr std::size_t kSegmentBytes = std::size_t{1} << 20;
  static constexpr std::uint64_t kMarkEvery = 64;

 private:
  struct Segment {
    std::uint64_t first = 0;
    std::vector<std::byte> bytes;
    std::vector<std::uint32_t> marks;  // where every 64th message begins
  };

  std::size_t bytes_max_;
  std::deque<Segment> segments_;
  std::uint64_t next_sequence_ = 1;
};

}  // namespace ridley::venue
