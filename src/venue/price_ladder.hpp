// SPDX-License-Identifier: Apache-2.0
// In: prices of one side of one instrument. Out: the levels, best last, each with two queues of
// order slots: at one price displayed orders trade before hidden ones. Any core, one owner.
//
// The vector is sorted, so a change near the touch moves few levels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "event/records.hpp"

namespace ridley::venue {

inline constexpr std::uint32_t kNoSlot = 0xFFFF'FFFF;

// First in, first out, linked through the orders themselves.
struct OrderQueue {
  std::uint32_t first = kNoSlot;
  std::uint32_t last = kNoSlot;
  [[nodiscard]] bool empty() const noexcept { return first == kNoSlot; }
};

struct PriceLevel {
  std::uint32_t price_e4 = 0;
  std::uint32_t displayed_orders = 0;
  std::uint64_t displayed_quantity = 0;
  OrderQueue displayed;
  OrderQueue hidden;
  [[nodiscard]] bool empty() const noexcept { return displayed.empty() && hidden.empty(); }
};

class PriceLadder {
 public:
  explicit PriceLadder(event::Side side) noexcept : buy_{side == event::Side::Buy} {}

  [[nodiscard]] bool empty() const noexcept { return levels_.empty(); }
  [[nodiscard]] PriceLevel& best() noexcept { return levels_.back(); }
  // Worst to best.
  [[nodiscard]] const std::vector<PriceLevel>& levels() const noexcept { return levels_; }

  // Would an order of the other side at that price trade with this level?
  [[nodiscard]] bool reaches(const PriceLevel& level, std::uint32_t price_e4) const noexcept {
    return buy_ ? price_e4 <= level.price_e4 : price_e4 >= level.price_e4;
  }

  // The level, made if it is not there. Valid until the next at() or drop().
  [[nodiscard]] PriceLevel& at(std::uint32_t price_e4) {
    const auto place = position(price_e4);
    if (place != levels_.end() && place->price_e4 == price_e4) return *place;
    PriceLevel level;
    level.price_e4 = price_e4;
    return *levels_.insert(place, level);
  }

  // The level must be there and empty.
  void drop(std::uint32_t price_e4) noexcept { levels_.erase(position(price_e4)); }

  // Best price the public sees; 0 if none.
  [[nodiscard]] std::uint32_t displayed_best_e4() const noexcept {
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
      if (level->displayed_orders > 0) return level->price_e4;
    }
    return 0;
  }

 private:
  [[nodiscard]] std::vector<PriceLevel>::iterator position(std::uint32_t price_e4) noexcept {
    const bool buy = buy_;
    return std::lower_bound(levels_.begin(), levels_.end(), price_e4,
                            [buy](const PriceLevel& level, std::uint32_t price) {
                              return buy ? level.price_e4 < price : level.price_e4 > price;
                            });
  }

  std::vector<PriceLevel> levels_;
  bool buy_;
};

}  // namespace ridley::venue
