// SPDX-License-Identifier: Apache-2.0
// In: an order reference. Out: the slot where the order lives. Linear probing, deletion by moving
// the followers back, so that a day of adds and deletes leaves no tombstones. Any core, one owner.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ridley::venue {

class ReferenceMap {
 public:
  static constexpr std::uint32_t kNoSlot = 0xFFFF'FFFF;

  explicit ReferenceMap(std::size_t capacity = 1024)
      : cells_(std::bit_ceil(capacity < 16 ? std::size_t{16} : capacity)) {}

  // The reference is not 0 and not present.
  void insert(std::uint64_t reference, std::uint32_t slot) {
    if ((size_ + 1) * 2 > cells_.size()) grow();
    place(reference, slot);
    ++size_;
  }

  [[nodiscard]] std::uint32_t find(std::uint64_t reference) const noexcept {
    for (std::size_t i = home(reference); cells_[i].reference != 0; i = after(i)) {
      if (cells_[i].reference == reference) return cells_[i].slot;
    }
    return kNoSlot;
  }

  void erase(std::uint64_t reference) noexcept {
    std::size_t hole = home(reference);
    while (cells_[hole].reference != reference) {
      if (cells_[hole].reference == 0) return;
      hole = after(hole);
    }
    for (std::size_t i = after(hole); cells_[i].reference != 0; i = after(i)) {
      // A follower may move back only if the hole is not before its own home.
      const std::size_t distance = (i - home(cells_[i].reference)) & mask();
      if (distance >= ((i - hole) & mask())) {
        cells_[hole] = cells_[i];
        hole = i;
      }
    }
    cells_[hole] = Cell{};
    --size_;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Cell {
    std::uint64_t reference = 0;
    std::uint32_t slot = 0;
  };

  [[nodiscard]] std::size_t mask() const noexcept { return cells_.size() - 1; }
  [[nodiscard]] std::size_t after(std::size_t i) const noexcept { return (i + 1) & mask(); }
  [[nodiscard]] std::size_t home(std::uint64_t reference) const noexcept {
    return static_cast<std::size_t>((reference * 0x9E37'79B9'7F4A'7C15ULL) >> 20) & mask();
  }

  void place(std::uint64_t reference, std::uint32_t slot) noexcept {
    std::size_t i = home(reference);
    while (cells_[i].reference != 0) i = after(i);
    cells_[i] = Cell{reference, slot};
  }

  void grow() {
    std::vector<Cell> old(cells_.size() * 2);
    std::swap(old, cells_);
    for (const Cell& cell : old) {
      if (cell.reference != 0) place(cell.reference, cell.slot);
    }
  }

  std::vector<Cell> cells_;
  std::size_t size_ = 0;
};

}  // namespace ridley::venue
