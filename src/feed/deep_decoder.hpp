// SPDX-License-Identifier: Apache-2.0
// In: IEX DEEP 1.0 messages in the order of their numbers. Out: market events, with the letters of
// ITCH where both exchanges say the same. Knows all 13 types.
// Source: DEEP 1.08, sections "DEEP messages" and "Book semantics". The hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "feed/feed.hpp"
#include "feed/normal.hpp"
#include "feed/symbol_table.hpp"
#include "wire/deep.hpp"

namespace ridley::feed {

class DeepDecoder {
 public:
  // The table is the caller's and lives longer.
  explicit DeepDecoder(SymbolTable& symbols) noexcept : symbols_{&symbols} {}

  template <EventSink Sink>
  Decoded decode(const Block& block, std::uint16_t, Sink&& sink) noexcept {
    if (block.message.empty()) return Decoded::Truncated;
    Decoded decoded = Decoded::UnknownType;
    if (wire::deep::size_of(static_cast<char>(block.message[0])) != 0) decoded = Decoded::Truncated;
    wire::deep::visit(block.message, [&](const auto& message) {
      decoded = Decoded::Event;
      on(message, block.sequence, sink);
    });
    return decoded;
  }

  // Nobody knows whose messages they were.
  template <EventSink Sink>
  void lose(const Loss& loss, Sink&& sink) noexcept {
    flags_ = event::kAfterLoss;
    sink(doubt_of(loss, event::kNoLocate));
  }

  void restart() noexcept {
    flags_ = 0;
    symbols_->clear();
  }

 private:
  using Event = event::MarketEvent;
  using Kind = event::EventKind;

  template <typename Message>
  [[nodiscard]] Event event_of(Kind kind, const Message& message,
                               std::uint64_t sequence) const noexcept {
    Event event{};
    event.kind = kind;
    event.flags = flags_;
    event.exchange_ns = static_cast<std::uint64_t>(message.timestamp());
    event.sequence = sequence;
    return event;
  }

  // A new symbol is told first.
  template <typename Message, EventSink Sink>
  Event of_symbol(Kind kind, const Message& message, std::uint64_t sequence, Sink&& sink) noexcept {
    Event event = event_of(kind, message, sequence);
    const event::Symbol symbol = symbol_of(message.symbol());
    const SymbolTable::Found found = symbols_->find_or_add(symbol, 0);
    event.locate = found.locate;
    if (found.is_new && kind != Kind::Directory) {
      Event directory = event;
      fill_directory(directory, symbol);
      sink(std::as_const(directory));
    }
    return event;
  }

  template <EventSink Sink>
  void out_of_range(const Event& event, Sink&& sink) const noexcept {
    if (event.locate == event::kNoLocate) return;
    sink(doubt_of(
        {.unit = 0, .from = event.sequence, .count = 0, .reason = event::DoubtReason::Range},
        event.locate));
  }

  template <EventSink Sink>
  void on(const wire::deep::SystemEvent& message, std::uint64_t sequence, Sink&& sink) noexcept {
    constexpr char kStartOfRegularMarketHours = 'R';
    Event event = event_of(Kind::SystemEvent, message, sequence);
    const char code = message.system_event();
    event.system.event_code = code == kStartOfRegularMarketHours ? 'Q' : code;
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::deep::SecurityDirectory& message, std::uint64_t sequence,
          Sink&& sink) noexcept {
    Event event = of_symbol(Kind::Directory, message, sequence, sink);
    Event close = event;
    fill_directory(event, symbol_of(message.symbol()));
    event.directory.round_lot_size = message.round_lot_size();
    event.directory.luld_tier = static_cast<char>('0' + message.luld_tier());
    sink(std::as_const(event));
    statistic(close, event::StatisticKind::PreviousClose, message.adjusted_poc_price(), ' ', sink);
  }

  // Order acceptance lets orders rest and not trade, whether after a halt or in a pause.
  template <EventSink Sink>
  void on(const wire::deep::TradingStatus& message, std::uint64_t sequence, Sink&& sink) noexcept {
    constexpr char kHaltReleased = 'O';
    Event event = of_symbol(Kind::TradingAction, message, sequence, sink);
    const char status = message.trading_status();
    event.trading.symbol = symbol_of(message.symbol());
    event.trading.state = status == kHaltReleased ? 'A' : status;
    event.trading.reason = message.reason().raw();
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::deep::RetailLiquidityIndicator& message, std::uint64_t sequence,
          Sink&& sink) noexcept {
    Event event = of_symbol(Kind::RetailInterest, message, sequence, sink);
    event.retail.symbol = symbol_of(message.symbol());
    event.retail.interest = retail_interest(message.retail_liquidity_indicator());
    sink(std::as_const(event));
  }
  [[nodiscard]] static constexpr char retail_interest(char indicator) noexcept {
    switch (indicator) {
      case 'A': return 'B';  // to buy
      case 'B': return 'S';  // to sell
      case 'C': return 'A';  // both
      default: return 'N';
    }
  }
  template <EventSink Sink>
  void on(const wire::deep::OperationalHaltStatus& message, std::uint64_t sequence,
          Sink&& sink) noexcept {
    constexpr char kNotHalted = 'N';
    constexpr char kIex = 'V';  // as ITCH's market category calls it
    Event event = of_symbol(Kind::OperationalHalt, message, sequence, sink);
    event.halt.symbol = symbol_of(message.symbol());
    event.halt.market_code = kIex;
    event.halt.action = message.operational_halt_status() == kNotHalted ? 'T' : 'H';
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::deep::ShortSalePriceTestStatus& message, std::uint64_t sequence,
          Sink&& sink) noexcept {
    Event event = of_symbol(Kind::ShortSaleRestriction, message, sequence, sink);
    event.short_sale.symbol = symbol_of(message.symbol());
    event.short_sale.action = static_cast<char>('0' + message.short_sale_price_test_status());
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::deep::SecurityEvent& message, std::uint64_t sequence, Sink&& sink) noexcept {
    Event event = of_symbol(Kind::SecurityEvent, message, sequence, sink);
    event.security.symbol = symbol_of(message.symbol());
    event.security.event_code = message.security_event();
    sink(std::as_const(event));
  }

  template <typename Message, EventSink Sink>
  void level(const Message& message, event::Side side, std::uint64_t sequence,
             Sink&& sink) noexcept {
    constexpr std::uint8_t kComplete = 1;
    Event event = of_symbol(Kind::PriceLevel, message, sequence, sink);
    const Price price = price_e4_of(message.price());
    if (!price.fits) return out_of_range(event, sink);
    event.side = side;
    if ((message.event_flags() & kComplete) == 0) event.flags |= event::kIncomplete;
    event.level.quantity = message.size();
    event.level.price_e4 = price.e4;
    event.level.action = event::LevelAction::Set;
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::deep::PriceLevelBuyUpdate& message, std::uint64_t sequence,
          Sink&& sink) noexcept {
    level(message, event::Side::Buy, sequence, sink);
  }
  template <EventSink Sink>
  void on(const wire::deep::PriceLevelSellUpdate& message, std::uint64_t sequence,
          Sink&& sink) noexcept {
    level(message, event::Side::Sell, sequence, sink);
  }

  template <EventSink Sink>
  void on(const wire::deep::TradeReport& message, std::uint64_t sequence, Sink&& sink) noexcept {
    Event event = of_symbol(Kind::Trade, message, sequence, sink);
    const Price price = price_e4_of(message.price());
    if (!price.fits) return out_of_range(event, sink);
    event.trade.quantity = message.size();
    event.trade.price_e4 = price.e4;
    event.trade.match_number = message.trade_id();
    event.trade.symbol = symbol_of(message.symbol());
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::deep::TradeBreak& message, std::uint64_t sequence, Sink&& sink) noexcept {
    Event event = of_symbol(Kind::BrokenTrade, message, sequence, sink);
    event.broken.match_number = message.trade_id();
    sink(std::as_const(event));
  }
  template <EventSink Sink>
  void on(const wire::deep::OfficialPrice& message, std::uint64_t sequence, Sink&& sink) noexcept {
    constexpr char kOpening = 'Q';
    const auto which = message.price_type() == kOpening ? event::StatisticKind::OfficialOpen
                                                        : event::StatisticKind::OfficialClose;
    const Event event = of_symbol(Kind::Statistic, message, sequence, sink);
    statistic(event, which, message.official_price(), message.price_type(), sink);
  }
  template <EventSink Sink>
  void statistic(Event event, event::StatisticKind which, std::int64_t price_e4, char code,
                 Sink&& sink) const noexcept {
    const Price price = price_e4_of(price_e4);
    if (!price.fits) return out_of_range(event, sink);
    event.kind = Kind::Statistic;
    event.statistic.price_e4 = price.e4;
    event.statistic.statistic = which;
    event.statistic.code = code;
    sink(std::as_const(event));
  }

  // Where the auction would print, then between which prices it may.
  template <EventSink Sink>
  void on(const wire::deep::AuctionInformation& message, std::uint64_t sequence,
          Sink&& sink) noexcept {
    Event event = of_symbol(Kind::Imbalance, message, sequence, sink);
    Event collar = event;
    const Price reference = price_e4_of(message.reference_price());
    const Price near = price_e4_of(message.indicative_clearing_price());
    const Price far = price_e4_of(message.auction_book_clearing_price());
    const Price middle = price_e4_of(message.collar_reference_price());
    const Price lower = price_e4_of(message.lower_auction_collar());
    const Price upper = price_e4_of(message.upper_auction_collar());
    if (!(reference.fits && near.fits && far.fits && middle.fits && lower.fits && upper.fits))
      return out_of_range(event, sink);
    event.imbalance.paired_quantity = message.paired_shares();
    event.imbalance.imbalance_quantity = message.imbalance_shares();
    event.imbalance.far_price_e4 = far.e4;
    event.imbalance.near_price_e4 = near.e4;
    event.imbalance.reference_price_e4 = reference.e4;
    event.imbalance.direction = message.imbalance_side();
    event.imbalance.cross_type = message.auction_type();
    event.imbalance.variation = ' ';
    sink(std::as_const(event));
    collar.kind = Kind::AuctionCollar;
    collar.collar.symbol = symbol_of(message.symbol());
    collar.collar.reference_price_e4 = middle.e4;
    collar.collar.upper_price_e4 = upper.e4;
    collar.collar.lower_price_e4 = lower.e4;
    collar.collar.extension = message.extension_number();
    sink(std::as_const(collar));
  }

  SymbolTable* symbols_;
  std::uint16_t flags_ = 0;
};
static_assert(Decoder<DeepDecoder>);

}  // namespace ridley::feed
