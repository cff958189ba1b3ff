// SPDX-License-Identifier: Apache-2.0
// The street. In: frames of a port, messages of the order connection, commands, the time of each
// turn; with a card its ring's records too. Out: orders that the gate approved. This file alone
// knows which room comes next. Hot core. Reads a clock only to stamp hops, for telemetry.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "engine/card_feed.hpp"
#include "engine/commands.hpp"
#include "engine/hop_stamps.hpp"
#include "engine/intake.hpp"
#include "engine/intent_queue.hpp"
#include "engine/market_view.hpp"
#include "engine/order_wire.hpp"
#include "engine/rooms.hpp"
#include "feed/blocks.hpp"
#include "feed/glance.hpp"
#include "nic/port.hpp"

namespace ridley::engine {

template <nic::Port FeedPort, HopClock Clock, typename Card = NoCard, typename Wire = NoWire>
class Pipeline : private Intake<Pipeline<FeedPort, Clock, Card, Wire>> {
  using Entrance = Intake<Pipeline>;
  friend Entrance;
  using Entrance::now_ns_;
  using Entrance::rooms_;

 public:
  Pipeline(FeedPort& port, const Rooms& rooms, Clock clock, Card card = {}, Wire wire = {}) noexcept
      : Entrance{rooms}, port_{port}, card_{card}, wire_{wire}, stamps_{clock, rooms.hops} {}

  // The commands hold on to this object's rooms.
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // One turn. now_ns is UTC and never goes back. Returns how many frames came.
  std::size_t poll(std::uint64_t now_ns) noexcept {
    now_ns_ = now_ns;
    ++rooms_.counters.turns;
    commands_.take(now_ns);
    take_order_messages();
    wire_.turn();
    const std::size_t count = port_.receive_burst(frames_);
    for (const nic::Frame& frame : std::span{frames_}.first(count)) on_frame(frame);
    if constexpr (Card::kIsThere) take_card();
    this->look_for_repairs();
    on_time();
    return count;
  }

  // Told to stop, and no order is alive at the exchange any more.
  [[nodiscard]] bool stopped() const noexcept { return commands_.stopped(); }

 private:
  // nic and feed: bytes become messages in sequence, or a reason why not.
  void on_frame(const nic::Frame& frame) noexcept {
    ++rooms_.counters.frames;
    nic::Datagram datagram;
    if (rooms_.datagrams.read(frame, datagram) != nic::Strip::Udp) return;
    frame_ns_ = frame.stamp.ns;
    stamps_.begin(frame.stamp);
    // What the packet is probably about is fetched meanwhile.
    const feed::Glance glance = feed::glance(datagram.payload);
    rooms_.books.prefetch(glance.locate, glance.order_id);
    this->take(rooms_.sequencer.accept(
        datagram.payload, static_cast<feed::LineNumber>(datagram.line), frame.stamp.ns));
    stamps_.end();
  }

  void on_plain(const feed::Arrived& arrived) noexcept {
    if (is_followed(Source::Software, arrived)) on_heard();
  }

  void on_unusual(const feed::Arrived& arrived) noexcept {
    if (is_followed(Source::Software, arrived)) on_arrival(arrived);
  }

  void on_missing(const feed::Arrived& arrived) noexcept {
    if (is_followed(Source::Software, arrived)) on_gap(arrived);
  }

  void on_arrival(const feed::Arrived& arrived) noexcept {
    if (arrived.arrival == feed::Arrival::Malformed) return;
    if (arrived.arrival == feed::Arrival::OtherSession) return;
    on_heard();
    if (arrived.arrival == feed::Arrival::SessionChange) on_session_change(arrived);
    if (arrived.missing_count > 0) on_gap(arrived);
  }

  void on_heard() noexcept {
    heard_ns_ = now_ns_;
    if (silent_) this->template note<Note::FeedHeardAgain>();
    silent_ = false;
  }

  void on_message(const DecodedMessage& message) noexcept {
    ++rooms_.counters.messages;
    switch (message.result) {
      case feed::Decoded::Event:
        if constexpr (Card::kIsThere)
          if (!card_.feed.hear(Source::Software, message.event)) return;
        return on_event(message.event);
      case feed::Decoded::UnknownType: ++rooms_.counters.unknown_types; return;
      case feed::Decoded::Truncated: break;
    }
    if (message.block.message.empty()) return;  // an empty block has a number, nothing to say
    ++rooms_.counters.short_messages;
    if constexpr (Card::kIsThere)
      if (card_.feed.driver() == Source::Card) return;
    on_short_message(message.block.sequence);
  }

  void on_short_message(std::uint64_t sequence) noexcept {
    this->template note<Note::ShortMessage>(sequence);
    on_feed_lost();
  }

  // Whether this source's packets count; the comparison hears of both.
  bool is_followed(Source source, const feed::Arrived& arrived) noexcept {
    if constexpr (Card::kIsThere) {
      if (arrived.arrival == feed::Arrival::SessionChange) card_.feed.hear_session(source);
      if (arrived.missing_count > 0)
        card_.feed.hear_gap(source, arrived.missing_from + arrived.missing_count - 1);
      return card_.feed.driver() == source;
    }
    return true;
  }

  void take_card() noexcept {
    if (card_.feed.wants_change(this->is_whole())) change_driver();
    if (!card_.feed.has_ring()) return;
    card::EventRing& ring = card_.feed.ring();
    for (std::size_t i = 0; i < kCardRecordsPerTurnMax && ring.has_next(); ++i, ring.pop())
      on_record(ring.next());
    stamps_.end();
  }

  void on_record(const card::Record& record) noexcept {
    card_.feed.hear_record(record);
    switch (record.form()) {
      case card::CardForm::Packet: return on_card_packet(record.packet());
      case card::CardForm::Event: {
        const event::MarketEvent event = record.event();
        if (card_.feed.hear(Source::Card, event)) on_event(event);
        return;
      }
      case card::CardForm::ShortMessage:
        card_.feed.hear_short_message();
        if (card_.feed.driver() == Source::Card) on_short_message(record.packet().first_sequence);
        return;
      case card::CardForm::None: return;
    }
  }

  void on_card_packet(const card::CardPacket& packet) noexcept {
    const feed::Arrived arrived = arrived_of(packet);
    if (!is_followed(Source::Card, arrived)) return;
    if (arrived.missing_count > 0 && arrived.arrival != feed::Arrival::SessionChange)
      return lend_driver();
    stamps_.end();  // what the packet before it has caused
    frame_ns_ = packet.stamp_ns;
    stamps_.begin(stamp_of(packet));
    on_arrival(arrived);
  }

  // Nothing is lost yet: what the card misses may come to the software.
  void lend_driver() noexcept {
    card_.feed.lend();
    take_ahead();
    this->look_for_missing();
  }

  void take_ahead() noexcept {
    event::MarketEvent event;
    while (card_.feed.take_ahead(event)) on_event(event);
  }

  // What the new driver has said already is acted on first.
  void change_driver() noexcept {
    const CardFault fault = card_.feed.fault();
    const bool returns = card_.feed.lent();
    if (fault == CardFault::None) {
      if (!returns) this->template note<Note::CardDrives>(card_.feed.compared().same);
    } else {
      this->template note<Note::CardRefused>(static_cast<std::uint32_t>(fault));
      if (card_.feed.disarms()) commands_.disarm();
    }
    if (!card_.feed.change()) on_feed_lost();
    take_ahead();
    this->look_for_missing();
  }

  // Whether a card has told of messages that nobody has acted on.
  [[nodiscard]] bool card_waits() const noexcept {
    if constexpr (Card::kIsThere) return card_.feed.waits();
    return false;
  }

  // The books are a snapshot's, whose messages are the software's: a card drives again behind them.
  void on_books_before(std::uint64_t sequence) noexcept {
    if constexpr (Card::kIsThere) {
      card_.feed.lend();
      card_.feed.restart_before(sequence);
    }
  }

  // book and strategy: a change of the top, or a trade, is what a strategy decides on.
  void on_event(const event::MarketEvent& event) noexcept {
    const bool traded = rooms_.strategy.trades(event.locate);
    if (traded) on_traded_message(event.locate);
    exchange_ns_ = event.exchange_ns;
    const book::Change change = rooms_.books.apply(event);
    if (event.kind == event::EventKind::Directory) return list(rooms_, event);
    if (event.locate == 0 && change.state) return on_market_state();
    if (traded) on_traded(event, change);
  }

  // What an order of this instrument would need is fetched while the book works.
  void on_traded_message(std::uint16_t locate) noexcept {
    stamps_.decoded();
    rooms_.gate.prefetch(locate);
    rooms_.orders.prefetch(locate);
  }

  void on_traded(const event::MarketEvent& event, const book::Change& change) noexcept {
    if (is_trade(event.kind)) {
      const std::uint32_t price_e4 = rooms_.books.top(event.locate).last_price_e4;
      act(rooms_.strategy.on_trade(event, price_e4, frame_ns_));
    }
    if (is_doubt(change.outcome))
      on_doubt(event.locate, change.outcome);
    else if (!change.top && !change.state)
      return;
    if (this->is_behind()) return;  // asked once everything is here
    stamps_.record_decoded();
    stamps_.pass(telemetry::Hop::Book);
    act(rooms_.strategy.on_book(rooms_.books, event.locate, frame_ns_));
  }

  // The first intent goes on as it stands where the strategy wrote it. Those behind it wait in the
  // queue, together with what the strategy answers when it hears of the first.
  void act(strategy::Intents intents) noexcept {
    if (intents.empty()) return;
    wanted_.count_first();
    wanted_.push(intents.subspan(1));
    act_on(intents.front());
    act_on_wanted();
  }

  void act_on_wanted() noexcept {
    event::OrderIntent intent;
    while (wanted_.pop(intent)) act_on(intent);
    rooms_.counters.intents_dropped = wanted_.dropped();
    wanted_.end_turn();
  }

  // risk and order: only the gate can make the order that the order room takes.
  void act_on(const event::OrderIntent& intent) noexcept {
    stamps_.pass(telemetry::Hop::Decided);
    const risk::Market market = market_of(rooms_.books, intent.locate, now_ns_ - heard_ns_);
    const risk::Verdict verdict = rooms_.gate.check(intent, market, now_ns_);
    if (!verdict.order) return refuse(intent, verdict.reject);
    stamps_.pass(telemetry::Hop::Approved);
    const order::Sent sent = rooms_.orders.send(*verdict.order);
    wire_.depart();
    stamps_.sent();
    if (!sent.ok)
      this->template note<Note::OrderNotSent>(std::uint32_t{intent.locate}, intent.quantity,
                                              std::uint32_t{sent.event.reason});
    if (sent.event.kind != event::OrderEventKind::None) tell(sent.event);
  }

  // What becomes of an order concerns the gate's limits, the record and the strategy, in this
  // order: the next intent is checked against what is known by then.
  void tell(const event::OrderEvent& event) noexcept {
    rooms_.gate.apply(event);
    rooms_.side_exit.record(event);
    wanted_.push(rooms_.strategy.on_order(event, now()));
  }

  void refuse(const event::OrderIntent& intent, const event::RejectRecord& reject) noexcept {
    rooms_.side_exit.record(reject);
    this->template note<Note::GateRefused>(
        std::uint32_t{reject.control}, std::uint32_t{reject.locate}, reject.quantity,
        telemetry::LogPrice{reject.price_e4}, reject.limit, reject.observed);
    wanted_.push(rooms_.strategy.on_order(refusal_of(intent, reject), now()));
  }

  void take_order_messages() noexcept {
    for (std::size_t i = 0; i < kOrderMessagesPerTurnMax; ++i) {
      if (!rooms_.order_messages.pop(inbound_)) break;
      if (inbound_.kind != order::InboundKind::Message) commands_.on_connection(inbound_, now_ns_);
      for (const event::OrderEvent& event : rooms_.orders.receive(inbound_)) tell(event);
      commands_.look_for_disagreement(now_ns_);
      act_on_wanted();
    }
    rooms_.orders.poll();
  }

  void on_time() noexcept {
    if (now_ns_ - timer_ns_ < kTimerNs) return;
    timer_ns_ = now_ns_;
    this->look_at_time();
    rooms_.orders.look_for_answers(now_ns_);
    note_doubts();
    if (!silent_ && now_ns_ - heard_ns_ > rooms_.gate.limits().age_ns_max) {
      // Older than the gate believes: the books may be right, but nobody can know. Once.
      silent_ = true;
      if (heard_ns_ != 0) this->template note<Note::FeedSilent>(now_ns_ - heard_ns_);
      withdraw();
    }
    act(rooms_.strategy.on_timer(now()));
  }

  void note_doubts() noexcept {
    for (order::Doubts::Change change; rooms_.orders.take_change(change);) {
      if (change.bits == 0)
        this->template note<Note::InstrumentTrusted>(std::uint32_t{change.locate});
      else
        this->template note<Note::InstrumentInDoubt>(std::uint32_t{change.locate},
                                                     std::uint32_t{change.bits});
    }
  }

  void on_gap(const feed::Arrived& arrived) noexcept {
    this->template note<Note::FeedGap>(arrived.missing_count,
                                       arrived.missing_from + arrived.missing_count);
    on_feed_lost();
  }

  // Every further message of a book in doubt says so again; one of them is noted.
  void on_doubt(book::Locate locate, book::Outcome outcome) noexcept {
    if (std::exchange(doubted_, locate) == locate) return;
    this->template note<Note::BookInDoubt>(std::uint32_t{locate},
                                           static_cast<std::uint32_t>(outcome));
  }

  void on_feed_lost() noexcept {
    if constexpr (Card::kIsThere) card_.feed.lend();
    this->lose();
    withdraw();
  }

  // A strategy may have more orders out than it can name in one answer, but not more than are open:
  // what it names beyond them is gone, and naming it again would not end.
  void withdraw() noexcept {
    const std::size_t open = rooms_.orders.open_count();
    for (std::size_t i = 0; i <= open; ++i) {
      const strategy::Intents intents = rooms_.strategy.on_feed_lost(now());
      if (intents.empty()) return;
      act(intents);
    }
  }

  // Locates mean other instruments from here on, so what the gate knows by locate does too. The
  // operator looks at it and arms again.
  void on_session_change(const feed::Arrived& arrived) noexcept {
    this->template note<Note::FeedSession>(arrived.first_sequence);
    commands_.disarm();
    this->begin_session();
    rooms_.strategy.forget_directory();
    rooms_.roll.forget_directory();
  }

  void on_market_state() noexcept {
    for (const RollEntry& entry : rooms_.roll.entries())
      if (entry.traded && entry.listed)
        act(rooms_.strategy.on_book(rooms_.books, entry.locate, frame_ns_));
  }

  [[nodiscard]] strategy::Now now() const noexcept { return {exchange_ns_, now_ns_}; }

  FeedPort& port_;
  [[no_unique_address]] Card card_;
  [[no_unique_address]] Wire wire_;
  HopStamps<Clock> stamps_;
  Commands commands_{rooms_};
  IntentQueue wanted_;
  order::Inbound inbound_;  // being read; here, so that it is not cleared every turn
  std::array<nic::Frame, nic::kBurstFramesMax> frames_{};
  std::uint64_t frame_ns_ = 0;     // the stamp of the frame being read
  std::uint64_t exchange_ns_ = 0;  // the last event's
  std::uint64_t heard_ns_ = 0;     // when the line last said anything well-formed
  std::uint64_t timer_ns_ = 0;
  book::Locate doubted_ = 0;  // the instrument whose doubt was noted last
  bool silent_ = false;       // for longer than the gate's limit
};

}  // namespace ridley::engine
