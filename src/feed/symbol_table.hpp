// SPDX-License-Identifier: Apache-2.0
// In: symbols of a feed that has no numbers for its instruments. Out: a locate for each, given out
// from 1 in the order of their appearance, which is the same for the same feed. Fixed memory; one
// hot core.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/arena.hpp"
#include "event/market_event.hpp"

namespace ridley::feed {

// What has no place is no instrument; so many symbols is more than any exchange lists.
inline constexpr std::uint32_t kInstrumentsMax = 1U << 16;
using event::kNoLocate;

class SymbolTable {
 public:
  struct Found {
    std::uint16_t locate;  // kNoLocate when the table is full
    bool is_new;
  };

  // Cold. Locates 1 to instruments_max - 1; at most kInstrumentsMax. Throws base::Error where there
  // is no memory.
  explicit SymbolTable(std::uint32_t instruments_max)
      : instruments_max_{instruments_max < kInstrumentsMax ? instruments_max : kInstrumentsMax},
        places_{std::bit_ceil(std::size_t{instruments_max_} * 2)},
        arena_{base::Arena::bytes_for<std::uint16_t>(places_) +
               base::Arena::bytes_for<Entry>(instruments_max_)},
        locates_{arena_.array<std::uint16_t>(places_)},
        entries_{arena_.array<Entry>(instruments_max_)} {}

  // The unit is kept with a new symbol.
  [[nodiscard]] Found find_or_add(const event::Symbol& symbol, std::uint16_t unit) noexcept {
    const std::uint64_t key = std::bit_cast<std::uint64_t>(symbol);
    std::size_t place = place_of(key);
    for (; locates_[place] != kNoLocate; place = (place + 1) & (places_ - 1)) {
      if (entries_[locates_[place]].key == key) return {locates_[place], false};
    }
    if (count_ + 1 >= instruments_max_) [[unlikely]] {
      ++refused_;
      return {kNoLocate, false};
    }
    const auto locate = static_cast<std::uint16_t>(++count_);
    locates_[place] = locate;
    entries_[locate] = {.key = key, .unit = unit};
    return {locate, true};
  }

  // Of those that were given out.
  [[nodiscard]] std::uint16_t unit(std::uint16_t locate) const noexcept {
    return entries_[locate].unit;
  }
  // Locates 1 to count().
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  // Questions for a symbol that has no place any more.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

  void clear() noexcept {
    std::memset(locates_.data(), 0, locates_.size_bytes());
    count_ = 0;
  }

 private:
  struct Entry {
    std::uint64_t key;
    std::uint16_t unit;
  };

  // At most half of the places are taken, so a search ends soon and always.
  [[nodiscard]] std::size_t place_of(std::uint64_t key) const noexcept {
    constexpr std::uint64_t kGolden = 0x9E37'79B9'7F4A'7C15;
    return static_cast<std::size_t>((key * kGolden) >> 32) & (places_ - 1);
  }

  std::uint32_t instruments_max_;
  std::size_t places_;
  base::Arena arena_;
  std::span<std::uint16_t> locates_;
  std::span<Entry> entries_;
  std::uint32_t count_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace ridley::feed
