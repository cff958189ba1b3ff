// SPDX-License-Identifier: Apache-2.0
// In: market events. Out: the same books as book::Books with limits that are never met, written in
// the shortest way: every question is answered by looking at all orders.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "book/books.hpp"
#include "event/records.hpp"

namespace ridley::book {

struct NaiveOrder {
  std::uint64_t id;
  std::uint32_t quantity;
  std::uint32_t price_e4;
  Locate locate;
  event::Side side;
};

class NaiveBooks {
 public:
  explicit NaiveBooks(std::uint32_t instruments_max) : instruments_max_{instruments_max} {}

  void apply(const event::MarketEvent& event) {
    using event::EventKind;
    switch (event.kind) {
      case EventKind::AddOrder:
        return add(
            {event.add.order_id, event.add.quantity, event.add.price_e4, event.locate, event.side});
      case EventKind::ExecuteOrder:
      case EventKind::ExecuteOrderAtPrice: return execute(event);
      case EventKind::CancelOrder:
        if (find(event.cancel.order_id, event))
          reduce(event.cancel.order_id, event.cancel.quantity);
        return;
      case EventKind::DeleteOrder:
        if (find(event.remove.order_id, event)) erase(event.remove.order_id);
        return;
      case EventKind::ReplaceOrder:
        if (auto old = find(event.replace.order_id, event)) {
          erase(event.replace.order_id);
          add({event.replace.new_order_id, event.replace.quantity, event.replace.price_e4,
               old->locate, old->side});
        }
        return;
      default: return;
    }
  }

  // Best first; within a level oldest first.
  [[nodiscard]] std::vector<std::vector<NaiveOrder>> levels(Locate locate, event::Side side) const {
    std::map<std::uint32_t, std::vector<NaiveOrder>> by_price;
    for (const NaiveOrder& order : orders_)
      if (order.locate == locate && order.side == side) by_price[order.price_e4].push_back(order);
    std::vector<std::vector<NaiveOrder>> levels;
    for (auto& [price, orders] : by_price) levels.push_back(std::move(orders));
    if (side == event::Side::Buy) std::ranges::reverse(levels);
    return levels;
  }

  [[nodiscard]] std::size_t live_orders() const { return orders_.size(); }
  [[nodiscard]] bool stale(Locate locate) const { return stale_.contains(locate); }
  [[nodiscard]] std::uint32_t last_price_e4(Locate locate) const {
    const auto found = last_price_e4_.find(locate);
    return found == last_price_e4_.end() ? 0 : found->second;
  }

  std::uint64_t unknown_orders = 0;
  std::uint64_t duplicate_orders = 0;
  std::uint64_t inconsistencies = 0;
  std::uint64_t locates_beyond_limit = 0;

 private:
  auto at(std::uint64_t id) { return std::ranges::find(orders_, id, &NaiveOrder::id); }
  void erase(std::uint64_t id) { orders_.erase(at(id)); }

  std::optional<NaiveOrder> find(std::uint64_t id, const event::MarketEvent& event) {
    if (const auto found = at(id); found != orders_.end()) {
      if (found->locate != event.locate) {
        ++inconsistencies;
        stale_.insert({found->locate, event.locate});
      }
      return *found;
    }
    ++(event.locate < instruments_max_ ? unknown_orders : locates_beyond_limit);
    stale_.insert(event.locate);
    return std::nullopt;
  }

  void add(const NaiveOrder& order) {
    if (order.locate >= instruments_max_) {
      ++locates_beyond_limit;
      return;
    }
    const bool sided = order.side == event::Side::Buy || order.side == event::Side::Sell;
    if (!sided || order.quantity == 0) {
      ++inconsistencies;
      stale_.insert(order.locate);
    } else if (const auto older = at(order.id); older != orders_.end()) {
      ++duplicate_orders;
      stale_.insert({older->locate, order.locate});
    } else {
      orders_.push_back(order);
    }
  }

  void execute(const event::MarketEvent& event) {
    const auto order = find(event.execute.order_id, event);
    if (!order) return;
    if (event.execute.quantity != 0) {
      if (event.kind == event::EventKind::ExecuteOrder)
        last_price_e4_[order->locate] = order->price_e4;
      else if (event.execute.printable != 0)
        last_price_e4_[order->locate] = event.execute.price_e4;
    }
    reduce(event.execute.order_id, event.execute.quantity);
  }

  void reduce(std::uint64_t id, std::uint32_t quantity) {
    NaiveOrder& order = *at(id);
    if (quantity == 0 || quantity > order.quantity) {
      ++inconsistencies;
      stale_.insert(order.locate);
    }
    order.quantity -= std::min(order.quantity, quantity);
    if (order.quantity == 0) erase(id);
  }

  std::uint32_t instruments_max_;
  std::vector<NaiveOrder> orders_;  // oldest first
  std::set<Locate> stale_;
  std::map<Locate, std::uint32_t> last_price_e4_;
};

}  // namespace ridley::book
