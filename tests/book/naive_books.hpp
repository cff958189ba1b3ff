// SPDX-License-Identifier: Apache-2.0
// In: market events. Out: the same books as book::Books, written in the shortest way: every
// question is answered by looking at all orders. Limits of memory are never met, unless the caller
// says that the order of an event did not fit.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
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

struct NaivePosition {
  std::uint64_t quantity_ahead;
  std::uint32_t orders_ahead;
  std::uint32_t quantity;
};

// What Change says.
struct NaiveChange {
  Locate locate;
  bool top;
  Outcome outcome;
};

class NaiveBooks {
 public:
  explicit NaiveBooks(std::uint32_t instruments_max) : instruments_max_{instruments_max} {}

  // fits: false when there was no memory for the order that the event adds.
  NaiveChange apply(const event::MarketEvent& event, bool fits = true) {
    fits_ = fits;
    const std::optional<NaiveOrder> named = named_by(event);
    const Locate locate = named ? named->locate : event.locate;
    const Top before = top(locate);
    const Outcome outcome = apply_to_orders(event);
    if (has_book(locate) && touches_clock(event, named.has_value()))
      exchange_ns_[locate] = event.exchange_ns;
    const Top after = top(locate);
    if (!is_crossed(before) && is_crossed(after) && trading_.contains(locate)) ++crossed;
    return {locate, !same_best(before, after), outcome};
  }

  // As a book that begins anew; counters go on.
  void restart() {
    orders_.clear();
    stale_.clear();
    last_price_e4_.clear();
    exchange_ns_.clear();
    trading_.clear();
    listed_.clear();
    all_stale_ = false;
  }
  void mark_all_stale() { all_stale_ = true; }

  // Best price first; of one price oldest first.
  [[nodiscard]] std::vector<NaiveOrder> orders(Locate locate, event::Side side) const {
    const auto better = [side](const NaiveOrder& left, const NaiveOrder& right) {
      return side == event::Side::Buy ? left.price_e4 > right.price_e4
                                      : left.price_e4 < right.price_e4;
    };
    std::vector<NaiveOrder> orders;
    for (const NaiveOrder& order : orders_) {
      if (order.locate == locate && order.side == side)
        orders.insert(std::ranges::upper_bound(orders, order, better), order);
    }
    return orders;
  }

  [[nodiscard]] Top top(Locate locate) const {
    Top top{};
    for (const NaiveOrder& order : orders_) {
      if (order.locate != locate) continue;
      if (order.side == event::Side::Buy) {
        improve(order, order.price_e4 > top.bid_price_e4, top.bid_price_e4, top.bid_quantity,
                top.bid_orders);
      } else {
        improve(order, order.price_e4 < top.ask_price_e4, top.ask_price_e4, top.ask_quantity,
                top.ask_orders);
      }
    }
    top.last_price_e4 = last_price_e4(locate);
    const auto found = exchange_ns_.find(locate);
    if (found != exchange_ns_.end()) top.exchange_ns = found->second;
    return top;
  }

  // Price, quantity and number of orders of both sides.
  [[nodiscard]] static bool same_best(const Top& left, const Top& right) {
    return left.bid_price_e4 == right.bid_price_e4 && left.bid_quantity == right.bid_quantity &&
           left.bid_orders == right.bid_orders && left.ask_price_e4 == right.ask_price_e4 &&
           left.ask_quantity == right.ask_quantity && left.ask_orders == right.ask_orders;
  }

  [[nodiscard]] std::optional<NaivePosition> position(std::uint64_t id) const {
    const auto order = std::ranges::find(orders_, id, &NaiveOrder::id);
    if (order == orders_.end()) return std::nullopt;
    NaivePosition position{0, 0, order->quantity};
    for (auto older = orders_.begin(); older != order; ++older) {
      if (older->locate != order->locate || older->side != order->side ||
          older->price_e4 != order->price_e4)
        continue;
      position.quantity_ahead += older->quantity;
      ++position.orders_ahead;
    }
    return position;
  }

  // As Books::bbo_digest().
  [[nodiscard]] std::uint64_t bbo_digest() const {
    std::uint64_t digest = 1469598103934665603ULL;
    const std::uint32_t highest = listed_.empty() ? 0 : *listed_.rbegin();
    for (std::uint32_t locate = 1; locate <= highest; ++locate) {
      const Top best = top(static_cast<Locate>(locate));
      for (const std::uint64_t value : {std::uint64_t{best.bid_price_e4}, best.bid_quantity,
                                        std::uint64_t{best.ask_price_e4}, best.ask_quantity}) {
        digest = (digest ^ value) * 1099511628211ULL;
        digest ^= digest >> 29;
      }
    }
    return digest;
  }

  [[nodiscard]] const std::vector<NaiveOrder>& orders() const { return orders_; }
  [[nodiscard]] std::size_t live_orders() const { return orders_.size(); }
  [[nodiscard]] std::size_t live_levels() const {
    std::set<std::tuple<Locate, event::Side, std::uint32_t>> levels;
    for (const NaiveOrder& order : orders_)
      levels.insert({order.locate, order.side, order.price_e4});
    return levels.size();
  }
  [[nodiscard]] bool stale(Locate locate) const { return all_stale_ || stale_.contains(locate); }
  [[nodiscard]] bool tradable(Locate locate) const {
    return trading_.contains(locate) && !stale(locate);
  }
  [[nodiscard]] std::uint32_t last_price_e4(Locate locate) const {
    const auto found = last_price_e4_.find(locate);
    return found == last_price_e4_.end() ? 0 : found->second;
  }

  std::uint64_t unknown_orders = 0;
  std::uint64_t duplicate_orders = 0;
  std::uint64_t inconsistencies = 0;
  std::uint64_t out_of_memory = 0;
  std::uint64_t locates_beyond_limit = 0;
  std::uint64_t crossed = 0;

 private:
  using Event = event::MarketEvent;
  using EventKind = event::EventKind;

  [[nodiscard]] auto at(std::uint64_t id) {
    return std::ranges::find(orders_, id, &NaiveOrder::id);
  }
  void erase(std::uint64_t id) { orders_.erase(at(id)); }
  [[nodiscard]] bool has_book(Locate locate) const { return locate < instruments_max_; }

  // The live order that the event is about, but for the one that it adds.
  std::optional<NaiveOrder> named_by(const Event& event) {
    switch (event.kind) {
      case EventKind::ExecuteOrder:
      case EventKind::ExecuteOrderAtPrice: return find(event.execute.order_id);
      case EventKind::CancelOrder: return find(event.cancel.order_id);
      case EventKind::DeleteOrder: return find(event.remove.order_id);
      case EventKind::ReplaceOrder: return find(event.replace.order_id);
      default: return std::nullopt;
    }
  }

  static void improve(const NaiveOrder& order, bool better, std::uint32_t& price_e4,
                      std::uint64_t& quantity, std::uint32_t& orders) {
    if (orders == 0 || better) {
      price_e4 = order.price_e4;
      quantity = 0;
      orders = 0;
    }
    if (order.price_e4 != price_e4) return;
    quantity += order.quantity;
    ++orders;
  }

  static bool is_crossed(const Top& top) {
    return top.bid_orders != 0 && top.ask_orders != 0 && top.bid_price_e4 >= top.ask_price_e4;
  }

  // A message about orders that nobody knows does not move an instrument's clock.
  static bool touches_clock(const Event& event, bool named) {
    switch (event.kind) {
      case EventKind::AddOrder:
      case EventKind::Trade:
      case EventKind::CrossTrade: return true;
      default: return named;
    }
  }

  Outcome apply_to_orders(const Event& event) {
    switch (event.kind) {
      case EventKind::AddOrder:
        return add(
            {event.add.order_id, event.add.quantity, event.add.price_e4, event.locate, event.side});
      case EventKind::ExecuteOrder:
      case EventKind::ExecuteOrderAtPrice: return execute(event);
      case EventKind::CancelOrder:
        return reduce(event.cancel.order_id, event.cancel.quantity, event);
      case EventKind::DeleteOrder: {
        if (!find(event.remove.order_id)) return unknown(event.locate);
        const Outcome outcome = check_locate(event.remove.order_id, event);
        erase(event.remove.order_id);
        return outcome;
      }
      case EventKind::ReplaceOrder: return replace(event);
      case EventKind::Trade: return print(event, event.trade.quantity, event.trade.price_e4);
      case EventKind::CrossTrade: return print(event, event.cross.quantity, event.cross.price_e4);
      default: return apply_to_reference(event);
    }
  }

  Outcome apply_to_reference(const Event& event) {
    if (event.kind != EventKind::TradingAction && event.kind != EventKind::Directory)
      return Outcome::NoEffect;
    if (!has_book(event.locate)) return beyond_limit();
    if (event.kind == EventKind::Directory) {
      listed_.insert(event.locate);
    } else if (event.trading.state == 'T') {
      trading_.insert(event.locate);
    } else {
      trading_.erase(event.locate);
    }
    return Outcome::Applied;
  }

  std::optional<NaiveOrder> find(std::uint64_t id) {
    const auto found = at(id);
    return found == orders_.end() ? std::nullopt : std::optional{*found};
  }

  Outcome beyond_limit() {
    ++locates_beyond_limit;
    return Outcome::LocateBeyondLimit;
  }

  Outcome inconsistent(Locate locate) {
    ++inconsistencies;
    stale_.insert(locate);
    return Outcome::Inconsistent;
  }

  Outcome unknown(Locate locate) {
    if (!has_book(locate)) return beyond_limit();
    ++unknown_orders;
    stale_.insert(locate);
    return Outcome::UnknownOrder;
  }

  Outcome check_locate(std::uint64_t id, const Event& event) {
    const Locate locate = at(id)->locate;
    if (locate == event.locate) return Outcome::Applied;
    if (has_book(event.locate)) stale_.insert(event.locate);
    return inconsistent(locate);
  }

  Outcome add(const NaiveOrder& order) {
    if (!has_book(order.locate)) return beyond_limit();
    const bool sided = order.side == event::Side::Buy || order.side == event::Side::Sell;
    if (!sided || order.quantity == 0) return inconsistent(order.locate);
    if (const auto older = at(order.id); older != orders_.end()) {
      ++duplicate_orders;
      stale_.insert({older->locate, order.locate});
      return Outcome::DuplicateOrder;
    }
    if (!fits_) {
      ++out_of_memory;
      stale_.insert(order.locate);
      return Outcome::OutOfMemory;
    }
    orders_.push_back(order);
    return Outcome::Applied;
  }

  Outcome replace(const Event& event) {
    const auto old = find(event.replace.order_id);
    if (!old) return unknown(event.locate);
    const Outcome outcome = check_locate(event.replace.order_id, event);
    erase(event.replace.order_id);
    const Outcome added = add({event.replace.new_order_id, event.replace.quantity,
                               event.replace.price_e4, old->locate, old->side});
    return added == Outcome::Applied ? outcome : added;
  }

  Outcome execute(const Event& event) {
    const auto order = find(event.execute.order_id);
    if (!order) return unknown(event.locate);
    if (event.execute.quantity != 0) {
      if (event.kind == EventKind::ExecuteOrder)
        last_price_e4_[order->locate] = order->price_e4;
      else if (event.execute.printable != 0)
        last_price_e4_[order->locate] = event.execute.price_e4;
    }
    return reduce(event.execute.order_id, event.execute.quantity, event);
  }

  Outcome reduce(std::uint64_t id, std::uint32_t quantity, const Event& event) {
    if (!find(id)) return unknown(event.locate);
    Outcome outcome = check_locate(id, event);
    NaiveOrder& order = *at(id);
    if (quantity == 0 || quantity > order.quantity) outcome = inconsistent(order.locate);
    order.quantity -= std::min(order.quantity, quantity);
    if (order.quantity == 0) erase(id);
    return outcome;
  }

  Outcome print(const Event& event, std::uint64_t quantity, std::uint32_t price_e4) {
    if (!has_book(event.locate)) return beyond_limit();
    if (quantity != 0) last_price_e4_[event.locate] = price_e4;
    return Outcome::Applied;
  }

  std::uint32_t instruments_max_;
  std::vector<NaiveOrder> orders_;  // oldest first
  std::set<Locate> stale_;
  std::set<Locate> trading_;
  std::set<Locate> listed_;
  std::map<Locate, std::uint32_t> last_price_e4_;
  std::map<Locate, std::uint64_t> exchange_ns_;
  bool all_stale_ = false;
  bool fits_ = true;
};

}  // namespace ridley::book
