// SPDX-License-Identifier: Apache-2.0
#include "venue/matching_engine.hpp"

#include <algorithm>

namespace ridley::venue {

using event::Side;

MatchingEngine::MatchingEngine(std::uint16_t instrument_count)
    : books_(std::size_t{instrument_count} + 1), slots_{1U << 12} {
  orders_.reserve(1U << 11);
}

Submission MatchingEngine::submit(const NewOrder& order) {
  fills_.clear();
  Submission result;
  result.reference = next_reference_++;
  PriceLadder& contra = ladder_of(order.locate, order.side == Side::Buy ? Side::Sell : Side::Buy);
  const bool crosses = !contra.empty() && contra.reaches(contra.best(), order.price_e4);

  if (crosses && order.post_only) {
    result.ending = Ending::PostOnly;
    result.open_quantity = order.quantity;
    result.contra_displayed = contra.best().displayed_orders > 0;
    return result;
  }
  if (crosses) result.executed_quantity = match(order, contra);
  result.fills = fills_;
  result.open_quantity = order.quantity - result.executed_quantity;
  if (result.open_quantity == 0) {
    result.ending = Ending::Filled;
  } else if (order.immediate) {
    result.ending = Ending::Expired;
  } else {
    rest(order, result.reference, result.open_quantity);
  }
  return result;
}

Submission MatchingEngine::replace(std::uint64_t original_reference, const NewOrder& order) {
  const std::uint32_t slot = slots_.find(original_reference);
  if (slot != ReferenceMap::kNoSlot) release(slot);
  return submit(order);
}

std::uint32_t MatchingEngine::reduce(std::uint64_t reference, std::uint32_t quantity) noexcept {
  const std::uint32_t slot = slots_.find(reference);
  if (slot == ReferenceMap::kNoSlot) return 0;
  RestingOrder& order = orders_[slot];
  if (quantity >= order.quantity) {
    const std::uint32_t taken = order.quantity;
    release(slot);
    return taken;
  }
  order.quantity -= quantity;
  if (order.displayed()) {
    ladder_of(order.locate, order.side).at(order.price_e4).displayed_quantity -= quantity;
  }
  return quantity;
}

const RestingOrder* MatchingEngine::find(std::uint64_t reference) const noexcept {
  const std::uint32_t slot = slots_.find(reference);
  return slot == ReferenceMap::kNoSlot ? nullptr : &orders_[slot];
}

std::uint32_t MatchingEngine::displayed_best_e4(std::uint16_t locate, Side side) const noexcept {
  return ladder(locate, side).displayed_best_e4();
}

const PriceLadder& MatchingEngine::ladder(std::uint16_t locate, Side side) const noexcept {
  const Book& book = books_[locate];
  return side == Side::Buy ? book.bids : book.asks;
}

PriceLadder& MatchingEngine::ladder_of(std::uint16_t locate, Side side) noexcept {
  Book& book = books_[locate];
  return side == Side::Buy ? book.bids : book.asks;
}

std::uint32_t MatchingEngine::match(const NewOrder& order, PriceLadder& contra) {
  std::uint32_t executed = 0;
  // Ends: each round either fills the order or drops a level.
  while (executed < order.quantity && !contra.empty()) {
    PriceLevel& level = contra.best();
    if (!contra.reaches(level, order.price_e4)) break;
    executed += trade_with_queue(level.displayed, level, order.quantity - executed);
    executed += trade_with_queue(level.hidden, level, order.quantity - executed);
    if (level.empty()) contra.drop(level.price_e4);
  }
  return executed;
}

std::uint32_t MatchingEngine::trade_with_queue(OrderQueue& queue, PriceLevel& level,
                                               std::uint32_t wanted) {
  std::uint32_t executed = 0;
  while (executed < wanted && !queue.empty()) {
    const std::uint32_t slot = queue.first;
    RestingOrder& resting = orders_[slot];
    const std::uint32_t quantity = std::min(wanted - executed, resting.quantity);
    resting.quantity -= quantity;
    executed += quantity;
    Fill fill;
    fill.reference = resting.reference;
    fill.match_number = next_match_++;
    fill.quantity = quantity;
    fill.price_e4 = level.price_e4;
    fill.open_quantity = resting.quantity;
    fill.owner = resting.owner;
    fill.displayed = resting.displayed();
    fills_.push_back(fill);
    if (resting.displayed()) level.displayed_quantity -= quantity;
    if (resting.quantity > 0) continue;

    // The level itself is dropped by match(), which still holds it.
    queue.first = resting.next;
    if (queue.first == kNoSlot) {
      queue.last = kNoSlot;
    } else {
      orders_[queue.first].previous = kNoSlot;
    }
    if (resting.displayed()) --level.displayed_orders;
    slots_.erase(resting.reference);
    free_slots_.push_back(slot);
  }
  return executed;
}

void MatchingEngine::rest(const NewOrder& order, std::uint64_t reference, std::uint32_t quantity) {
  std::uint32_t slot = 0;
  if (free_slots_.empty()) {
    slot = static_cast<std::uint32_t>(orders_.size());
    orders_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  RestingOrder& resting = orders_[slot];
  resting.reference = reference;
  resting.quantity = quantity;
  resting.price_e4 = order.price_e4;
  resting.owner = order.owner;
  resting.locate = order.locate;
  resting.side = order.side;
  resting.display = order.display;

  PriceLevel& level = ladder_of(order.locate, order.side).at(order.price_e4);
  OrderQueue& queue = resting.displayed() ? level.displayed : level.hidden;
  resting.next = kNoSlot;
  resting.previous = queue.last;
  if (queue.last == kNoSlot) {
    queue.first = slot;
  } else {
    orders_[queue.last].next = slot;
  }
  queue.last = slot;
  if (resting.displayed()) {
    ++level.displayed_orders;
    level.displayed_quantity += quantity;
  }
  slots_.insert(reference, slot);
}

void MatchingEngine::unlink(std::uint32_t slot) noexcept {
  const RestingOrder& order = orders_[slot];
  PriceLadder& ladder = ladder_of(order.locate, order.side);
  PriceLevel& level = ladder.at(order.price_e4);
  OrderQueue& queue = order.displayed() ? level.displayed : level.hidden;
  (order.previous == kNoSlot ? queue.first : orders_[order.previous].next) = order.next;
  (order.next == kNoSlot ? queue.last : orders_[order.next].previous) = order.previous;
  if (order.displayed()) {
    --level.displayed_orders;
    level.displayed_quantity -= order.quantity;
  }
  if (level.empty()) ladder.drop(order.price_e4);
}

void MatchingEngine::release(std::uint32_t slot) noexcept {
  unlink(slot);
  slots_.erase(orders_[slot].reference);
  free_slots_.push_back(slot);
}

}  // namespace ridley::venue
