// SPDX-License-Identifier: Apache-2.0
// In: user reference numbers. Out: the order of each, and the open ones in a list. Fixed memory,
// one slot for a number's lowest bits. Hot core.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.hpp"
#include "event/records.hpp"

namespace ridley::order {

enum class OrderState : std::uint8_t {
  Dead,             // or never used
  Sent,             // a new order without an answer
  ReplacementSent,  // a replacement without an answer
  Presumed,         // the exchange spoke of it, its acknowledgement is still to come
  Live,
};

// quantity open x price is what the gate has reserved for it, in every state.
struct Order {
  std::uint32_t user_ref = 0;
  std::uint32_t original = 0;     // the order this one was sent to replace
  std::uint32_t replacement = 0;  // the order sent to replace this one, not yet answered
  std::uint32_t open_quantity = 0;
  std::uint32_t executed_quantity = 0;  // of the whole chain
  std::uint32_t price_e4 = 0;
  std::uint32_t strategy_id = 0;
  std::uint32_t previous_open = 0;  // neighbours in the list of open orders, 0 at its ends
  std::uint32_t next_open = 0;
  std::uint16_t locate = 0;
  event::Side side = event::Side::None;
  OrderState state = OrderState::Dead;
  std::uint64_t client_tag = 0;
  std::uint64_t order_reference = 0;
  std::uint32_t taken_quantity = 0;  // was open and is not any more
  std::uint16_t sent_ms = 0;         // of a clock that goes round
  bool cancel_sent = false;
  bool overdue = false;  // without an answer for too long, and its instrument in doubt for it

  [[nodiscard]] bool is_open() const noexcept { return state != OrderState::Dead; }
  [[nodiscard]] bool is_unanswered() const noexcept {
    return state == OrderState::Sent || state == OrderState::ReplacementSent;
  }
};
static_assert(sizeof(Order) == 64, "one cache line");

class OrderTable {
 public:
  // The memory's size is a power of two.
  explicit OrderTable(std::span<Order> slots) noexcept : slots_{slots}, mask_{slots.size() - 1} {
    RIDLEY_ASSERT(std::has_single_bit(slots.size()));
  }

  // Also finds dead orders while nobody else has taken their slot.
  [[nodiscard]] Order* find(std::uint32_t user_ref) noexcept {
    Order& slot = slots_[user_ref & mask_];
    return user_ref != 0 && slot.user_ref == user_ref ? &slot : nullptr;
  }

  [[nodiscard]] Order* find_open(std::uint32_t user_ref) noexcept {
    Order* order = find(user_ref);
    return order != nullptr && order->is_open() ? order : nullptr;
  }

  // Whether a number's slot is free: an old order may live longer than the table is long.
  [[nodiscard]] bool has_room_for(std::uint32_t user_ref) const noexcept {
    return !slots_[user_ref & mask_].is_open();
  }

  void prefetch(std::uint32_t user_ref) const noexcept {
    __builtin_prefetch(&slots_[user_ref & mask_], 1);
  }

  // Takes the slot, which has room, and puts the order at the end of the open ones.
  Order& insert(const Order& order) noexcept {
    Order& slot = slots_[order.user_ref & mask_];
    slot = order;
    slot.previous_open = last_open_;
    slot.next_open = 0;
    if (last_open_ != 0) slots_[last_open_ & mask_].next_open = order.user_ref;
    if (first_open_ == 0) first_open_ = order.user_ref;
    last_open_ = order.user_ref;
    ++open_count_;
    return slot;
  }

  // The order stays findable, without anything open.
  void remove(Order& order) noexcept {
    (order.previous_open == 0 ? first_open_ : slots_[order.previous_open & mask_].next_open) =
        order.next_open;
    (order.next_open == 0 ? last_open_ : slots_[order.next_open & mask_].previous_open) =
        order.previous_open;
    order.state = OrderState::Dead;
    order.open_quantity = 0;
    order.replacement = 0;
    --open_count_;
  }

  // Open orders from the oldest on: for (o = first_open(); o != nullptr; o = after(*o)).
  [[nodiscard]] Order* first_open() noexcept { return find(first_open_); }
  [[nodiscard]] Order* after(const Order& order) noexcept { return find(order.next_open); }

  [[nodiscard]] std::size_t open_count() const noexcept { return open_count_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.size(); }

 private:
  std::span<Order> slots_;
  std::size_t mask_;
  std::uint32_t first_open_ = 0;
  std::uint32_t last_open_ = 0;
  std::size_t open_count_ = 0;
};

}  // namespace ridley::order
