// SPDX-License-Identifier: Apache-2.0
#include "bench/support/day_books.hpp"

#include <iterator>

#include "bench/support/bbo_digest.hpp"

namespace ridley::bench {
namespace {

void add_top(BboDigest& digest, const DayLevels& levels, DayLevels::const_iterator best) {
  levels.empty() ? digest.add(0, 0) : digest.add(best->first, best->second.quantity);
}

}  // namespace

DayLevel& DayBooks::best(std::uint16_t locate, bool buys) {
  DayLevels& side = levels(locate, buys);
  return buys ? std::prev(side.end())->second : side.begin()->second;
}

Place DayBooks::take_place() {
  if (free_places_.empty()) {
    orders_.emplace_back();
    return static_cast<Place>(orders_.size() - 1);
  }
  const Place place = free_places_.back();
  free_places_.pop_back();
  return place;
}

void DayBooks::enter(Place place) {
  DayOrder& order = orders_[place];
  order.level = levels(order.locate, order.buys).try_emplace(order.price_e4).first;
  DayLevel& level = order.level->second;
  order.older = level.newest;
  order.newer = 0;
  (level.newest != 0 ? orders_[level.newest].newer : level.oldest) = place;
  level.newest = place;
  level.quantity += order.quantity;
  ++level.orders;
  order.life = Life::Live;
}

void DayBooks::leave(Place place) {
  DayOrder& order = orders_[place];
  DayLevel& level = order.level->second;
  (order.older != 0 ? orders_[order.older].newer : level.oldest) = order.newer;
  (order.newer != 0 ? orders_[order.newer].older : level.newest) = order.older;
  level.quantity -= order.quantity;
  if (--level.orders == 0) levels(order.locate, order.buys).erase(order.level);
  order.life = Life::Gone;
}

void DayBooks::reduce(Place place, std::uint32_t quantity) {
  orders_[place].quantity -= quantity;
  orders_[place].level->second.quantity -= quantity;
}

DayTotals DayBooks::totals() const {
  DayTotals totals;
  BboDigest digest;
  for (std::size_t locate = 1; locate < instruments_.size(); ++locate) {
    const auto& [sales, purchases] = instruments_[locate].levels;
    add_top(digest, purchases, purchases.empty() ? purchases.end() : std::prev(purchases.end()));
    add_top(digest, sales, sales.begin());
    for (const DayLevels& side : instruments_[locate].levels) {
      totals.levels += side.size();
      for (const auto& [price, level] : side) totals.orders += level.orders;
    }
  }
  totals.bbo_digest = digest.value();
  return totals;
}

}  // namespace ridley::bench
