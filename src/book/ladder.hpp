// SPDX-License-Identifier: Apache-2.0
// In: a price of one side of one book. Out: its level, and the levels in order of price. A side is
// a sorted array with the best level last, because that end changes most. Fixed memory; the hot
// core that owns the books.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "base/arena.hpp"
#include "book/order_table.hpp"

namespace ridley::book {

struct Level {
  std::uint64_t quantity;
  std::uint32_t rank;  // see rank_of
  std::uint32_t orders;
  OrderIndex oldest;  // first in the queue
  OrderIndex youngest;
};
static_assert(sizeof(Level) == 24);

// A higher rank is a better price on either side; the same step leads back to the price.
[[nodiscard]] constexpr std::uint32_t rank_of(std::uint32_t price_e4, bool buys) noexcept {
  return buys ? price_e4 : ~price_e4;
}

// One side's place in the memory of all levels. All zero is an empty side.
struct Ladder {
  // The upper bits of the second word say how large the array is: 4 << capacity_class.
  static constexpr unsigned kCountBits = 27;

  std::uint32_t begin;
  std::uint32_t count_and_class;

  [[nodiscard]] std::uint32_t count() const noexcept {
    return count_and_class & ((1U << kCountBits) - 1);
  }
  [[nodiscard]] std::uint32_t capacity_class() const noexcept {
    return count_and_class >> kCountBits;
  }
};

class Ladders {
 public:
  static constexpr std::uint32_t kLevelsMax = 1U << 26;

  // Cold: takes its memory.
  Ladders(base::Arena& arena, std::uint32_t levels_max)
      : levels_{arena.array<Level>(std::size_t{levels_max} + kSmallest)} {}

  [[nodiscard]] static constexpr std::size_t bytes_for(std::uint32_t levels_max) noexcept {
    return base::Arena::bytes_for<Level>(std::size_t{levels_max} + kSmallest);
  }

  // Worst first.
  [[nodiscard]] std::span<Level> levels(const Ladder& ladder) noexcept {
    return levels_.subspan(ladder.begin, ladder.count());
  }
  [[nodiscard]] std::span<const Level> levels(const Ladder& ladder) const noexcept {
    return levels_.subspan(ladder.begin, ladder.count());
  }

  // The level of that rank, nullptr when there is none.
  [[nodiscard]] const Level* find(const Ladder& ladder, std::uint32_t rank) const noexcept {
    const std::uint32_t position = position_of(ladder, rank);
    const Level* level = &levels_[ladder.begin + position];
    return position < ladder.count() && level->rank == rank ? level : nullptr;
  }
  [[nodiscard]] Level* find(const Ladder& ladder, std::uint32_t rank) noexcept {
    return const_cast<Level*>(std::as_const(*this).find(ladder, rank));
  }

  // The level of that rank, made when there was none; nullptr when the memory is used up.
  [[nodiscard]] Level* find_or_insert(Ladder& ladder, std::uint32_t rank) noexcept {
    const std::uint32_t position = position_of(ladder, rank);
    const std::uint32_t count = ladder.count();
    if (position < count && levels_[ladder.begin + position].rank == rank)
      return &levels_[ladder.begin + position];
    if (is_full(ladder) && !grow(ladder)) return nullptr;
    Level* level = &levels_[ladder.begin + position];
    std::memmove(level + 1, level, (count - position) * sizeof(Level));
    *level = {.quantity = 0, .rank = rank, .orders = 0, .oldest = kNoOrder, .youngest = kNoOrder};
    ++ladder.count_and_class;
    ++live_;
    return level;
  }

  // The array keeps its size: a side that was deep once gets deep again.
  void erase(Ladder& ladder, Level* level) noexcept {
    const Level* end = levels_.data() + ladder.begin + ladder.count();
    std::memmove(level, level + 1, static_cast<std::size_t>(end - level - 1) * sizeof(Level));
    --ladder.count_and_class;
    --live_;
  }

  void clear() noexcept {
    free_ = {};
    used_ = kSmallest;
    live_ = 0;
  }

  [[nodiscard]] std::uint32_t live() const noexcept { return live_; }

 private:
  // Sixteen places would be too many for most of 8,000 instruments, two would be copied at once.
  static constexpr std::uint32_t kSmallest = 4;
  static constexpr std::uint32_t kClasses = 25;  // 4 << 24 is kLevelsMax
  // Beyond the best few levels halving the rest is cheaper than walking.
  static constexpr std::uint32_t kWalkedMax = 8;

  [[nodiscard]] static bool is_full(const Ladder& ladder) noexcept {
    if (ladder.begin == 0) return true;
    return ladder.count() == kSmallest << ladder.capacity_class();
  }

  // Where the rank is or would be inserted.
  [[nodiscard]] std::uint32_t position_of(const Ladder& ladder, std::uint32_t rank) const noexcept {
    const Level* first = &levels_[ladder.begin];
    std::uint32_t high = ladder.count();
    const std::uint32_t walked_down_to = high > kWalkedMax ? high - kWalkedMax : 0;
    while (high > walked_down_to) {
      if (first[high - 1].rank < rank) return high;
      --high;
      if (first[high].rank == rank) return high;
    }
    std::uint32_t low = 0;
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      if (first[middle].rank < rank) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // Arrays come in powers of two. One that was outgrown serves the next side of its size; a list
  // of such arrays is threaded through the first level's rank.
  [[nodiscard]] std::uint32_t take(std::uint32_t capacity_class) noexcept {
    const std::uint32_t begin = free_[capacity_class];
    if (begin != 0) {
      free_[capacity_class] = levels_[begin].rank;
      return begin;
    }
    const std::size_t capacity = std::size_t{kSmallest} << capacity_class;
    if (levels_.size() - used_ < capacity) return 0;
    const std::uint32_t taken = used_;
    used_ += static_cast<std::uint32_t>(capacity);
    return taken;
  }

  [[nodiscard]] bool grow(Ladder& ladder) noexcept {
    const bool first = ladder.begin == 0;
    const std::uint32_t old_class = ladder.capacity_class();
    const std::uint32_t new_class = first ? 0 : old_class + 1;
    if (new_class == kClasses) return false;
    const std::uint32_t begin = take(new_class);
    if (begin == 0) return false;
    const std::uint32_t count = ladder.count();
    if (!first) {
      std::memcpy(&levels_[begin], &levels_[ladder.begin], count * sizeof(Level));
      levels_[ladder.begin].rank = free_[old_class];
      free_[old_class] = ladder.begin;
    }
    ladder.begin = begin;
    ladder.count_and_class = count | new_class << Ladder::kCountBits;
    return true;
  }

  std::span<Level> levels_;  // the first kSmallest are never given out: begin 0 means no array
  std::array<std::uint32_t, kClasses> free_{};
  std::uint32_t used_ = kSmallest;
  std::uint32_t live_ = 0;
};

}  // namespace ridley::book
