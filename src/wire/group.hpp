// SPDX-License-Identifier: Apache-2.0
// In: a message whose fixed part is followed by repeating groups (FIX Simple Binary Encoding 1.0:
// little-endian, each group behind a header of its entries' length and number). Out: the entries
// one by one, stepped over by the length on the wire, so that longer ones of a later version read
// the same. Any core; nothing here allocates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace ridley::wire {

// A header has the entries' length in its first two bytes and their number in its last one.
template <typename Entry, std::size_t kHeaderBytes>
class Group {
 public:
  // The group that begins at that byte. One that does not fit into the message, or whose entries
  // are shorter than the table's, has no entries and ends behind the message.
  [[nodiscard]] static Group behind(std::span<const std::byte> message, std::size_t at) noexcept {
    const Group none{message.data(), 0, 0, message.size() + 1};
    if (at > message.size() || message.size() - at < kHeaderBytes) return none;
    const std::byte* const header = message.data() + at;
    const std::size_t stride = base::load_little_endian<std::uint16_t>(header);
    const auto count = static_cast<std::size_t>(header[kHeaderBytes - 1]);
    const std::size_t first = at + kHeaderBytes;
    if (stride * count > message.size() - first) return none;
    if (count != 0 && stride < Entry::kSize) return none;
    return {message.data() + first, stride, count, first + stride * count};
  }

  class Iterator {
   public:
    Iterator(const std::byte* at, std::size_t stride, std::size_t left) noexcept
        : at_{at}, stride_{stride}, left_{left} {}
    [[nodiscard]] Entry operator*() const noexcept { return Entry{at_}; }
    Iterator& operator++() noexcept {
      at_ += stride_;
      --left_;
      return *this;
    }
    [[nodiscard]] bool operator==(const Iterator& other) const noexcept {
      return left_ == other.left_;
    }

   private:
    const std::byte* at_;
    std::size_t stride_;
    std::size_t left_;
  };

  [[nodiscard]] Iterator begin() const noexcept { return {first_, stride_, count_}; }
  [[nodiscard]] Iterator end() const noexcept { return {nullptr, stride_, 0}; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] Entry operator[](std::size_t index) const noexcept {
    return Entry{first_ + index * stride_};
  }
  // The byte of the message behind the last entry; beyond its length where the group does not fit.
  [[nodiscard]] std::size_t end_at() const noexcept { return end_at_; }

 private:
  Group(const std::byte* first, std::size_t stride, std::size_t count, std::size_t end_at) noexcept
      : first_{first}, stride_{stride}, count_{count}, end_at_{end_at} {}

  const std::byte* first_;
  std::size_t stride_;
  std::size_t count_;
  std::size_t end_at_;
};

}  // namespace ridley::wire
