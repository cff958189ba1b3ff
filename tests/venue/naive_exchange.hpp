// SPDX-License-Identifier: Apache-2.0
// The rules of the matching engine again, written so that nothing can hide: one list of orders in
// time order, searched from end to end for the best one.
#pragma once

#include <algorithm>
#include <list>
#include <tuple>
#include <utility>
#include <vector>

#include "venue/order_terms.hpp"

namespace ridley::venue::test {

// Reference, quantity, price, what is left of the resting order.
using Trade = std::tuple<std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t>;

struct NaiveOutcome {
  std::vector<Trade> trades;
  std::vector<Trade> prevented;
  std::uint32_t open_quantity = 0;
  Ending ending = Ending::Rests;
  bool operator==(const NaiveOutcome&) const = default;
};

inline NaiveOutcome outcome_of(const Submission& submission) {
  NaiveOutcome outcome;
  for (const Fill& fill : submission.fills)
    outcome.trades.emplace_back(fill.reference, fill.quantity, fill.price_e4, fill.open_quantity);
  for (const Prevention& one : submission.preventions)
    outcome.prevented.emplace_back(one.reference, one.quantity, one.price_e4, one.open_quantity);
  outcome.open_quantity = submission.open_quantity;
  outcome.ending = submission.ending;
  return outcome;
}

class NaiveExchange {
 public:
  struct Order {
    std::uint64_t reference;
    NewOrder terms;
    std::uint32_t quantity;
  };
  using Orders = std::list<Order>;

  NaiveOutcome submit(const NewOrder& incoming) {
    const std::uint64_t reference = next_++;
    NaiveOutcome outcome;
    outcome.open_quantity = incoming.quantity;
    if (incoming.post_only && !reached(incoming).empty()) {
      outcome.ending = Ending::PostOnly;
      return outcome;
    }
    // Tried on a copy, because a minimum may forbid all of it.
    const Orders before = orders;
    NaiveOutcome tried = outcome;
    std::uint32_t executed = 0;
    bool stopped = false;
    for (const std::uint64_t other : reached(incoming)) {
      if (tried.open_quantity == 0 || stopped) break;
      stopped = meet(incoming, other, tried, executed);
    }
    if (executed < std::min(incoming.minimum_quantity, incoming.quantity)) {
      orders = before;
      stopped = false;
    } else {
      outcome = tried;
    }
    if (outcome.open_quantity == 0) {
      outcome.ending = Ending::Filled;
    } else if (stopped) {
      outcome.ending = Ending::SelfMatch;
    } else if (incoming.immediate) {
      outcome.ending = Ending::Expired;
    } else {
      orders.push_back({reference, incoming, outcome.open_quantity});
    }
    return outcome;
  }

  void reduce(std::uint64_t reference, std::uint32_t quantity) {
    for (auto order = orders.begin(); order != orders.end(); ++order) {
      if (order->reference != reference) continue;
      if (quantity < order->quantity) {
        order->quantity -= quantity;
      } else {
        orders.erase(order);
      }
      return;
    }
  }

  // References and quantities of one side, first to trade first.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::uint32_t>> queue(std::uint16_t locate,
                                                                           event::Side side) const {
    std::vector<Order> found;
    for (const Order& order : orders) {
      if (order.terms.locate == locate && order.terms.side == side) found.push_back(order);
    }
    sort(found);
    std::vector<std::pair<std::uint64_t, std::uint32_t>> result;
    for (const Order& order : found) result.emplace_back(order.reference, order.quantity);
    return result;
  }

  Orders orders;

 private:
  // Everybody that the order's price reaches.
  std::vector<std::uint64_t> reached(const NewOrder& incoming) {
    const bool buy = incoming.side == event::Side::Buy;
    std::vector<Order> found;
    for (const Order& order : orders) {
      const NewOrder& terms = order.terms;
      if (terms.locate != incoming.locate || terms.side == incoming.side) continue;
      if (buy ? terms.price_e4 <= incoming.price_e4 : terms.price_e4 >= incoming.price_e4)
        found.push_back(order);
    }
    sort(found);
    std::vector<std::uint64_t> references;
    for (const Order& order : found) references.push_back(order.reference);
    return references;
  }

  // The list is in time order already.
  static void sort(std::vector<Order>& found) {
    std::stable_sort(found.begin(), found.end(), [](const Order& one, const Order& other) {
      if (one.terms.price_e4 != other.terms.price_e4) {
        return one.terms.side == event::Side::Buy ? one.terms.price_e4 > other.terms.price_e4
                                                  : one.terms.price_e4 < other.terms.price_e4;
      }
      return one.terms.display != Display::Hidden && other.terms.display == Display::Hidden;
    });
  }

  // True when the incoming order's own group stops it.
  bool meet(const NewOrder& incoming, std::uint64_t reference, NaiveOutcome& outcome,
            std::uint32_t& executed) {
    const Order resting = *std::ranges::find(orders, reference, &Order::reference);
    const std::uint32_t quantity = std::min(outcome.open_quantity, resting.quantity);
    if (quantity < std::min(resting.terms.minimum_quantity, resting.quantity)) return false;
    const std::uint32_t price = resting.terms.price_e4;
    if (incoming.group == 0 || incoming.group != resting.terms.group) {
      outcome.trades.emplace_back(reference, quantity, price, resting.quantity - quantity);
      outcome.open_quantity -= quantity;
      executed += quantity;
      reduce(reference, quantity);
      return false;
    }
    switch (incoming.self_match) {
      case SelfMatch::CancelNewest: return true;
      case SelfMatch::CancelOldest:
        outcome.prevented.emplace_back(reference, quantity, price, 0);
        reduce(reference, resting.quantity);
        return false;
      case SelfMatch::DecrementBoth:
        outcome.prevented.emplace_back(reference, quantity, price, resting.quantity - quantity);
        outcome.open_quantity -= quantity;
        reduce(reference, quantity);
        return false;
    }
    return false;
  }

  std::uint64_t next_ = 1;
};

}  // namespace ridley::venue::test
