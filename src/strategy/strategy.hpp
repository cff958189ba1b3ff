// SPDX-License-Identifier: Apache-2.0
// In: book changes, trades, order events. Out: the order intents of the loaded strategy, stamped
// with its number and the frame's time. Hot core: one look-up and one indirect call. Loading and
// preparing a reload are cold (plugin.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "book/books.hpp"
#include "event/records.hpp"
#include "strategy/strategy_abi.h"

namespace ridley::strategy {

// What one event may lead to. A two-sided strategy needs two; leave room for a small basket.
inline constexpr std::uint32_t kIntentsMax = 16;
inline constexpr std::size_t kLocates = 1U << 16;

// Valid until the next call.
using Intents = std::span<const event::OrderIntent>;

struct Now {
  std::uint64_t exchange_ns = 0;
  std::uint64_t receive_ns = 0;
};

struct Counters {
  std::uint64_t calls;
  std::uint64_t intents;
  std::uint64_t overflows;        // the plug-in returned more than it may: nothing was sent
  std::uint64_t foreign_locates;  // intents for an instrument that is not configured: dropped
};

// What the hot core needs of an instance; Instance::loaded() gives it and owns what it points to.
struct Loaded {
  ridley_strategy_table table{};
  void* self = nullptr;
  std::uint32_t strategy_id = 0;
  std::span<const event::Symbol> symbols;  // instrument i is symbols[i]
  std::size_t state_bytes = 0;
};

// A strategy ready to take over, made on the control core; the command ring carries its address.
// After a swap that was done, loaded is the one that was replaced, to be destroyed where it was
// made.
struct Reload {
  Loaded loaded;
  bool with_state = true;      // false: the new one starts from nothing
  std::span<std::byte> state;  // room for the running one's state_bytes
};

enum class Swapped : std::uint8_t {
  Done,
  StateRefused,   // the new one cannot take over the old one's state: the old one stays
  SymbolsDiffer,  // instruments would change their numbers: the old one stays
};

class Strategy {
 public:
  // Cold.
  explicit Strategy(const Loaded& loaded) noexcept;

  // Hot, but only when the day's directory is read: a configured symbol has this locate today.
  // False when the symbol is not one of the configured.
  bool on_directory(std::uint16_t locate, const event::Symbol& symbol) noexcept;
  // A new session: locates are given out anew.
  void forget_directory() noexcept;

  [[nodiscard]] bool trades(std::uint16_t locate) const noexcept {
    return instruments_[locate] != kNotTraded;
  }

  [[nodiscard]] Intents on_book(const book::Books& books, std::uint16_t locate,
                                std::uint64_t receive_ns) noexcept;
  // For the kinds ExecuteOrder, ExecuteOrderAtPrice and Trade; price_e4 is the resting order's
  // where the event has none.
  [[nodiscard]] Intents on_trade(const event::MarketEvent& event, std::uint32_t price_e4,
                                 std::uint64_t receive_ns) noexcept;
  [[nodiscard]] Intents on_order(const event::OrderEvent& event, const Now& now) noexcept;
  [[nodiscard]] Intents on_timer(const Now& now) noexcept;
  // Again until it gives nothing; bounded by the caller, who knows how many orders are open.
  [[nodiscard]] Intents on_feed_lost(const Now& now) noexcept;

  // Between bursts. Bounded by the size of the state.
  Swapped swap(Reload& reload) noexcept;

  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  [[nodiscard]] const Loaded& loaded() const noexcept { return loaded_; }

 private:
  static constexpr std::uint16_t kNotTraded = 0xFFFF;

  [[nodiscard]] bool take_over_state(const Reload& reload) noexcept;
  [[nodiscard]] Intents checked(std::uint32_t count, std::uint64_t decided_ns) noexcept;
  [[nodiscard]] ridley_order_intent* out() noexcept {
    return reinterpret_cast<ridley_order_intent*>(intents_.data());
  }

  Loaded loaded_;  // no function is null: one load and one call
  Counters counters_{};
  alignas(64) std::array<event::OrderIntent, kIntentsMax> intents_{};
  std::array<std::uint16_t, kLocates> instruments_{};  // by locate
};

}  // namespace ridley::strategy
