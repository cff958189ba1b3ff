// SPDX-License-Identifier: Apache-2.0
// In: Cboe Multicast PITCH 2.41 messages of US equities, unit by unit in the order of their
// numbers. Out: market events. Only an order's first message names its instrument: the others are
// found by order id (flag by_order), and the book answers whose it was. Knows all 21 types.
// Source: PITCH 2.41, sections "Time", "Messages" and "Book semantics". The hot core.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "feed/feed.hpp"
#include "feed/normal.hpp"
#include "feed/symbol_table.hpp"
#include "wire/pitch.hpp"

namespace ridley::feed {

class PitchDecoder {
 public:
  // The table is the caller's and lives longer.
  explicit PitchDecoder(SymbolTable& symbols) noexcept : symbols_{&symbols} {}

  template <EventSink Sink>
  Decoded decode(const Block& block, std::uint16_t unit, Sink&& sink) noexcept {
    if (block.message.size() < kTypeAt + 1) return Decoded::Truncated;
    Decoded decoded = Decoded::UnknownType;
    const auto type = static_cast<std::uint8_t>(block.message[kTypeAt]);
    if (wire::pitch::size_of(type) != 0) decoded = Decoded::Truncated;
    const Place place{block.sequence, unit};
    wire::pitch::visit(block.message, [&](const auto& message) {
      decoded = Decoded::Event;
      on(message, place, sink);
    });
    return decoded;
  }

  // Every instrument of the unit that was heard of, and those to come when they are.
  template <EventSink Sink>
  void lose(const Loss& loss, Sink&& sink) noexcept {
    Unit& unit = unit_of(loss.unit);
    unit.has_lost = true;
    // A Time message may be among what was lost.
    unit.has_time = false;
    unit.loss = loss;
    for_each_of(loss.unit, [&](std::uint16_t locate) { sink(doubt_of(loss, locate)); });
  }

  void restart() noexcept {
    units_ = {};
    symbols_->clear();
  }

 private:
  static constexpr std::size_t kTypeAt = 1;
  static constexpr std::size_t kUnits = 256;  // a unit is one byte
  static constexpr std::uint64_t kSecondNs = 1'000'000'000;
  static constexpr std::uint8_t kKeepsPriority = 0x02;

  struct Unit {
    std::uint32_t time_s;
    bool has_time;
    bool has_lost;
    Loss loss;
  };
  struct Place {
    std::uint64_t sequence;
    std::uint16_t unit;
  };
  using Event = event::MarketEvent;
  using Kind = event::EventKind;

  [[nodiscard]] Unit& unit_of(std::uint16_t unit) noexcept { return units_[unit % kUnits]; }

  template <typename Visitor>
  void for_each_of(std::uint16_t unit, Visitor&& visit) const noexcept {
    for (std::uint32_t locate = 1; locate <= symbols_->count(); ++locate) {
      if (symbols_->unit(static_cast<std::uint16_t>(locate)) == unit)
        visit(static_cast<std::uint16_t>(locate));
    }
  }

  // The head of every event; time 0 where the unit's second is not known.
  [[nodiscard]] Event event_of(Kind kind, const Place& place, std::uint32_t time_offset) noexcept {
    const Unit& unit = unit_of(place.unit);
    Event event{};
    event.kind = kind;
    event.tracking_number = place.unit;
    event.flags = unit.has_lost ? event::kAfterLoss : std::uint16_t{0};
    event.exchange_ns = unit.has_time ? unit.time_s * kSecondNs + time_offset : 0;
    event.sequence = place.sequence;
    return event;
  }
  [[nodiscard]] Event by_order(Kind kind, const Place& place, std::uint32_t time_offset) noexcept {
    Event event = event_of(kind, place, time_offset);
    event.flags |= event::kByOrder;
    return event;
  }

  // A new symbol is told first; where messages of its unit were lost it may lack orders.
  template <EventSink Sink>
  Event of_symbol(Kind kind, const Place& place, std::uint32_t time_offset,
                  const event::Symbol& symbol, Sink&& sink) noexcept {
    Event event = event_of(kind, place, time_offset);
    const SymbolTable::Found found = symbols_->find_or_add(symbol, place.unit);
    event.locate = found.locate;
    if (found.is_new) {
      Event directory = event;
      fill_directory(directory, symbol);
      sink(std::as_const(directory));
      if (unit_of(place.unit).has_lost) sink(doubt_of(unit_of(place.unit).loss, found.locate));
    }
    return event;
  }

  template <EventSink Sink>
  void out_of_range(const Event& event, Sink&& sink) noexcept {
    if (event.locate == event::kNoLocate) return;
    sink(doubt_of({.unit = event.tracking_number,
                   .from = event.sequence,
                   .count = 0,
                   .reason = event::DoubtReason::Range},
                  event.locate));
  }

  // Time and the unit itself.
  template <EventSink Sink>
  void on(const wire::pitch::Time& message, const Place& place, Sink&&) noexcept {
    Unit& unit = unit_of(place.unit);
    unit.time_s = message.time();
    unit.has_time = true;
  }
  template <EventSink Sink>
  void on(const wire::pitch::UnitClear& message, const Place& place, Sink&& sink) noexcept {
    Event event = event_of(Kind::ClearBook, place, message.time_offset());
    for_each_of(place.unit, [&](std::uint16_t locate) {
      event.locate = locate;
      sink(std::as_const(event));
    });
  }
  template <EventSink Sink>
  void on(const wire::pitch::EndOfSession& message, const Place& place, Sink&& sink) noexcept {
    Event event = event_of(Kind::SystemEvent, place, message.time_offset());
    event.system.event_code = kEndOfMessages;
    sink(std::as_const(event));
  }

  // Orders.
  template <typename Message, EventSink Sink>
  void add(const Message& message, const Place& place, Sink&& sink) noexcept {
    Event event =
        of_symbol(Kind::AddOrder, place, message.time_offset(), symbol_of(message.symbol()), sink);
    const Price price = price_of(message);
    if (!price.fits) out_of_range(event, sink);
    event.side = static_cast<event::Side>(message.side_indicator());
    event.add.order_id = message.order_id();
    event.add.quantity = message.quantity();
    event.add.price_e4 = price.e4;
    event.add.symbol = symbol_of(message.symbol());
    event.add.attribution = attribution_of(message);
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::pitch::AddOrderLong& message, const Place& place, Sink&& sink) noexcept {
    add(message, place, sink);
  }
  template <EventSink Sink>
  void on(const wire::pitch::AddOrderShort& message, const Place& place, Sink&& sink) noexcept {
    add(message, place, sink);
  }
  template <EventSink Sink>
  void on(const wire::pitch::AddOrderExpanded& message, const Place& place, Sink&& sink) noexcept {
    add(message, place, sink);
  }
  template <EventSink Sink>
  void on(const wire::pitch::OrderExecuted& message, const Place& place, Sink&& sink) noexcept {
    Event event = by_order(Kind::ExecuteOrder, place, message.time_offset());
    event.execute.order_id = message.order_id();
    event.execute.quantity = message.executed_quantity();
    event.execute.match_number = message.execution_id();
    event.execute.printable = 1;
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::pitch::OrderExecutedAtPriceSize& message, const Place& place,
          Sink&& sink) noexcept {
    Event event = by_order(Kind::ExecuteOrderLeaving, place, message.time_offset());
    const Price price = price_e4_of(message.price());
    event.leaving.order_id = message.order_id();
    event.leaving.quantity = message.executed_quantity();
    event.leaving.price_e4 = price.fits ? price.e4 : 0;
    event.leaving.match_number = message.execution_id();
    event.leaving.remaining = message.remaining_quantity();
    sink(std::as_const(event));
  }
  template <typename Message, EventSink Sink>
  void reduce(const Message& message, const Place& place, Sink&& sink) noexcept {
    Event event = by_order(Kind::CancelOrder, place, message.time_offset());
    event.cancel.order_id = message.order_id();
    event.cancel.quantity = message.canceled_quantity();
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::pitch::ReduceSizeLong& message, const Place& place, Sink&& sink) noexcept {
    reduce(message, place, sink);
  }
  template <EventSink Sink>
  void on(const wire::pitch::ReduceSizeShort& message, const Place& place, Sink&& sink) noexcept {
    reduce(message, place, sink);
  }
  template <typename Message, EventSink Sink>
  void modify(const Message& message, const Place& place, Sink&& sink) noexcept {
    Event event = by_order(Kind::ModifyOrder, place, message.time_offset());
    event.modify.order_id = message.order_id();
    event.modify.quantity = message.quantity();
    event.modify.price_e4 = price_of(message).e4;
    event.modify.keeps_priority = (message.modify_flags() & kKeepsPriority) != 0 ? 1 : 0;
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::pitch::ModifyOrderLong& message, const Place& place, Sink&& sink) noexcept {
    modify(message, place, sink);
  }
  template <EventSink Sink>
  void on(const wire::pitch::ModifyOrderShort& message, const Place& place, Sink&& sink) noexcept {
    modify(message, place, sink);
  }
  template <EventSink Sink>
  void on(const wire::pitch::DeleteOrder& message, const Place& place, Sink&& sink) noexcept {
    Event event = by_order(Kind::DeleteOrder, place, message.time_offset());
    event.remove.order_id = message.order_id();
    sink(std::as_const(event));
  }

  // Prints against orders that nobody saw.
  template <typename Message, EventSink Sink>
  void trade(const Message& message, const Place& place, Sink&& sink) noexcept {
    Event event =
        of_symbol(Kind::Trade, place, message.time_offset(), symbol_of(message.symbol()), sink);
    const Price price = price_of(message);
    if (!price.fits) return out_of_range(event, sink);
    event.side = static_cast<event::Side>(message.side_indicator());
    event.trade.order_id = message.order_id();
    event.trade.quantity = message.quantity();
    event.trade.price_e4 = price.e4;
    event.trade.match_number = message.execution_id();
    event.trade.symbol = symbol_of(message.symbol());
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::pitch::TradeLong& message, const Place& place, Sink&& sink) noexcept {
    trade(message, place, sink);
  }
  template <EventSink Sink>
  void on(const wire::pitch::TradeShort& message, const Place& place, Sink&& sink) noexcept {
    trade(message, place, sink);
  }
  template <EventSink Sink>
  void on(const wire::pitch::TradeExpanded& message, const Place& place, Sink&& sink) noexcept {
    trade(message, place, sink);
  }
  template <EventSink Sink>
  void on(const wire::pitch::TradeBreak& message, const Place& place, Sink&& sink) noexcept {
    Event event = event_of(Kind::BrokenTrade, place, message.time_offset());
    event.broken.match_number = message.execution_id();
    sink(std::as_const(event));
  }

  // Instruments.
  template <EventSink Sink>
  void on(const wire::pitch::TradingStatus& message, const Place& place, Sink&& sink) noexcept {
    const event::Symbol symbol = symbol_of(message.symbol());
    Event event = of_symbol(Kind::TradingAction, place, message.time_offset(), symbol, sink);
    Event price_test = event;
    event.trading.symbol = symbol;
    event.trading.state = message.trading_status();
    event.trading.reason = kBlank4;
    sink(std::as_const(event));
    price_test.kind = Kind::ShortSaleRestriction;
    price_test.short_sale.symbol = symbol;
    price_test.short_sale.action = message.reg_sho_action();
    sink(std::as_const(price_test));
  }
  template <EventSink Sink>
  void on(const wire::pitch::AuctionUpdate& message, const Place& place, Sink&& sink) noexcept {
    Event event = of_symbol(Kind::Imbalance, place, message.time_offset(),
                            symbol_of(message.stock_symbol()), sink);
    const Price reference = price_e4_of(message.reference_price());
    const Price near = price_e4_of(message.indicative_price());
    const Price far = price_e4_of(message.auction_only_price());
    if (!(reference.fits && near.fits && far.fits)) return out_of_range(event, sink);
    const std::uint32_t buys = message.buy_shares();
    const std::uint32_t sells = message.sell_shares();
    event.imbalance.paired_quantity = std::min(buys, sells);
    event.imbalance.imbalance_quantity = std::max(buys, sells) - std::min(buys, sells);
    event.imbalance.direction = buys == sells ? 'N' : (buys > sells ? 'B' : 'S');
    event.imbalance.far_price_e4 = far.e4;
    event.imbalance.near_price_e4 = near.e4;
    event.imbalance.reference_price_e4 = reference.e4;
    event.imbalance.cross_type = message.auction_type();
    event.imbalance.variation = ' ';
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::pitch::AuctionSummary& message, const Place& place, Sink&& sink) noexcept {
    const event::Symbol symbol = symbol_of(message.stock_symbol());
    Event event = of_symbol(Kind::CrossTrade, place, message.time_offset(), symbol, sink);
    const Price price = price_e4_of(message.price());
    if (!price.fits) return out_of_range(event, sink);
    event.cross.quantity = message.shares_contracts();
    event.cross.price_e4 = price.e4;
    event.cross.cross_type = message.auction_type();
    event.cross.symbol = symbol;
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::pitch::RetailPriceImprovement& message, const Place& place,
          Sink&& sink) noexcept {
    const event::Symbol symbol = symbol_of(message.symbol());
    Event event = of_symbol(Kind::RetailInterest, place, message.time_offset(), symbol, sink);
    event.retail.symbol = symbol;
    event.retail.interest = message.retail_price_improvement();
    sink(std::as_const(event));
  }

  // Short forms have whole cents.
  template <typename Message>
  [[nodiscard]] static Price price_of(const Message& message) noexcept {
    constexpr std::uint32_t kE4InCents = 100;
    if constexpr (sizeof(message.price()) == sizeof(std::uint16_t))
      return {message.price() * kE4InCents, true};
    else
      return price_e4_of(message.price());
  }
  template <typename Message>
  [[nodiscard]] static std::array<char, 4> attribution_of(const Message& message) noexcept {
    if constexpr (requires { message.participant_id(); })
      return message.participant_id().raw();
    else
      return kBlank4;
  }

  SymbolTable* symbols_;
  std::array<Unit, kUnits> units_{};
};
static_assert(Decoder<PitchDecoder>);

}  // namespace ridley::feed
