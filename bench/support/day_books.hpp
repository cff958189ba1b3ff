// SPDX-License-Identifier: Apache-2.0
// In: orders of a generated day. Out: their books, price by price and oldest first, so that every
// later message can name an order that is there. Cold.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace ridley::bench {

// Where an order stands in the books; 0 is no order.
using Place = std::uint32_t;

struct DayLevel {
  std::uint64_t quantity = 0;
  std::uint32_t orders = 0;
  Place oldest = 0;
  Place newest = 0;
};

using DayLevels = std::map<std::uint32_t, DayLevel>;

enum class Life : std::uint8_t {
  Gone,
  Live,
  Executed,  // whole, but the calendar still knows the place
};

struct DayOrder {
  std::uint64_t reference = 0;
  DayLevels::iterator level{};
  std::uint32_t price_e4 = 0;
  std::uint32_t quantity = 0;
  Place older = 0;
  Place newer = 0;
  std::uint16_t locate = 0;
  bool buys = false;
  Life life = Life::Gone;
};

struct DayInstrument {
  std::array<DayLevels, 2> levels{};  // sales, then purchases
  std::uint32_t reference_price_e4 = 0;
  double spread_ticks = 0;
};

// What the books say at the end.
struct DayTotals {
  std::uint64_t orders = 0;
  std::uint64_t levels = 0;
  std::uint64_t bbo_digest = 0;
};

class DayBooks {
 public:
  // Locates 1 to instruments.
  explicit DayBooks(std::uint32_t instruments) : instruments_(instruments + 1) {}

  [[nodiscard]] DayInstrument& instrument(std::uint16_t locate) { return instruments_[locate]; }
  [[nodiscard]] DayLevels& levels(std::uint16_t locate, bool buys) {
    return instruments_[locate].levels[buys ? 1 : 0];
  }
  // The best level; there must be one.
  [[nodiscard]] DayLevel& best(std::uint16_t locate, bool buys);

  // A place that holds no order; the one given back last comes first.
  [[nodiscard]] Place take_place();
  void give_back(Place place) { free_places_.push_back(place); }
  // Valid until the next place is taken.
  [[nodiscard]] DayOrder& order(Place place) { return orders_[place]; }

  // The order joins the queue at its price.
  void enter(Place place);
  void leave(Place place);
  void reduce(Place place, std::uint32_t quantity);

  [[nodiscard]] DayTotals totals() const;

 private:
  std::vector<DayInstrument> instruments_;
  std::vector<DayOrder> orders_ = std::vector<DayOrder>(1);
  std::vector<Place> free_places_;
};

}  // namespace ridley::bench
