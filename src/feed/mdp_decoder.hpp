// SPDX-License-Identifier: Apache-2.0
// In: packets of a CME MDP 3.0 incremental feed, in the order of their numbers. Out: market events:
// price levels by position, those implied apart, or orders; trades, states. Every event of a book
// is incomplete until event_end, because what the exchange did may need several packets. Snapshots
// are read by mdp_snapshot.hpp. Source: MDP 3.0, sections 3 "Hot templates", 4 "Match event
// indicator", 5 "Book rules". The hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "feed/feed.hpp"
#include "feed/mdp_events.hpp"
#include "feed/mdp_groups.hpp"
#include "feed/mdp_instruments.hpp"
#include "wire/mdp3.hpp"

namespace ridley::feed {

class MdpDecoder {
 public:
  // The table is the caller's and lives longer.
  MdpDecoder(MdpInstruments& instruments, MdpView view) noexcept
      : instruments_{&instruments}, view_{view} {}

  template <EventSink Sink>
  Decoded decode(const Block& block, std::uint16_t, Sink&& sink) noexcept {
    return packet(block, {.sequence = block.sequence, .time_ns = 0, .only = nullptr}, sink);
  }

  // Of a packet that was kept: what is of the books of one instrument and not in them yet.
  template <EventSink Sink>
  void replay(const Block& block, MdpInstrument& instrument, Sink&& sink) noexcept {
    (void)packet(block, {.sequence = block.sequence, .time_ns = 0, .only = &instrument}, sink);
  }

  // Nobody knows whose messages they were: every book is in doubt, and waits for its snapshot.
  template <EventSink Sink>
  void lose(const Loss& loss, Sink&& sink) noexcept {
    loss_ = loss;
    flags_ = event::kAfterLoss;
    end_event({.sequence = loss.from, .time_ns = 0, .only = nullptr}, sink);
    for (MdpInstrument& instrument : instruments_->all()) doubt(instrument, loss, sink);
  }

  void restart() noexcept {
    flags_ = 0;
    groups_.clear();
    instruments_->clear();
  }

  // A new one is told first; its book lacks what was lost before it was heard of.
  template <EventSink Sink>
  MdpInstrument* known(std::int32_t security_id, const MdpPlace& place, Sink&& sink) noexcept {
    const MdpInstruments::Found found = instruments_->find_or_add(security_id);
    if (found.is_new) [[unlikely]] {
      introduce(*found.instrument, false, place, sink);
      if (flags_ != 0) doubt(*found.instrument, loss_, sink);
      if (const auto state = groups_.common())
        sink(mdp_state_of(*found.instrument, *state, event_of(Kind::TradingAction, 0, place)));
    }
    return found.instrument;
  }
  template <EventSink Sink>
  std::uint16_t locate_of(MdpInstrument& instrument, bool implied, const MdpPlace& place,
                          Sink&& sink) noexcept {
    if (!implied) return instrument.locate;
    if (!instrument.implied_told) [[unlikely]] {
      instrument.implied_told = true;
      introduce(instrument, true, place, sink);
    }
    return implied_locate(instrument.locate);
  }
  [[nodiscard]] event::MarketEvent event_of(event::EventKind kind, std::uint16_t locate,
                                            const MdpPlace& place) const noexcept {
    return mdp_event(kind, locate, place, flags_);
  }

  [[nodiscard]] MdpView view() const noexcept { return view_; }
  [[nodiscard]] const DecodeCounters& messages() const noexcept { return messages_; }
  // Entries of orders in the view of levels.
  [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }
  // Price levels that were told.
  [[nodiscard]] std::uint64_t levels() const noexcept { return levels_; }

 private:
  using Event = event::MarketEvent;
  using Kind = event::EventKind;
  using Place = MdpPlace;

  template <EventSink Sink>
  Decoded packet(const Block& block, Place place, Sink&& sink) noexcept {
    Decoded all = Decoded::Event;
    std::span<const std::byte> rest = block.message;
    while (!rest.empty()) {
      const std::size_t size = MdpFraming::message_bytes(rest);
      if (size == 0) return Decoded::Truncated;
      const Decoded one = message(rest.first(size), place, sink);
      if (place.only == nullptr) messages_.count(one);
      if (one == Decoded::Truncated) all = one;
      rest = rest.subspan(size);
    }
    return all;
  }

  template <EventSink Sink>
  Decoded message(std::span<const std::byte> message, Place& place, Sink&& sink) noexcept {
    Decoded decoded = Decoded::UnknownType;
    if (wire::mdp3::size_of(MdpFraming::template_of(message)) != 0) decoded = Decoded::Truncated;
    wire::mdp3::visit(message, [&](const auto& view) {
      if constexpr (requires { view.well_formed(); }) {
        if (!view.well_formed()) return;
      }
      decoded = Decoded::Event;
      if constexpr (requires { view.transact_time(); }) place.time_ns = view.transact_time();
      on(view, place, sink);
      if constexpr (requires { view.match_event_indicator(); }) {
        if ((view.match_event_indicator() & kMdpEndOfEvent) != 0) end_event(place, sink);
      }
    });
    return std::exchange(unreadable_, false) ? Decoded::Truncated : decoded;
  }

  // What says nothing of books: figures without a table, the session, and snapshots.
  template <typename Message, EventSink Sink>
  void on(const Message&, const Place&, Sink&&) noexcept {}

  // Null where what follows is not for its books: no place, not asked for, in them already.
  template <EventSink Sink>
  MdpInstrument* of_book(std::int32_t security_id, const Place& place, Sink&& sink) noexcept {
    MdpInstrument* const instrument = known(security_id, place, sink);
    if (instrument == nullptr) return nullptr;
    if (place.only != nullptr && place.only != instrument) return nullptr;
    return place.sequence > instrument->follows_after ? instrument : nullptr;
  }

  template <EventSink Sink>
  void introduce(const MdpInstrument& instrument, bool implied, const Place& place,
                 Sink&& sink) noexcept {
    const std::uint16_t locate = implied ? implied_locate(instrument.locate) : instrument.locate;
    Event event = event_of(Kind::Directory, locate, place);
    if (implied) event.flags |= event::kImplied;
    Event definition = event;
    fill_directory(event, symbol_of_security(instrument.security_id));
    sink(std::as_const(event));
    definition.kind = Kind::Definition;
    definition.definition.price_unit_e9 = instrument.price_unit_e9;
    definition.definition.price_zero_e9 = instrument.price_zero_e9;
    definition.definition.security_id = static_cast<std::uint32_t>(instrument.security_id);
    definition.definition.group.fill(' ');
    if (view_ == MdpView::Levels) {
      definition.definition.depth = implied ? kMdpImpliedDepth : kMdpDepth;
      definition.definition.implied_depth = kMdpImpliedDepth;
    }
    sink(std::as_const(definition));
  }

  template <EventSink Sink>
  void doubt(MdpInstrument& instrument, const Loss& loss, Sink&& sink) noexcept {
    instruments_->wait(instrument);
    sink(doubt_of(loss, instrument.locate));
    if (instrument.implied_told) sink(doubt_of(loss, implied_locate(instrument.locate)));
  }
  // Of one instrument, whose snapshots would say the same again.
  template <EventSink Sink>
  void refuse(const MdpInstrument& instrument, const Place& place, event::DoubtReason reason,
              Sink&& sink) noexcept {
    sink(doubt_of({.unit = 0, .from = place.sequence, .count = 0, .reason = reason},
                  instrument.locate));
  }

  template <EventSink Sink>
  void of_event(MdpInstrument& instrument, bool implied, Event& event, Sink&& sink) noexcept {
    event.flags |= event::kIncomplete;
    if (implied) event.flags |= event::kImplied;
    instruments_->open(instrument, implied);
    sink(std::as_const(event));
  }

  template <EventSink Sink>
  void end_event(const Place& place, Sink&& sink) noexcept {
    const auto end = [&](MdpInstrument& instrument) {
      if (instrument.in_event) sink(event_of(Kind::EventEnd, instrument.locate, place));
      if (instrument.implied_in_event)
        sink(event_of(Kind::EventEnd, implied_locate(instrument.locate), place));
      instrument.in_event = false;
      instrument.implied_in_event = false;
    };
    if (place.only == nullptr) return instruments_->close_all(end);
    // The events of others are of another time.
    instruments_->close(*place.only);
    end(*place.only);
  }

  template <EventSink Sink>
  void on(const wire::mdp3::ChannelReset&, const Place& place, Sink&& sink) noexcept {
    if (place.only == nullptr) return sink(event_of(Kind::ClearBook, event::kNoLocate, place));
    if (place.sequence > place.only->follows_after) clear(*place.only, place, sink);
  }
  template <EventSink Sink>
  void clear(MdpInstrument& instrument, const Place& place, Sink&& sink) noexcept {
    Event event = event_of(Kind::ClearBook, instrument.locate, place);
    of_event(instrument, false, event, sink);
    if (!instrument.implied_told) return;
    event.locate = implied_locate(instrument.locate);
    of_event(instrument, true, event, sink);
  }

  // Price levels, and orders that refer to them.
  template <EventSink Sink>
  void on(const wire::mdp3::IncrementalRefreshBook& message, const Place& place,
          Sink&& sink) noexcept {
    const auto levels = message.levels();
    for (const wire::mdp3::BookEntry& entry : levels) level(entry, place, sink);
    const auto orders = message.orders();
    if (view_ == MdpView::Levels) {
      if (place.only == nullptr) left_out_ += orders.size();
      return;
    }
    for (const wire::mdp3::OrderEntry& entry : orders) {
      const std::size_t reference = entry.reference_id();
      unreadable_ = reference == 0 || reference > levels.size();
      if (unreadable_) return;
      order_of_level(entry, levels[reference - 1], place, sink);
    }
  }

  template <EventSink Sink>
  void level(const wire::mdp3::BookEntry& entry, const Place& place, Sink&& sink) noexcept {
    const MdpSide side = mdp_side(entry.entry_type());
    const bool reset = entry.entry_type() == kMdpBookReset;
    if (!reset && (side.side == event::Side::None || view_ == MdpView::Orders)) return;
    MdpInstrument* const instrument = of_book(entry.security_id(), place, sink);
    if (instrument == nullptr) return;
    if (reset) return clear(*instrument, place, sink);
    const MdpAction action = mdp_level_action(entry.update_action());
    if (!action.known || entry.size() < 0)
      return refuse(*instrument, place, event::DoubtReason::Range, sink);

    const std::uint16_t locate = locate_of(*instrument, side.implied, place, sink);
    Event event = event_of(Kind::PriceLevel, locate, place);
    event.side = side.side;
    event.level.price_e4 = event::kPriceBeyond;
    if (entry.has_price()) {
      const Price price = mdp_price(*instrument, entry.price());
      if (!price.fits) refuse(*instrument, place, event::DoubtReason::Range, sink);
      event.level.price_e4 = price.e4;
    }
    if (entry.has_size()) event.level.quantity = static_cast<std::uint32_t>(entry.size());
    event.level.orders = mdp_count(entry.has_number_of_orders(), entry.number_of_orders());
    event.level.instrument_sequence = entry.rpt_seq();
    event.level.position = entry.price_level();
    event.level.action = action.action;
    ++levels_;
    of_event(*instrument, side.implied, event, sink);
  }

  template <EventSink Sink>
  void order_of_level(const wire::mdp3::OrderEntry& entry, const wire::mdp3::BookEntry& level,
                      const Place& place, Sink&& sink) noexcept {
    MdpInstrument* const instrument = of_book(level.security_id(), place, sink);
    if (instrument == nullptr) return;
    order(*instrument,
          {.order_id = entry.order_id(),
           .priority = entry.has_order_priority() ? entry.order_priority() : 0,
           .price_e9 = level.price(),
           .quantity = entry.has_display_quantity() ? entry.display_quantity() : 0,
           .action = entry.order_update_action(),
           .side = mdp_order_side(level.entry_type())},
          place, sink);
  }

  template <EventSink Sink>
  void on(const wire::mdp3::IncrementalRefreshOrderBook& message, const Place& place,
          Sink&& sink) noexcept {
    const auto orders = message.orders();
    if (view_ == MdpView::Levels && place.only == nullptr) left_out_ += orders.size();
    for (const wire::mdp3::FullOrderEntry& entry : orders) {
      const bool reset = entry.entry_type() == kMdpBookReset;
      if (view_ == MdpView::Levels && !reset) continue;
      MdpInstrument* const instrument = of_book(entry.security_id(), place, sink);
      if (instrument == nullptr) continue;
      if (reset) {
        clear(*instrument, place, sink);
        continue;
      }
      order(*instrument,
            {.order_id = entry.order_id(),
             .priority = entry.has_order_priority() ? entry.order_priority() : 0,
             .price_e9 = entry.price(),
             .quantity = entry.has_display_quantity() ? entry.display_quantity() : 0,
             .action = entry.update_action(),
             .side = mdp_order_side(entry.entry_type())},
            place, sink);
    }
  }

  template <EventSink Sink>
  void order(MdpInstrument& instrument, const MdpOrderChange& change, const Place& place,
             Sink&& sink) noexcept {
    Event event = event_of(Kind::DeleteOrder, instrument.locate, place);
    event.side = change.side;
    event.remove.order_id = change.order_id;
    const auto action = static_cast<wire::mdp3::OrderAction>(change.action);
    if (action == wire::mdp3::OrderAction::Delete) return of_event(instrument, false, event, sink);

    const Price price = mdp_price(instrument, change.price_e9);
    const bool is_new = action == wire::mdp3::OrderAction::New;
    const bool known = is_new || action == wire::mdp3::OrderAction::Update;
    const bool makes_sense = known && change.quantity > 0 && change.side != event::Side::None;
    if (!price.fits || !makes_sense) refuse(instrument, place, event::DoubtReason::Range, sink);
    if (!makes_sense) return;
    if (is_new) {
      event.kind = Kind::AddOrder;
      event.add.quantity = static_cast<std::uint32_t>(change.quantity);
      event.add.price_e4 = price.e4;
      event.add.symbol = symbol_of_security(instrument.security_id);
      event.add.attribution = kBlank4;
    } else {
      event.kind = Kind::ModifyOrder;
      event.modify.quantity = static_cast<std::uint32_t>(change.quantity);
      event.modify.price_e4 = price.e4;
      event.modify.priority = change.priority;
      event.modify.keeps_priority = event::kKeepsUnlessItGrows;
    }
    of_event(instrument, false, event, sink);
  }

  // Trades, and states.
  template <EventSink Sink>
  void on(const wire::mdp3::IncrementalRefreshTradeSummary& message, const Place& place,
          Sink&& sink) noexcept {
    if (place.only != nullptr) return;
    for (const wire::mdp3::TradeEntry& entry : message.trades()) {
      const MdpInstrument* const instrument = known(entry.security_id(), place, sink);
      if (instrument == nullptr) continue;
      const Price price = mdp_price(*instrument, entry.price());
      if (!price.fits || entry.size() < 0) continue;
      Event event = event_of(Kind::BrokenTrade, instrument->locate, place);
      const std::uint64_t match = entry.has_trade_entry_id() ? entry.trade_entry_id() : 0;
      event.broken.match_number = match;
      const auto action = static_cast<wire::mdp3::UpdateAction>(entry.update_action());
      if (action != wire::mdp3::UpdateAction::New) sink(std::as_const(event));
      if (action == wire::mdp3::UpdateAction::Delete) continue;
      event = event_of(Kind::Trade, instrument->locate, place);
      event.side = mdp_resting_side(entry.aggressor_side());
      event.trade.quantity = static_cast<std::uint32_t>(entry.size());
      event.trade.price_e4 = price.e4;
      event.trade.match_number = match;
      event.trade.symbol = symbol_of_security(instrument->security_id);
      sink(std::as_const(event));
    }
  }

  // Of one instrument, or of a group. Which group an instrument is of nobody knows here.
  template <EventSink Sink>
  void on(const wire::mdp3::SecurityStatus& message, const Place& place, Sink&& sink) noexcept {
    const MdpState state = mdp_state(message.security_trading_status());
    if (place.only != nullptr || !state.changes) return;
    const Event event = event_of(Kind::TradingAction, 0, place);
    if (message.has_security_id()) {
      MdpInstrument* const instrument = known(message.security_id(), place, sink);
      if (instrument == nullptr) return;
      instrument->stopped = !state.trades;
      sink(mdp_state_of(*instrument, state, event, message.halt_reason()));
      return;
    }
    groups_.tell(message.security_group(), state);
    const MdpState common = *groups_.common();
    for (const MdpInstrument& instrument : instruments_->all()) {
      if (!instrument.stopped) sink(mdp_state_of(instrument, common, event, message.halt_reason()));
    }
  }

  MdpInstruments* instruments_;
  MdpGroups groups_{};
  MdpView view_;
  std::uint16_t flags_ = 0;
  bool unreadable_ = false;  // an order refers to no level
  Loss loss_{};              // the last one
  DecodeCounters messages_{};
  std::uint64_t left_out_ = 0;
  std::uint64_t levels_ = 0;
};
static_assert(Decoder<MdpDecoder>);

}  // namespace ridley::feed
