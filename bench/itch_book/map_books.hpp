// SPDX-License-Identifier: Apache-2.0
// In: market events. Out: order-by-order books of the standard library's containers, as a first
// version is written: a map of levels for each side, a list of orders for each level, a hash map
// from an order to its place in the list. What Ridley's books are measured against. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <unordered_map>
#include <vector>

#include "event/records.hpp"

namespace ridley::bench {

class MapBooks {
 public:
  MapBooks() : instruments_(std::size_t{1} << 16) {}

  // True when price, quantity or number of orders changed at the best of a side.
  bool apply(const event::MarketEvent& event);

  [[nodiscard]] std::uint64_t live_orders() const { return places_.size(); }
  [[nodiscard]] std::uint64_t live_levels() const;
  // Of locates 1 to the highest that was listed.
  [[nodiscard]] std::uint64_t bbo_digest() const;

 private:
  struct Order {
    std::uint64_t id;
    std::uint32_t quantity;
  };
  struct Level {
    std::uint64_t quantity = 0;
    std::list<Order> queue;  // oldest first
  };
  using Levels = std::map<std::uint32_t, Level>;
  struct Place {
    Levels::iterator level;
    std::list<Order>::iterator order;
    std::uint16_t locate;
    bool buys;
  };
  using Places = std::unordered_map<std::uint64_t, Place>;
  struct Best {
    std::uint64_t quantity = 0;
    std::size_t orders = 0;
    std::uint32_t price_e4 = 0;
    bool operator==(const Best&) const = default;
  };
  struct Instrument {
    Levels bids;
    Levels asks;
    Best bid;
    Best ask;
  };

  static Best best_bid(const Instrument& instrument);
  static Best best_ask(const Instrument& instrument);
  bool refresh(std::uint16_t locate);
  void insert(const Order& order, std::uint32_t price_e4, Place place);
  void erase(Places::iterator found);
  bool reduce(std::uint64_t id, std::uint32_t quantity);
  bool remove(std::uint64_t id);
  bool replace(const event::MarketEvent::ReplaceOrder& event);

  std::vector<Instrument> instruments_;
  Places places_;
  std::uint16_t highest_listed_ = 0;
};

}  // namespace ridley::bench
