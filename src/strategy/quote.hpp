// SPDX-License-Identifier: Apache-2.0
// In: the price that one side of a two-sided quoter wants, and what becomes of its order. Out: at
// most one intent at a time: enter, move or cancel. Knows one order chain, at most one change in
// flight. Plain values, so that a state is saved as bytes. Hot core, inside the plug-in.
#pragma once

#include <algorithm>
#include <cstdint>

#include "strategy/strategy_abi.h"

namespace ridley::strategy {

// What a quote is told at a book change.
struct QuoteWish {
  std::uint32_t price_e4 = 0;  // 0: no quote
  std::uint32_t size = 0;
  std::uint32_t move_e4_min = 1;  // smaller moves are not worth a place in the queue
  std::uint64_t pause_ns = 0;
  std::uint64_t exchange_ns = 0;
  std::uint16_t locate = 0;
  std::uint8_t side = RIDLEY_SIDE_NONE;  // of a new order; a chain keeps the side it began with
  bool post_only = false;
};

class Quote {
 public:
  enum class State : std::uint8_t { Idle, Entering, Working, Moving, Canceling };

  // True when intent was written.
  bool want(const QuoteWish& wish, std::uint64_t tag_base, ridley_order_intent& intent) noexcept {
    cancel_wanted_ = wish.price_e4 == 0;
    if (cancel_wanted_) return may_cancel(wish) && cancel(wish.locate, tag_base, intent);
    // A long sale that is no longer covered, or a short one that now is, must be marked anew.
    const bool leaving = side_ != wish.side || state_ == State::Canceling;
    if (leaving && may_cancel(wish)) return cancel(wish.locate, tag_base, intent);
    if (wish.exchange_ns < next_change_ns_) return false;
    if (state_ == State::Idle) return enter(wish, tag_base, intent);
    const std::uint32_t away =
        wish.price_e4 > price_e4_ ? wish.price_e4 - price_e4_ : price_e4_ - wish.price_e4;
    if (state_ != State::Working || away < wish.move_e4_min) return false;
    return move(wish, tag_base, intent);
  }

  // An event with this side's tag. True when intent was written: a cancel that had to wait for an
  // answer.
  bool on_order(const ridley_order_event& event, std::uint64_t tag_base,
                ridley_order_intent& intent) noexcept {
    if (event.client_tag != (tag_base | generation_of_tag())) return false;
    apply(event);
    // Not at once: where cancels are refused without asking the exchange, this would not end.
    if (event.kind == RIDLEY_ORDER_EVENT_KIND_CANCEL_REJECTED) return false;
    return cancel_wanted_ && state_ == State::Working && cancel(event.locate, tag_base, intent);
  }

  // What rests on the book may be wrong: cancel now, or as soon as the answer is here.
  bool pull(std::uint16_t locate, std::uint64_t tag_base, ridley_order_intent& intent) noexcept {
    cancel_wanted_ = true;
    return state_ == State::Working && cancel(locate, tag_base, intent);
  }

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] std::uint32_t price_e4() const noexcept { return price_e4_; }
  [[nodiscard]] std::uint32_t open_quantity() const noexcept { return open_quantity_; }

 private:
  // Asking again at once would be refused again.
  static constexpr std::uint64_t kPauseAfterRefusalNs = 100'000'000;
  static constexpr std::uint64_t kCancelAgainNs = 1'000'000'000;

  [[nodiscard]] std::uint64_t generation_of_tag() const noexcept {
    return std::uint64_t{generation_} << 32;
  }

  bool enter(const QuoteWish& wish, std::uint64_t tag_base, ridley_order_intent& intent) noexcept {
    ++generation_;
    side_ = wish.side;
    user_ref_ = 0;
    executed_quantity_ = 0;
    cancel_rejected_ = false;
    intent = intent_of(RIDLEY_INTENT_KIND_NEW, wish.locate, tag_base);
    intent.quantity = wish.size;
    intent.post_only = wish.post_only ? 1 : 0;
    intent.price_e4 = wish.price_e4;
    return sent(State::Entering, wish);
  }

  bool move(const QuoteWish& wish, std::uint64_t tag_base, ridley_order_intent& intent) noexcept {
    intent = intent_of(RIDLEY_INTENT_KIND_REPLACE, wish.locate, tag_base);
    // The exchange counts the whole chain: what has traded and what shall be open.
    intent.quantity = executed_quantity_ + wish.size;
    intent.post_only = wish.post_only ? 1 : 0;
    intent.price_e4 = wish.price_e4;
    return sent(State::Moving, wish);
  }

  bool cancel(std::uint16_t locate, std::uint64_t tag_base, ridley_order_intent& intent) noexcept {
    intent = intent_of(RIDLEY_INTENT_KIND_CANCEL, locate, tag_base);
    state_ = State::Canceling;
    return true;
  }

  // The first time at once, after a rejection with a pause, and again when there was no answer: a
  // cancel may be lost with its connection.
  bool may_cancel(const QuoteWish& wish) noexcept {
    const bool unanswered =
        state_ == State::Canceling && wish.exchange_ns >= next_change_ns_ + kCancelAgainNs;
    if (state_ != State::Working && !unanswered) return false;
    if (cancel_rejected_ && wish.exchange_ns < next_change_ns_) return false;
    next_change_ns_ = std::max(next_change_ns_, wish.exchange_ns);
    return true;
  }

  bool sent(State state, const QuoteWish& wish) noexcept {
    state_ = state;
    next_change_ns_ = wish.exchange_ns + wish.pause_ns;
    return true;
  }

  [[nodiscard]] ridley_order_intent intent_of(std::uint8_t kind, std::uint16_t locate,
                                              std::uint64_t tag_base) const noexcept {
    ridley_order_intent intent{};
    intent.kind = kind;
    intent.side = side_;
    intent.locate = locate;
    intent.time_in_force = RIDLEY_TIME_IN_FORCE_DAY;
    intent.display = 'Y';
    intent.client_tag = tag_base | generation_of_tag();
    intent.user_ref = user_ref_;
    return intent;
  }

  void apply(const ridley_order_event& event) noexcept {
    // The order that a move would put in place has a number of its own until it has replaced.
    const bool of_the_move = state_ == State::Moving && event.user_ref != user_ref_;
    switch (event.kind) {
      case RIDLEY_ORDER_EVENT_KIND_ACCEPTED:
      case RIDLEY_ORDER_EVENT_KIND_REPLACED: rest(event); return;
      case RIDLEY_ORDER_EVENT_KIND_GATE_REJECTED: refused(); return;
      case RIDLEY_ORDER_EVENT_KIND_REJECTED:
      case RIDLEY_ORDER_EVENT_KIND_LOST:
        if (of_the_move && event.reason == RIDLEY_REASON_UNKNOWN_ORDER) return end();
        if (of_the_move || state_ == State::Entering) return refused();
        break;
      case RIDLEY_ORDER_EVENT_KIND_CANCEL_REJECTED:
        if (event.reason == RIDLEY_REASON_UNKNOWN_ORDER) return end();
        if (state_ == State::Canceling) refused();
        cancel_rejected_ = true;
        return;
      case RIDLEY_ORDER_EVENT_KIND_EXECUTED: executed_quantity_ = event.executed_quantity; break;
      case RIDLEY_ORDER_EVENT_KIND_CANCELED:
      case RIDLEY_ORDER_EVENT_KIND_MODIFIED: break;
      default: return;
    }
    if (event.user_ref != user_ref_) return;
    open_quantity_ = event.open_quantity;
    if (event.terminal != 0) state_ = State::Idle;
  }

  void rest(const ridley_order_event& event) noexcept {
    if (state_ == State::Idle) return;
    user_ref_ = event.user_ref;
    price_e4_ = event.price_e4;
    open_quantity_ = event.open_quantity;
    executed_quantity_ = event.executed_quantity;
    state_ = event.terminal != 0 ? State::Idle : State::Working;
  }

  // Its end was told when nobody knew which instrument it was of: behind another session.
  void end() noexcept {
    open_quantity_ = 0;
    state_ = State::Idle;
  }

  void refused() noexcept {
    if (state_ == State::Idle) return;
    next_change_ns_ += kPauseAfterRefusalNs;
    state_ = state_ == State::Entering ? State::Idle : State::Working;
  }

  std::uint64_t next_change_ns_ = 0;  // exchange time
  std::uint32_t generation_ = 0;      // of the chain; late words about an older one are not heard
  std::uint32_t user_ref_ = 0;
  std::uint32_t price_e4_ = 0;
  std::uint32_t open_quantity_ = 0;
  std::uint32_t executed_quantity_ = 0;
  State state_ = State::Idle;
  std::uint8_t side_ = RIDLEY_SIDE_NONE;
  bool cancel_wanted_ = false;
  bool cancel_rejected_ = false;
};

}  // namespace ridley::strategy
