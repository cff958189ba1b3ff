// SPDX-License-Identifier: Apache-2.0
// In: any bytes. Out: market events that mostly make sense and meet each other: five bytes a step,
// few instruments, few prices, few ids, and references to orders that are live. What an exchange
// never says comes too, but seldom enough to leave the books something.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "book/events.hpp"
#include "book/naive_books.hpp"

namespace ridley::book {

// Growing books get deep: most steps add an order.
enum class Mix : std::uint8_t { Balanced, Growing };

enum class StepKind : std::uint8_t { Event, Restart, MarkAllStale, Follow, Unfollow };

struct Step {
  StepKind kind;
  event::MarketEvent event;  // of an Event
  std::uint64_t order_id;    // of Follow and Unfollow
};

class EventStream {
 public:
  static constexpr std::size_t kStepBytes = 5;

  // locates: what the streams speak of; the last is spoken of least.
  EventStream(std::span<const std::uint8_t> bytes, std::span<const Locate> locates, Mix mix)
      : bytes_{bytes}, locates_{locates}, mix_{mix} {}

  // Nothing at the end. The books say which orders are live.
  std::optional<Step> next(const NaiveBooks& books) {
    if (bytes_.size() < kStepBytes) return std::nullopt;
    take();
    Step step{StepKind::Event, {}, 0};
    switch (operation_) {
      case 12: step.event = TradingAction{any_locate(), trading_state()}; break;
      case 13: step.event = print(); break;
      case 14:
        step.kind = flag(0) ? StepKind::Unfollow : StepKind::Follow;
        step.order_id = named(books).id;
        break;
      case 15: return seldom(step);
      default: step.event = order_event(books); break;
    }
    step.event.exchange_ns = ++now_ns_;
    return step;
  }

 private:
  void take() {
    operation_ = bytes_[0] & 15;
    flags_ = bytes_[0] >> 4;
    place_ = bytes_[1];
    reference_ = bytes_[2];
    price_ = bytes_[3];
    quantity_ = bytes_[4];
    bytes_ = bytes_.subspan(kStepBytes);
  }

  event::MarketEvent order_event(const NaiveBooks& books) const {
    const bool growing = mix_ == Mix::Growing;
    if (operation_ < (growing ? 10U : 5U)) {
      const event::Side side = flag(0) ? event::Side::Sell : event::Side::Buy;
      return Add{any_id(reference_), side, quantity_of(100), price_e4(), any_locate()};
    }
    const NaiveOrder order = named(books);
    // Another instrument's message about it: one time in eight, when the flag and the place say so.
    const Locate locate = flag(2) && place_ >= 128 ? any_locate() : order.locate;
    switch (growing ? 5U + place_ % 7U : operation_) {
      case 5: return Execute{order.id, quantity_of(order.quantity), locate};
      case 6: return ExecuteAt{order.id, quantity_of(order.quantity), price_e4(), flag(0), locate};
      case 7: return Cancel{order.id, quantity_of(order.quantity), locate};
      case 8:
      case 9: return Delete{order.id, locate};
      default: {
        // To its own id, or to any other.
        const std::uint64_t new_id = flag(0) && flag(3) ? order.id : any_id(place_);
        const std::uint32_t price = flag(3) ? order.price_e4 : price_e4();
        return Replace{order.id, new_id, quantity_of(100), price, order.locate};
      }
    }
  }

  event::MarketEvent print() const {
    event::MarketEvent event =
        event_of(flag(0) ? event::EventKind::Trade : event::EventKind::CrossTrade, any_locate());
    if (flag(0)) {
      event.trade.quantity = quantity_of(100);
      event.trade.price_e4 = price_e4();
    } else {
      event.cross.quantity = quantity_of(100);
      event.cross.price_e4 = price_e4();
    }
    return event;
  }

  std::optional<Step> seldom(Step step) const {
    if (flag(0)) {
      step.event = Directory{any_locate(), "TURTLE"};
    } else if (flag(1)) {
      step.event =
          Add{any_id(reference_), event::Side::None, quantity_of(100), price_e4(), any_locate()};
    } else if (place_ == 0) {
      step.kind = StepKind::Restart;
    } else if (place_ == 255) {
      step.kind = StepKind::MarkAllStale;
    } else {
      step.event = event_of(event::EventKind::Imbalance, any_locate());
    }
    return step;
  }

  [[nodiscard]] bool flag(unsigned bit) const { return ((flags_ >> bit) & 1) != 0; }

  // Mostly a live order; else whatever has that id, which is mostly nobody.
  [[nodiscard]] NaiveOrder named(const NaiveBooks& books) const {
    const auto& orders = books.orders();
    if (orders.empty() || (flag(1) && flag(2))) {
      return {any_id(reference_), 100, 0, any_locate(), event::Side::Buy};
    }
    return orders[reference_ % orders.size()];
  }

  // Seven of eight go to the first instruments.
  [[nodiscard]] Locate any_locate() const {
    const std::size_t usual = locates_.size() > 2 ? 2 : locates_.size();
    const std::size_t count = place_ % 8 == 0 ? locates_.size() : usual;
    return locates_[(place_ / 8) % count];
  }

  // Neighbours as an exchange counts them, and the same a turn of some table further on.
  static std::uint64_t any_id(std::uint8_t byte) {
    static constexpr std::array<std::uint64_t, 16> kTurns{
        0,          0,          0,          16,         64,         256,
        1ULL << 10, 1ULL << 16, 1ULL << 17, 1ULL << 22, 1ULL << 24, 1ULL << 32,
        1ULL << 34, 1ULL << 48, 1ULL << 63, ~63ULL};
    return kTurns[byte >> 4] + std::uint64_t{byte & 15U} * 4;
  }

  [[nodiscard]] std::uint32_t price_e4() const {
    constexpr std::uint32_t kMiddle = 1'000'000;
    constexpr std::uint32_t kMost = 0xFFFF'FFFF;
    const std::uint32_t low = price_ & 31;
    switch (price_ >> 5) {
      case 0: return low;
      case 1: return kMiddle + low;              // finer than a cent
      case 2: return kMiddle + low * 1'000'000;  // dollars apart
      case 3: return low % 2 == 0 ? kMost - low * 50 : (1U << 31) + low;
      default: return kMiddle + (price_ & 15) * 100;
    }
  }

  // whole: what would be all of it.
  [[nodiscard]] std::uint32_t quantity_of(std::uint32_t whole) const {
    switch (quantity_) {
      case 0: return 0;
      case 255: return 0xFFFF'FFFF;
      case 254: return 1U << 31;
      case 253: return whole + 1;
      case 252: return whole - 1;
      default: return quantity_ >= 128 ? whole : quantity_;
    }
  }

  [[nodiscard]] char trading_state() const { return "TTTTHPQ "[quantity_ % 8]; }

  std::span<const std::uint8_t> bytes_;
  std::span<const Locate> locates_;
  Mix mix_;
  std::uint64_t now_ns_ = 0;
  unsigned operation_ = 0;
  unsigned flags_ = 0;
  std::uint8_t place_ = 0;
  std::uint8_t reference_ = 0;
  std::uint8_t price_ = 0;
  std::uint8_t quantity_ = 0;
};

}  // namespace ridley::book
