// SPDX-License-Identifier: Apache-2.0
// In: a price of one side of one book. Out: its level, and the levels in order of price. A side is
// a sorted array of ranks with the best one last, because that end changes most, and behind it the
// levels' nodes. A level without orders keeps its place until it would be the best, or the place is
// needed: most prices come back soon. Fixed memory; the hot core that owns the books.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "base/arena.hpp"
#include "book/node_pool.hpp"
#include "book/ranks.hpp"

namespace ridley::book {

// One side's place in the memory of all ladders. All zero is an empty side.
struct Ladder {
  std::uint32_t end;       // of its ranks, in words
  std::uint32_t count;     // levels, the empty ones as well
  std::uint32_t capacity;  // 0 before the first level
  NodeIndex best;          // the last one, never empty; kNoNode when there is none
};

class Ladders {
 public:
  static constexpr std::uint32_t kLevelsMax = 1U << 26;

  // Cold: takes its memory.
  Ladders(base::Arena& arena, std::uint32_t levels_max)
      : words_{arena.array<std::uint32_t>(words_for(levels_max))}, levels_max_{levels_max} {}

  [[nodiscard]] static constexpr std::size_t bytes_for(std::uint32_t levels_max) noexcept {
    return base::Arena::bytes_for<std::uint32_t>(words_for(levels_max));
  }

  // Worst first, with the empty ones.
  [[nodiscard]] std::span<const NodeIndex> levels(const Ladder& ladder) const noexcept {
    return {levels_end(ladder) - ladder.count, ladder.count};
  }

  void prefetch(const Ladder& ladder) const noexcept {
    __builtin_prefetch(ranks_end(ladder) - kWordsAtOnce);
    __builtin_prefetch(levels_end(ladder) - kWordsAtOnce);
  }

  // Where a rank is, or else the best one that is worse.
  using Place = const std::uint32_t*;

  // Only looks among the best: what is not there may be deeper.
  [[nodiscard]] Place near_place_of(const Ladder& ladder, std::uint32_t rank) const noexcept {
    return place_of(ranks_end(ladder), rank);
  }
  // The level of that rank if it is there, else kNoNode. In front of the worst rank stands a rank 0
  // without a level.
  [[nodiscard]] static NodeIndex level_at(const Ladder& ladder, Place place,
                                          std::uint32_t rank) noexcept {
    return *place == rank ? *(place + to_levels(ladder.capacity)) : kNoNode;
  }
  // Not among the best. Most are not far behind, where counting is cheaper than halving; which half
  // is no branch, because nobody could foretell it.
  [[nodiscard]] Place deep_place_of(const Ladder& ladder, std::uint32_t rank) const noexcept {
    const std::uint32_t* end = ranks_end(ladder);
    std::uint32_t left = ladder.count;
    for (int again = 0; again < 2; ++again) {
      end -= kWordsAtOnce;
      left -= kWordsAtOnce;
      const Place place = place_of(end, rank);
      if (place != end - kWordsAtOnce - 1 || left <= kWordsAtOnce) return place;
    }
    end -= kWordsAtOnce;
    left -= kWordsAtOnce;
    while (left != 0) {
      const std::uint32_t half = (left + 1) / 2;
      end -= half & (0 - std::uint32_t{*(end - half) > rank});
      left -= half;
    }
    return end - 1;
  }
  // Anywhere.
  [[nodiscard]] Place find_place(const Ladder& ladder, std::uint32_t rank) const noexcept {
    const Place place = near_place_of(ladder, rank);
    return is_deep(ladder, place) ? deep_place_of(ladder, rank) : place;
  }
  // The level of that rank, kNoNode when it has no place.
  [[nodiscard]] NodeIndex find(const Ladder& ladder, std::uint32_t rank) const noexcept {
    return level_at(ladder, find_place(ladder, rank), rank);
  }

  [[nodiscard]] static bool is_full(const Ladder& ladder) noexcept {
    return ladder.count == ladder.capacity;
  }
  // More than the best are better.
  [[nodiscard]] bool is_deep(const Ladder& ladder, Place near_place) const noexcept {
    return (near_place == ranks_end(ladder) - kWordsAtOnce - 1) & (ladder.count > kWordsAtOnce);
  }

  // The places of empty levels are taken back first; a larger array when they are few. False when
  // the side is as full as before, because the memory is used up. All places are other ones then.
  [[nodiscard]] [[gnu::noinline]] bool make_place(Ladder& ladder, NodePool& nodes) noexcept {
    sweep(ladder, nodes);
    if (ladder.count < ladder.capacity / 2) return true;
    return grow(ladder) || !is_full(ladder);
  }

  // Puts a rank behind its place, on a side that is not full. The level is not empty any more when
  // it is looked at again.
  void insert(Ladder& ladder, Place place, std::uint32_t rank, NodeIndex level) noexcept {
    const Place end = ranks_end(ladder);
    if (end - place <= kWordsAtOnce + 1) return insert_near(ladder, place, rank, level);
    std::uint32_t* const ranks = word_at(place + 1);
    NodeIndex* const levels = ranks + to_levels(ladder.capacity);
    const auto bytes = static_cast<std::size_t>(end - ranks) * sizeof *ranks;
    std::memmove(ranks + 1, ranks, bytes);
    std::memmove(levels + 1, levels, bytes);
    *ranks = rank;
    *levels = level;
    ++ladder.end;
    ++ladder.count;
  }
  // The same at a place among the best.
  void insert_near(Ladder& ladder, Place place, std::uint32_t rank, NodeIndex level) noexcept {
    std::uint32_t* const ranks = word_at(place + 1);
    NodeIndex* const levels = ranks + to_levels(ladder.capacity);
    const Words better_ranks{ranks};
    const Words better_levels{levels};
    better_ranks.store(ranks + 1);
    better_levels.store(levels + 1);
    *ranks = rank;
    *levels = level;
    ++ladder.end;
    ++ladder.count;
    ladder.best = *(levels_end(ladder) - 1);
  }

  // The best level has become empty: it goes, and so does what was empty behind it.
  void drop_best(Ladder& ladder, NodePool& nodes) noexcept {
    const NodeIndex* last = levels_end(ladder) - 1;
    do {
      nodes.give_back_level(*last);
      --last;
      --ladder.end;
      --ladder.count;
    } while (ladder.count != 0 && nodes[*last].level.orders == 0);
    ladder.best = ladder.count == 0 ? kNoNode : *last;
  }

  void clear() noexcept {
    free_ = {};
    places_ = 0;
    used_ = words_of(0);
  }

 private:
  // Enough for most sides of 8,000 instruments. With four, every hundredth message made place.
  static constexpr std::uint32_t kSmallest = 8;
  static constexpr std::uint32_t kClasses = 24;  // 8 << 23 is kLevelsMax

  // Words in front of the ranks, which are read with what is meant: 0, no better than any.
  static constexpr std::uint32_t kFront = kWordsAtOnce;
  // Words behind the ranks, and behind the levels, for what is moved with what is meant.
  static constexpr std::uint32_t kSlack = kWordsAtOnce;

  // An array is ranks, one word without a level, and the levels.
  [[nodiscard]] static constexpr std::ptrdiff_t to_levels(std::uint32_t capacity) noexcept {
    return std::ptrdiff_t{1} + capacity + kSlack;
  }
  [[nodiscard]] static constexpr std::uint32_t words_of(std::uint32_t capacity) noexcept {
    return kFront + 2 * (capacity + kSlack) + 1;
  }
  // A side without an array has one of nothing. Behind it enough for all of the smallest arrays.
  [[nodiscard]] static constexpr std::size_t words_for(std::uint32_t levels_max) noexcept {
    const std::size_t arrays = (std::size_t{levels_max} + kSmallest - 1) / kSmallest;
    return words_of(0) + words_of(kSmallest) * arrays;
  }

  [[nodiscard]] const std::uint32_t* ranks_end(const Ladder& ladder) const noexcept {
    return words_.data() + kFront + ladder.end;
  }
  [[nodiscard]] std::uint32_t* ranks_end(const Ladder& ladder) noexcept {
    return words_.data() + kFront + ladder.end;
  }

  [[nodiscard]] const NodeIndex* levels_end(const Ladder& ladder) const noexcept {
    return ranks_end(ladder) + to_levels(ladder.capacity);
  }
  [[nodiscard]] NodeIndex* levels_end(const Ladder& ladder) noexcept {
    return ranks_end(ladder) + to_levels(ladder.capacity);
  }

  [[nodiscard]] std::uint32_t* word_at(Place place) noexcept {
    return words_.data() + (place - words_.data());
  }

  // Arrays come in powers of two. One that was outgrown serves the next side of its size; a list
  // of such arrays is threaded through their first rank. 0 is none.
  [[nodiscard]] std::uint32_t take(std::uint32_t capacity) noexcept {
    std::uint32_t& free = free_[class_of(capacity)];
    if (free != 0) return std::exchange(free, words_[kFront + free]);
    if (levels_max_ - places_ < capacity) return 0;
    places_ += capacity;
    return std::exchange(used_, used_ + words_of(capacity));
  }

  void give_back(std::uint32_t begin, std::uint32_t capacity) noexcept {
    std::uint32_t& free = free_[class_of(capacity)];
    words_[kFront + begin] = free;
    free = begin;
  }

  [[nodiscard]] static unsigned class_of(std::uint32_t capacity) noexcept {
    return static_cast<unsigned>(std::countr_zero(capacity / kSmallest));
  }

  void sweep(Ladder& ladder, NodePool& nodes) noexcept {
    std::uint32_t* const ranks = ranks_end(ladder) - ladder.count;
    NodeIndex* const levels = levels_end(ladder) - ladder.count;
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < ladder.count; ++i) {
      if (nodes[levels[i]].level.orders == 0) {
        nodes.give_back_level(levels[i]);
        continue;
      }
      ranks[kept] = ranks[i];
      levels[kept] = levels[i];
      ++kept;
    }
    ladder.end -= ladder.count - kept;
    ladder.count = kept;
  }

  bool grow(Ladder& ladder) noexcept {
    const std::uint32_t capacity = ladder.capacity == 0 ? kSmallest : ladder.capacity * 2;
    if (class_of(capacity) == kClasses) return false;
    const std::uint32_t taken = take(capacity);
    if (taken == 0) return false;
    const std::uint32_t begin = ladder.end - ladder.count;
    const std::uint32_t* const from = words_.data() + kFront + begin;
    std::uint32_t* const to = words_.data() + kFront + taken;
    const std::size_t bytes = ladder.count * sizeof *to;
    std::memcpy(to, from, bytes);
    std::memcpy(to + to_levels(capacity), from + to_levels(ladder.capacity), bytes);
    std::fill_n(to - kFront, kFront, 0);
    to[to_levels(capacity) - 1] = kNoNode;
    if (ladder.capacity != 0) give_back(begin, ladder.capacity);
    ladder.end = taken + ladder.count;
    ladder.capacity = capacity;
    return true;
  }

  std::span<std::uint32_t> words_;
  std::array<std::uint32_t, kClasses> free_{};
  std::uint32_t levels_max_;
  std::uint32_t places_ = 0;  // given out, of levels_max_
  std::uint32_t used_ = words_of(0);
};

}  // namespace ridley::book
