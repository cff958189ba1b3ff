// SPDX-License-Identifier: Apache-2.0
// In: memory, references of orders. Out: any of them by its place, the newest last or so. What
// finds no place is not remembered. One owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ridley::venue {

class References {
 public:
  References() = default;
  explicit References(std::span<std::uint64_t> memory) noexcept
      : first_{memory.data()}, capacity_{static_cast<std::uint32_t>(memory.size())} {}

  void add(std::uint64_t reference) noexcept {
    if (count_ < capacity_) first_[count_++] = reference;
  }
  // The newest one takes the place.
  void take_out(std::size_t place) noexcept { first_[place] = first_[--count_]; }

  [[nodiscard]] std::uint64_t& operator[](std::size_t place) noexcept { return first_[place]; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

  void prefetch_end() const noexcept { __builtin_prefetch(first_ + count_, 1); }

 private:
  std::uint64_t* first_ = nullptr;
  std::uint32_t count_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace ridley::venue
