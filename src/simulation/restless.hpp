// SPDX-License-Identifier: Apache-2.0
// A strategy that wants everything: orders of any size at any price near the market and now and
// then far from it, on books that are stale as well, replaces of replaces, cancels of orders that
// are gone. What it is not given is the gate's business. In: a seed, what a strategy is told. Out:
// intents. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "event/records.hpp"
#include "strategy/strategy.hpp"
#include "venue/random.hpp"

namespace ridley::simulation {

class Restless {
 public:
  // The symbols' number is the number of its instruments.
  Restless(std::uint64_t seed, const std::vector<std::string>& symbols);
  Restless(const Restless&) = delete;
  Restless& operator=(const Restless&) = delete;

  // For the street; valid as long as this is.
  [[nodiscard]] const strategy::Loaded& loaded() const noexcept { return loaded_; }

 private:
  struct Mine {
    std::uint32_t user_ref = 0;
    std::uint16_t locate = 0;
    std::uint8_t side = 0;
  };
  struct Market {
    std::uint16_t locate = 0;
    std::uint32_t bid_e4 = 0;
    std::uint32_t ask_e4 = 0;
  };
  struct Calls;

  std::uint32_t on_book(const ridley_book_change& change, ridley_order_intent* intents) noexcept;
  std::uint32_t on_order(const ridley_order_event& event, ridley_order_intent* intents) noexcept;
  std::uint32_t on_timer(ridley_order_intent* intents) noexcept;
  std::uint32_t on_feed_lost(ridley_order_intent* intents, std::uint32_t most) noexcept;
  void want_something(const Market& market, ridley_order_intent& intent) noexcept;
  void want_order(const Market& market, ridley_order_intent& intent) noexcept;
  void want_change(const Market& market, ridley_order_intent& intent) noexcept;
  [[nodiscard]] std::uint32_t price(const Market& market, std::uint8_t side) noexcept;
  [[nodiscard]] std::uint32_t quantity() noexcept;

  venue::Random random_;
  std::vector<event::Symbol> symbols_;
  std::vector<Market> markets_;  // by instrument
  std::vector<Mine> mine_;       // sent, and not known to be dead
  std::size_t pulled_ = 0;       // of mine_, in this loss of the feed
  strategy::Loaded loaded_;
};

}  // namespace ridley::simulation
