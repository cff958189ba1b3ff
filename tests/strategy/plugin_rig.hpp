// SPDX-License-Identifier: Apache-2.0
// A plug-in under test: found by name, made with parameters, called directly.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "strategy/plugin.hpp"
#include "strategy/plugin_paths.hpp"
#include "strategy/strategy.hpp"

namespace ridley::test {

// By the file's name without "libridley_" and ".so".
inline std::filesystem::path plugin_path(std::string_view name) {
  for (const std::string_view path : kPluginPaths) {
    const std::string stem = std::filesystem::path{path}.stem().string();
    if (stem == name || stem == "libridley_" + std::string{name}) return path;
  }
  throw std::runtime_error{"no plug-in " + std::string{name}};
}

inline constexpr std::uint16_t kLocate = 7;

// Two-sided and tradable: 100 at 99.99, 100 at 100.00.
inline ridley_book_change book_change(std::uint64_t exchange_ns = 1) {
  ridley_book_change change{};
  change.locate = kLocate;
  change.flags = RIDLEY_BOOK_TRADABLE;
  change.bid_price_e4 = 999'900;
  change.ask_price_e4 = 1'000'000;
  change.bid_quantity = 100;
  change.ask_quantity = 100;
  change.exchange_ns = exchange_ns;
  change.receive_ns = exchange_ns;
  return change;
}

class PluginRig {
 public:
  using Intents = std::vector<ridley_order_intent>;

  explicit PluginRig(std::string_view name, strategy::Parameters parameters = {})
      : instance_{strategy::Plugin::load(plugin_path(name)),
                  {.strategy_id = 3, .symbols = {"AAPL", "MSFT"}, .parameters = parameters}} {}

  Intents book(const ridley_book_change& change) {
    return take(table().on_book(self(), &change, out_.data(), kOut));
  }
  Intents order(const ridley_order_event& event, std::uint32_t instrument = 0) {
    return take(table().on_order(self(), instrument, &event, out_.data(), kOut));
  }
  Intents feed_lost() {
    const ridley_now now{};
    return take(table().on_feed_lost(self(), &now, out_.data(), kOut));
  }

  std::vector<std::byte> state() {
    std::vector<std::byte> state(instance_.loaded().state_bytes);
    table().save_state(self(), state.data(), state.size());
    return state;
  }
  bool restore(const std::vector<std::byte>& state) {
    return table().restore_state(self(), state.data(), state.size()) == 0;
  }

 private:
  static constexpr std::uint32_t kOut = 16;

  const ridley_strategy_table& table() { return instance_.loaded().table; }
  void* self() { return instance_.loaded().self; }
  Intents take(std::uint32_t count) { return {out_.data(), out_.data() + count}; }

  strategy::Instance instance_;
  std::array<ridley_order_intent, kOut> out_{};
};

// An event about the order that an intent made; user_ref 0 stands for "as the intent says".
inline ridley_order_event order_event(ridley_order_event_kind kind,
                                      const ridley_order_intent& intent,
                                      std::uint32_t user_ref = 0) {
  ridley_order_event event{};
  event.kind = static_cast<std::uint8_t>(kind);
  event.side = intent.side;
  event.locate = intent.locate;
  event.user_ref = user_ref != 0 ? user_ref : intent.user_ref;
  event.quantity = intent.quantity;
  event.price_e4 = intent.price_e4;
  event.open_quantity = intent.quantity;
  event.client_tag = intent.client_tag;
  return event;
}

inline ridley_order_event ended(ridley_order_event event) {
  event.open_quantity = 0;
  event.terminal = 1;
  return event;
}

inline ridley_order_event executed(const ridley_order_intent& intent, std::uint32_t user_ref,
                                   std::uint32_t quantity, std::uint32_t open_quantity) {
  ridley_order_event event = order_event(RIDLEY_ORDER_EVENT_KIND_EXECUTED, intent, user_ref);
  event.quantity = quantity;
  event.executed_quantity = quantity;
  event.open_quantity = open_quantity;
  event.terminal = open_quantity == 0 ? 1 : 0;
  return event;
}

inline bool same(const PluginRig::Intents& left, const PluginRig::Intents& right) {
  return left.size() == right.size() &&
         (left.empty() ||
          std::memcmp(left.data(), right.data(), left.size() * sizeof left.front()) == 0);
}

}  // namespace ridley::test
