// SPDX-License-Identifier: Apache-2.0
#include "engine/street.hpp"

#include <string_view>
#include <utility>

#include "risk/controls.hpp"

namespace ridley::engine {
namespace {

static_assert(RIDLEY_REASON_UNKNOWN_ORDER ==
              static_cast<unsigned>(order::LocalReason::UnknownOrder));

// A symbol without its padding.
std::string text_of(const event::Symbol& symbol) {
  const std::string_view padded{symbol.data(), symbol.size()};
  return std::string{padded.substr(0, padded.find_last_not_of(' ') + 1)};
}

std::size_t ring_bytes(const StreetSettings& settings) {
  const std::size_t slots = order_ring_slots(settings.orders.orders_max);
  return base::Arena::bytes_for<order::Outbound>(slots, base::kNoFalseSharingBytes) +
         base::Arena::bytes_for<order::Inbound>(slots, base::kNoFalseSharingBytes) +
         base::Arena::bytes_for<telemetry::LogRecord>(telemetry::kLogRecordsMax,
                                                      base::kNoFalseSharingBytes) +
         base::Arena::bytes_for<feed::HeldPackets::Packet>(settings.held_packets) +
         SideExit::bytes();
}

template <typename Message>
std::span<Message> ring(base::Arena& memory, const StreetSettings& settings) {
  return memory.array<Message>(order_ring_slots(settings.orders.orders_max),
                               base::kNoFalseSharingBytes);
}

}  // namespace

std::string line_counters(std::size_t line) {
  return std::string{"feed."} + static_cast<char>('a' + line) + '.';
}

Street::Street(StreetSettings settings, const strategy::Loaded& loaded,
               telemetry::CounterPage& page)
    : memory_{ring_bytes(settings)},
      outbound_{ring<order::Outbound>(memory_, settings)},
      inbound_{ring<order::Inbound>(memory_, settings)},
      datagrams_{settings.filter, settings.checks},
      sequencer_{
          settings.sequencer,
          feed::HeldPackets{memory_.array<feed::HeldPackets::Packet>(settings.held_packets)}},
      hold_ns_{settings.hold_ns},
      books_{settings.books},
      recovery_{settings.recovers ? std::make_unique<RecoveryLink>(settings.books) : nullptr},
      gate_{settings.limits, settings.books.instruments_max},
      orders_{settings.orders, outbound_},
      roll_{std::move(settings.roll)},
      strategy_{loaded},
      lines_{settings.lines} {
  page.begin_group();
  mirror_counters(page);
  mirror_feed(page);
  mirror_orders(page);
  make_gauges(page);
  hops_ = page.hop_histograms();
  if (lines_.size() < 2) return;
  page.begin_group();
  for (std::size_t i = 0; i < lines_.size(); ++i)
    late_.of[i] = &page.histogram(line_counters(i) + "late");
}

Rooms Street::rooms() noexcept {
  return {.datagrams = datagrams_,
          .sequencer = sequencer_,
          .books = books_,
          .strategy = strategy_,
          .gate = gate_,
          .orders = orders_,
          .order_messages = inbound_,
          .roll = roll_,
          .side_exit = side_exit_,
          .log = log_,
          .hops = hops_,
          .late = late_,
          .hold_ns = hold_ns_,
          .recovery = recovery(),
          .commands = commands_,
          .answers = answers_,
          .counters = counters_};
}

void Street::mirror_counters(telemetry::CounterPage& page) {
  mirror_.add(counters_.turns, page.counter("engine.turns"));
  mirror_.add(counters_.frames, page.counter("engine.frames"));
  mirror_.add(counters_.unknown_types, page.counter("feed.unknown_types"));
  mirror_.add(counters_.short_messages, page.counter("feed.short_messages"));
  mirror_.add(counters_.intents_dropped, page.counter("engine.intents_dropped"));
  mirror_.add(counters_.commands, page.counter("engine.commands"));
  mirror_.add(counters_.commands_refused, page.counter("engine.commands_refused"));
  mirror_.add(side_exit_.lost(), page.counter("engine.records_lost"));
  const strategy::Counters& strategy = strategy_.counters();
  mirror_.add(strategy.calls, page.counter("strategy.calls"));
  mirror_.add(strategy.intents, page.counter("strategy.intents"));
  mirror_.add(strategy.overflows, page.counter("strategy.overflows"));
  mirror_.add(strategy.foreign_locates, page.counter("strategy.foreign_locates"));
}

void Street::mirror_feed(telemetry::CounterPage& page) {
  for (std::size_t i = 0; i < nic::kStripCauses; ++i) {
    const auto cause = static_cast<nic::Strip>(i);
    mirror_.add(datagrams_.counts().of(cause),
                page.counter("nic.strip." + std::string{event::name_of(cause)}));
  }
  mirror_lines(page);
  const feed::SequencerCounters& line = sequenced_;
  mirror_.add(line.packets, page.counter("feed.packets"));
  mirror_.add(line.messages, page.counter("feed.messages"));
  mirror_.add(line.duplicates, page.counter("feed.duplicates"));
  mirror_.add(line.duplicate_messages, page.counter("feed.duplicate_messages"));
  mirror_.add(line.overlaps, page.counter("feed.overlaps"));
  mirror_.add(line.gaps, page.counter("feed.gaps"));
  mirror_.add(line.gaps_filled, page.counter("feed.gaps_filled"));
  mirror_.add(line.held_packets, page.counter("feed.held_packets"));
  mirror_.add(line.missing_messages, page.counter("feed.missing_messages"));
  mirror_.add(line.heartbeats, page.counter("feed.heartbeats"));
  mirror_.add(line.ends_of_session, page.counter("feed.ends_of_session"));
  mirror_.add(line.session_changes, page.counter("feed.session_changes"));
  mirror_.add(line.malformed, page.counter("feed.malformed"));
  const book::Counters& books = books_.counters();
  mirror_.add(books.unknown_orders, page.counter("book.unknown_orders"));
  mirror_.add(books.duplicate_orders, page.counter("book.duplicate_orders"));
  mirror_.add(books.inconsistencies, page.counter("book.inconsistencies"));
  mirror_.add(books.out_of_memory, page.counter("book.out_of_memory"));
  mirror_.add(books.locates_beyond_limit, page.counter("book.locates_beyond_limit"));
  mirror_.add(books.crossed, page.counter("book.crossed"));
}

void Street::mirror_lines(telemetry::CounterPage& page) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const std::string line = line_counters(i);
    lines_[i] = {.packets = page.counter(line + "packets"),
                 .messages = page.counter(line + "messages"),
                 .won = page.counter(line + "won"),
                 .duplicates = page.counter(line + "duplicates"),
                 .lost = page.counter(line + "lost"),
                 .malformed = page.counter(line + "malformed")};
  }
}

void Street::publish_lines() noexcept {
  sequenced_ = sequencer_.counters();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const feed::LineHealth& health = sequencer_.line(static_cast<feed::LineNumber>(i));
    lines_[i].packets.set(health.packets);
    lines_[i].messages.set(health.messages());
    lines_[i].won.set(health.won());
    lines_[i].duplicates.set(health.duplicates);
    lines_[i].lost.set(health.lost());
    lines_[i].malformed.set(health.malformed);
  }
}

void Street::mirror_orders(telemetry::CounterPage& page) {
  mirror_.add(gate_.approved(), page.counter("risk.approved"));
  mirror_.add(gate_.cancels(), page.counter("risk.cancels"));
  mirror_.add(gate_.rejected(), page.counter("risk.rejected_by_gate"));
  mirror_.add(gate_.broken_invariants(), page.counter("risk.broken_invariants"));
  for (const risk::ControlDescription& control : risk::kControls) {
    if (control.implemented)
      mirror_.add(gate_.rejects()[control.number],
                  page.counter("risk.rejected." + std::string{control.name}));
  }
  const order::OrderCounters& orders = orders_.counters();
  mirror_.add(orders.orders_sent, page.counter("order.orders_sent"));
  mirror_.add(orders.cancels_sent, page.counter("order.cancels_sent"));
  mirror_.add(orders.refused, page.counter("order.refused"));
  mirror_.add(orders.acknowledged, page.counter("order.acknowledged"));
  mirror_.add(orders.rejected, page.counter("order.rejected"));
  mirror_.add(orders.executions, page.counter("order.orders_filled"));
  mirror_.add(orders.executed_quantity, page.counter("order.shares_filled"));
  mirror_.add(orders.canceled, page.counter("order.canceled"));
  mirror_.add(orders.broken_trades, page.counter("order.broken_trades"));
  mirror_.add(orders.lost, page.counter("order.lost"));
  mirror_.add(orders.unknown_orders, page.counter("order.unknown_orders"));
  mirror_.add(orders.malformed, page.counter("order.malformed"));
  mirror_.add(orders.late, page.counter("order.late"));
  mirror_.add(orders.broken_invariants, page.counter("order.broken_invariants"));
  mirror_.add(orders.sequence_breaks, page.counter("order.sequence_breaks"));
  mirror_.add(orders.outlived_connections, page.counter("order.outlived_connections"));
}

void Street::mirror_card(const CardFeed& card, telemetry::CounterPage& page) {
  page.begin_group();
  const CardFeedCounters& own = card.counters();
  mirror_.add(own.records, page.counter("card.records"));
  mirror_.add(own.records_lost, page.counter("card.records_lost"));
  mirror_.add(own.short_messages, page.counter("card.short_messages"));
  mirror_.add(own.driven_events, page.counter("card.events_used"));
  mirror_.add(own.lent, page.counter("card.lent"));
  const FeedComparison::Counters& compared = card.compared();
  mirror_.add(compared.events[0], page.counter("card.software_events"));
  mirror_.add(compared.events[1], page.counter("card.events"));
  mirror_.add(compared.same, page.counter("card.same"));
  mirror_.add(compared.different, page.counter("card.different"));
}

void Street::mirror_wire(const order::HotEndCounters& own, telemetry::CounterPage& page) {
  page.begin_group();
  mirror_.add(own.packets_hot, page.counter("order.hot.packets"));
  mirror_.add(own.leases, page.counter("order.hot.leases"));
  mirror_.add(own.leases_void, page.counter("order.hot.leases_void"));
  mirror_.add(own.frames_refused, page.counter("order.hot.frames_refused"));
  for (std::size_t i = 1; i < order::kFallbacks; ++i) {
    const auto why = static_cast<order::Fallback>(i);
    mirror_.add(own.fallbacks[i], page.counter("order.kernel." + std::string{name_of(why)}));
  }
}

void Street::make_gauges(telemetry::CounterPage& page) {
  armed_ = page.gauge("risk.armed");
  killed_ = page.gauge("risk.killed");
  order_ready_ = page.gauge("order.ready");
  open_orders_ = page.gauge("order.open");
  books_stale_ = page.gauge("book.all_stale");
  log_lost_ = page.gauge("engine.log_lost");
  for (const RollEntry& entry : roll_.entries()) {
    if (!entry.traded) continue;
    const std::string symbol = text_of(entry.symbol);
    symbols_.push_back({.entry = &entry,
                        .locate = page.gauge("locate." + symbol),
                        .position = page.gauge("position." + symbol),
                        .cash_e4 = page.gauge("cash_e4." + symbol),
                        .mark_e4 = page.gauge("mark_e4." + symbol),
                        .doubts = page.gauge("doubts." + symbol)});
  }
}

void Street::publish() noexcept {
  publish_lines();
  mirror_.publish();
  armed_.set(gate_.armed() ? 1 : 0);
  killed_.set(gate_.killed() ? 1 : 0);
  order_ready_.set(orders_.ready() ? 1 : 0);
  open_orders_.set(static_cast<std::int64_t>(orders_.open_count()));
  books_stale_.set(books_.all_stale() ? 1 : 0);
  log_lost_.set(static_cast<std::int64_t>(log_.lost()));
  for (SymbolGauges& symbol : symbols_) {
    if (!symbol.entry->listed) continue;
    const std::uint16_t locate = symbol.entry->locate;
    const book::Top& top = books_.top(locate);
    // The middle where there are two sides, else the last trade: what a holding is worth.
    const bool two_sided = top.bid_quantity > 0 && top.ask_quantity > 0;
    const std::uint64_t sum = std::uint64_t{top.bid_price_e4} + top.ask_price_e4;
    const std::uint64_t mark_e4 = two_sided ? sum / 2 : top.last_price_e4;
    symbol.locate.set(locate);
    symbol.position.set(gate_.position(locate));
    symbol.cash_e4.set(static_cast<std::int64_t>(gate_.exposure(locate).cash_e4()));
    symbol.mark_e4.set(static_cast<std::int64_t>(mark_e4));
    symbol.doubts.set(orders_.doubts_of(locate));
  }
}

}  // namespace ridley::engine
