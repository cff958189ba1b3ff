// SPDX-License-Identifier: Apache-2.0
// In: a seed. Out: the feed of an exchange with a few instruments, message by message, a snapshot
// of it at any moment, and the books that whoever has heard everything up to a number must have.
// What it knows of its orders is a map.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "book/books.hpp"
#include "feed/decode.hpp"
#include "feed/published.hpp"
#include "wire/glimpse.hpp"
#include "wire/itch.hpp"

namespace ridley::test {

inline constexpr book::Limits kSmallBooks{
    .orders_max = 1U << 14, .levels_max = 1U << 12, .instruments_max = 16};

class SmallExchange {
 public:
  static constexpr std::uint16_t kInstruments = 4;

  explicit SmallExchange(std::uint64_t seed) : random_{seed} {
    system('O');
    system('S');
    system('Q');
    for (std::uint16_t locate = 1; locate <= kInstruments; ++locate) {
      publish(directory(locate));
      publish(trading(locate));
    }
  }

  [[nodiscard]] static std::string symbol(std::uint16_t locate) {
    return "SYM" + std::string(1, static_cast<char>('A' + locate - 1));
  }
  [[nodiscard]] const feed::Published& published() const { return published_; }

  // Adds around a price that differs by instrument, executions, deletes.
  void act(std::size_t messages) {
    for (std::size_t i = 0; i < messages; ++i) {
      if (orders_.size() < 20 || (orders_.size() < 400 && below(2) == 0))
        add();
      else if (below(3) == 0)
        execute();
      else
        remove();
    }
  }

  // GLIMPSE 5.0: what has been published up to now, order by order.
  [[nodiscard]] std::vector<std::string> snapshot() const {
    std::vector<std::string> messages = system_events_;
    for (std::uint16_t locate = 1; locate <= kInstruments; ++locate)
      messages.push_back(directory(locate));
    for (std::uint16_t locate = 1; locate <= kInstruments; ++locate)
      messages.push_back(trading(locate));
    for (const auto& [id, order] : orders_) messages.push_back(message_of(id, order));
    using wire::glimpse::EndOfSnapshot;
    std::string end(EndOfSnapshot::kSize, ' ');
    wire::glimpse::EndOfSnapshotWriter{bytes_of(end)}.sequence_number(published_.end());
    messages.push_back(end);
    return messages;
  }

  // One number for all tops of whoever has heard everything before that message. Numbers only grow.
  [[nodiscard]] std::uint64_t digest_before(std::uint64_t sequence) {
    event::MarketEvent event;
    for (; heard_ < sequence; ++heard_) {
      std::string& message = published_.messages[heard_ - published_.first];
      const std::span<const std::byte> bytes{bytes_of(message), message.size()};
      if (feed::decode(bytes, heard_, event) == feed::Decoded::Event) (void)right_.apply(event);
    }
    return right_.bbo_digest();
  }

 private:
  struct Order {
    std::uint16_t locate;
    char side;
    std::uint32_t quantity;
    std::uint32_t price_e4;
    std::uint64_t entered_ns;
  };

  static std::byte* bytes_of(std::string& text) {
    return reinterpret_cast<std::byte*>(text.data());
  }
  // A millisecond a message: strategies pause by the exchange's time.
  std::uint64_t now() { return ns_ += 1'000'000; }
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  void publish(std::string message) { published_.messages.push_back(std::move(message)); }

  template <typename View, typename Writer>
  [[nodiscard]] static std::string made(Writer&& write) {
    std::string message(View::kSize, '\0');
    write(bytes_of(message));
    return message;
  }

  void system(char code) {
    system_events_.push_back(made<wire::itch::SystemEvent>(
        [&](std::byte* to) { wire::itch::SystemEventWriter{to}.event_code(code); }));
    publish(system_events_.back());
  }
  static std::string directory(std::uint16_t locate) {
    return made<wire::itch::StockDirectory>([&](std::byte* to) {
      wire::itch::StockDirectoryWriter{to}
          .stock_locate(locate)
          .stock(symbol(locate))
          .round_lot_size(100);
    });
  }
  static std::string trading(std::uint16_t locate) {
    return made<wire::itch::StockTradingAction>([&](std::byte* to) {
      wire::itch::StockTradingActionWriter{to}
          .stock_locate(locate)
          .stock(symbol(locate))
          .trading_state('T');
    });
  }
  static std::string message_of(std::uint64_t id, const Order& order) {
    return made<wire::itch::AddOrder>([&](std::byte* to) {
      wire::itch::AddOrderWriter{to}
          .stock_locate(order.locate)
          .timestamp(order.entered_ns)
          .order_reference_number(id)
          .buy_sell_indicator(order.side)
          .shares(order.quantity)
          .stock(symbol(order.locate))
          .price(order.price_e4);
    });
  }

  void add() {
    Order order{};
    order.locate = static_cast<std::uint16_t>(1 + below(kInstruments));
    order.side = below(2) == 0 ? 'B' : 'S';
    order.quantity = static_cast<std::uint32_t>(100 * (1 + below(9)));
    const auto middle = static_cast<std::uint32_t>(1'000'000 + 10'000 * order.locate);
    const auto away = static_cast<std::uint32_t>(100 * (1 + below(4)));
    order.price_e4 = order.side == 'B' ? middle - away : middle + away;
    order.entered_ns = now();
    const std::uint64_t id = ++last_id_;
    publish(message_of(id, order));
    orders_[id] = order;
  }

  [[nodiscard]] std::map<std::uint64_t, Order>::iterator any() {
    auto at = orders_.begin();
    std::advance(at, static_cast<long>(below(orders_.size())));
    return at;
  }
  void remove() {
    const auto at = any();
    publish(made<wire::itch::OrderDelete>([&](std::byte* to) {
      wire::itch::OrderDeleteWriter{to}
          .stock_locate(at->second.locate)
          .timestamp(now())
          .order_reference_number(at->first);
    }));
    orders_.erase(at);
  }
  void execute() {
    const auto at = any();
    const std::uint32_t quantity = below(2) == 0 ? 100 : at->second.quantity;
    publish(made<wire::itch::OrderExecuted>([&](std::byte* to) {
      wire::itch::OrderExecutedWriter{to}
          .stock_locate(at->second.locate)
          .timestamp(now())
          .order_reference_number(at->first)
          .executed_shares(quantity)
          .match_number(++matches_);
    }));
    at->second.quantity -= quantity;
    if (at->second.quantity == 0) orders_.erase(at);
  }

  std::mt19937_64 random_;
  feed::Published published_;
  std::vector<std::string> system_events_;
  std::map<std::uint64_t, Order> orders_;
  std::uint64_t last_id_ = 100;
  std::uint64_t matches_ = 0;
  std::uint64_t ns_ = 34'200'000'000'000;
  book::Books right_{kSmallBooks};
  std::uint64_t heard_ = 1;
};

}  // namespace ridley::test
