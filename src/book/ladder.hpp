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

  // Where a rank is, or else the best one that is worse.
  using Place = const std::uint32_t*;

  // Only looks among the best: what is not there may be deeper.
  [[nodiscard]] Place near_place_of(const Ladder& ladder, std::uint32_t rank) const noexcept {
    return place_of(ranks_end(ladder), rank);
  }
  [[nodiscard]] bool holds(const Ladder& ladder, Place place, std::uint32_t rank) const noexcept {
    return *place == rank && place + ladder.count >= ranks_end(ladder);
  }
  [[nodiscard]] static NodeIndex level_at(const Ladder& ladder, Place place) noexcept {
    return *(place + ladder.capacity + kSlack);
  }
  // Anywhere.
  [[nodiscard]] Place find_place(const Ladder& ladder, std::uint32_t rank) const noexcept {
    const Place place = near_place_of(ladder, rank);
    return is_deep(ladder, place) ? deep_place_of(ladder, rank) : place;
  }
  // The level of that rank, kNoNode when it has no place.
  [[nodiscard]] NodeIndex find(const Ladder& ladder, std::uint32_t rank) const noexcept {
    const Place place = find_place(ladder, rank);
    return holds(ladder, place, rank) ? level_at(ladder, place) : kNoNode;
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
    NodeIndex* const levels = ranks + ladder.capacity + kSlack;
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
    const Place end = ranks_end(ladder);
    const Place worst = end - ladder.count;
    std::uint32_t* const ranks = word_at(std::max(place + 1, worst));
    NodeIndex* const levels = ranks + ladder.capacity + kSlack;
    const Words better_ranks{ranks};
    const Words better_levels{levels};
    // No branch: as good as random again.
    const NodeIndex all_if_best = 0 - NodeIndex{ranks == end};
    const NodeIndex best = ladder.best ^ ((ladder.best ^ level) & all_if_best);
    const Ladder longer{ladder.end + 1, ladder.count + 1, ladder.capacity, best};
    better_ranks.store(ranks + 1);
    better_levels.store(levels + 1);
    *ranks = rank;
    *levels = level;
    ladder = longer;
  }

  // The best level has become empty: it goes, and so does what was empty behind it.
  void drop_best(Ladder& ladder, NodePool& nodes) noexcept {
    const NodeIndex* last = levels_end(ladder) - 1;
    do {
      nodes.give_back(*last);
      --last;
      --ladder.end;
      --ladder.count;
    } while (ladder.count != 0 && nodes[*last].level.orders == 0);
    ladder.best = ladder.count == 0 ? kNoNode : *last;
  }

  void clear() noexcept {
    free_ = {};
    places_ = 0;
    used_ = 0;
  }

 private:
  // Sixteen places would be too many for most of 8,000 instruments, two would be copied at once.
  static constexpr std::uint32_t kSmallest = 4;
  static constexpr std::uint32_t kClasses = 25;  // 4 << 24 is kLevelsMax

  // Words in front of the first array, read with what is meant.
  static constexpr std::uint32_t kPadding = kWordsAtOnce + 1;
  // Words behind the ranks, and behind the levels, for what is moved with what is meant.
  static constexpr std::uint32_t kSlack = kWordsAtOnce;

  // The first half of an array are the ranks, the second the levels.
  [[nodiscard]] static constexpr std::size_t words_of(std::uint32_t capacity) noexcept {
    return 2 * (std::size_t{capacity} + kSlack);
  }
  // Enough for all of the smallest arrays.
  [[nodiscard]] static constexpr std::size_t words_for(std::uint32_t levels_max) noexcept {
    return kPadding + words_of(kSmallest) * ((std::size_t{levels_max} + kSmallest - 1) / kSmallest);
  }

  [[nodiscard]] const std::uint32_t* ranks_end(const Ladder& ladder) const noexcept {
    return words_.data() + kPadding + ladder.end;
  }
  [[nodiscard]] std::uint32_t* ranks_end(const Ladder& ladder) noexcept {
    return words_.data() + kPadding + ladder.end;
  }

  [[nodiscard]] const NodeIndex* levels_end(const Ladder& ladder) const noexcept {
    return ranks_end(ladder) + ladder.capacity + kSlack;
  }
  [[nodiscard]] NodeIndex* levels_end(const Ladder& ladder) noexcept {
    return ranks_end(ladder) + ladder.capacity + kSlack;
  }

  [[nodiscard]] std::uint32_t* word_at(Place place) noexcept {
    return words_.data() + (place - words_.data());
  }

  // For ranks that are not among the best, where halving is cheaper than walking. Which half is no
  // branch: nobody could foretell it.
  [[nodiscard]] [[gnu::noinline]] Place deep_place_of(const Ladder& ladder,
                                                      std::uint32_t rank) const noexcept {
    const std::uint32_t* end = ranks_end(ladder) - kWordsAtOnce;
    std::uint32_t left = ladder.count - kWordsAtOnce;
    while (left != 0) {
      const std::uint32_t half = (left + 1) / 2;
      end -= half & (0 - std::uint32_t{*(end - half) > rank});
      left -= half;
    }
    return end - 1;
  }

  // Arrays come in powers of two. One that was outgrown serves the next side of its size; a list
  // of such arrays is threaded through their first word. Positions are one more than they are, so
  // that 0 is none.
  [[nodiscard]] std::uint32_t take(std::uint32_t capacity) noexcept {
    std::uint32_t& free = free_[class_of(capacity)];
    if (free != 0) {
      const std::uint32_t taken = free;
      free = words_[kPadding + taken - 1];
      return taken;
    }
    if (levels_max_ - places_ < capacity) return 0;
    places_ += capacity;
    const std::uint32_t begin = used_;
    used_ += static_cast<std::uint32_t>(words_of(capacity));
    return begin + 1;
  }

  void give_back(std::uint32_t begin, std::uint32_t capacity) noexcept {
    std::uint32_t& free = free_[class_of(capacity)];
    words_[kPadding + begin] = free;
    free = begin + 1;
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
        nodes.give_back(levels[i]);
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
    const std::uint32_t* const from = words_.data() + kPadding + begin;
    std::uint32_t* const to = words_.data() + kPadding + taken - 1;
    std::memcpy(to, from, ladder.count * sizeof *to);
    std::memcpy(to + capacity + kSlack, from + ladder.capacity + kSlack, ladder.count * sizeof *to);
    if (ladder.capacity != 0) give_back(begin, ladder.capacity);
    ladder.end = taken - 1 + ladder.count;
    ladder.capacity = capacity;
    return true;
  }

  std::span<std::uint32_t> words_;
  std::array<std::uint32_t, kClasses> free_{};
  std::uint32_t levels_max_;
  std::uint32_t places_ = 0;  // given out, of levels_max_
  std::uint32_t used_ = 0;    // words
};

}  // namespace ridley::book
