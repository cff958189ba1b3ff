// SPDX-License-Identifier: Apache-2.0
// In: snapshots of CME MDP 3.0, by price and by order. Out: the events that make an instrument's
// books anew, between snapshot_begin and snapshot_end, with its state and its figures of the day; a
// snapshot of orders that came in chunks is told when it is whole, in the order of priority. Memory
// is taken at construction. Runs where the events are taken, off the hot core's usual way.
// Source: MDP 3.0, section 3 "52", "53" and section 6 "Recovery".
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/arena.hpp"
#include "feed/mdp_decoder.hpp"

namespace ridley::feed {

// The busiest future had 13,598 resting orders in 2024; this is nine times that. 32 bytes each.
inline constexpr std::uint32_t kMdpSnapshotOrdersMax = 1U << 17;

// Collects the orders of one instrument: their messages follow each other.
class MdpOrderCollector {
 public:
  struct Order {
    std::uint64_t id;
    std::uint64_t priority;
    std::int64_t price_e9;
    std::int32_t quantity;
    event::Side side;
  };

  // Cold. Throws base::Error where there is no memory.
  explicit MdpOrderCollector(std::uint32_t orders_max = kMdpSnapshotOrdersMax)
      : arena_{base::Arena::bytes_for<Order>(orders_max)},
        orders_{arena_.array<Order>(orders_max)} {}

  // True with the last chunk: orders() are all of the instrument then. Chunks that do not follow
  // each other, or are of different packets of the live feed, are none.
  [[nodiscard]] bool add(const wire::mdp3::SnapshotFullRefreshOrderBook& chunk) noexcept {
    const bool begins = chunk.current_chunk() <= 1;
    if (begins) {
      security_id_ = chunk.security_id();
      last_sequence_ = chunk.last_message_sequence();
      next_chunk_ = 1;
      count_ = 0;
    }
    const bool follows = next_chunk_ != 0 && security_id_ == chunk.security_id() &&
                         last_sequence_ == chunk.last_message_sequence() &&
                         next_chunk_ == std::max(chunk.current_chunk(), 1U);
    const auto entries = chunk.orders();
    if (!follows || entries.size() > orders_.size() - count_) {
      next_chunk_ = 0;
      ++abandoned_;
      return false;
    }
    ++next_chunk_;
    for (const wire::mdp3::SnapshotOrderEntry& entry : entries) {
      orders_[count_++] = {.id = entry.order_id(),
                           .priority = entry.order_priority(),
                           .price_e9 = entry.price(),
                           .quantity = entry.display_quantity(),
                           .side = mdp_order_side(entry.entry_type())};
    }
    if (chunk.current_chunk() < chunk.chunks()) return false;
    next_chunk_ = 0;
    return true;
  }

  // The earliest first.
  [[nodiscard]] std::span<const Order> by_priority() noexcept {
    const std::span<Order> all = orders_.first(count_);
    std::ranges::sort(all, [](const Order& one, const Order& other) {
      return one.priority != other.priority ? one.priority < other.priority : one.id < other.id;
    });
    return all;
  }
  // Snapshots that were not whole.
  [[nodiscard]] std::uint64_t abandoned() const noexcept { return abandoned_; }

 private:
  base::Arena arena_;
  std::span<Order> orders_;
  std::uint32_t count_ = 0;
  std::uint32_t next_chunk_ = 0;  // 0: nothing is being collected
  std::int32_t security_id_ = 0;
  std::uint32_t last_sequence_ = 0;
  std::uint64_t abandoned_ = 0;
};

// Tells events of one snapshot.
template <EventSink Sink>
class MdpSnapshotTeller {
 public:
  MdpSnapshotTeller(MdpDecoder& decoder, MdpInstrument& instrument, const MdpPlace& place,
                    Sink& sink) noexcept
      : decoder_{decoder}, instrument_{instrument}, place_{place}, sink_{sink} {}

  void tell(const wire::mdp3::SnapshotFullRefresh& message) noexcept {
    const std::uint32_t last = message.last_message_sequence();
    const std::uint32_t own = message.rpt_seq();
    const auto entries = message.entries();
    bool implied = instrument_.implied_told;
    for (const wire::mdp3::SnapshotEntry& entry : entries)
      implied |= mdp_side(entry.entry_type()).implied;
    const std::uint16_t locate = instrument_.locate;
    const std::uint16_t beside = implied ? decoder_.locate_of(instrument_, true, place_, sink_) : 0;
    bound(Kind::SnapshotBegin, locate, last, own, message.total_reports());
    if (implied) bound(Kind::SnapshotBegin, beside, last, own, message.total_reports());
    for (const wire::mdp3::SnapshotEntry& entry : entries) tell(entry, own);
    bound(Kind::SnapshotEnd, locate, last, own, message.total_reports());
    if (implied) bound(Kind::SnapshotEnd, beside, last, own, message.total_reports());
    if (unfit_) doubt(locate);
    if (unfit_ && implied) doubt(beside);
    tell_state(message.security_trading_status());
    Event limits = event_of(Kind::PriceLimits, locate);
    limits.limits.lower_price_e4 = price_or_none(message.low_limit_price());
    limits.limits.upper_price_e4 = price_or_none(message.high_limit_price());
    limits.limits.variation_e4 = price_or_none(message.max_price_variation());
    sink_(std::as_const(limits));
  }

  void tell(const wire::mdp3::SnapshotFullRefreshOrderBook& message,
            std::span<const MdpOrderCollector::Order> orders) noexcept {
    const std::uint32_t last = message.last_message_sequence();
    bound(Kind::SnapshotBegin, instrument_.locate, last, 0, message.total_reports());
    bool all_fit = true;
    for (const MdpOrderCollector::Order& order : orders) {
      const Price price = mdp_price(instrument_, order.price_e9);
      const bool makes_sense = order.quantity > 0 && order.side != event::Side::None;
      all_fit &= price.fits && makes_sense;
      if (!makes_sense) continue;
      Event event = event_of(Kind::AddOrder, instrument_.locate);
      event.flags |= event::kIncomplete;
      event.side = order.side;
      event.add.order_id = order.id;
      event.add.quantity = static_cast<std::uint32_t>(order.quantity);
      event.add.price_e4 = price.e4;
      event.add.symbol = symbol_of_security(instrument_.security_id);
      event.add.attribution = kBlank4;
      sink_(std::as_const(event));
    }
    bound(Kind::SnapshotEnd, instrument_.locate, last, 0, message.total_reports());
    if (!all_fit) doubt(instrument_.locate);
  }

 private:
  using Event = event::MarketEvent;
  using Kind = event::EventKind;

  [[nodiscard]] Event event_of(Kind kind, std::uint16_t locate) const noexcept {
    Event event = decoder_.event_of(kind, locate, place_);
    event.flags |= event::kRecovered;
    return event;
  }
  // The end is that of an event as well: the book is what it was then.
  void bound(Kind kind, std::uint16_t locate, std::uint32_t last, std::uint32_t own,
             std::uint32_t instruments) noexcept {
    Event event = event_of(kind, locate);
    event.snapshot.last_sequence = last;
    event.snapshot.instrument_sequence = own;
    event.snapshot.instruments = instruments;
    sink_(std::as_const(event));
    if (kind == Kind::SnapshotEnd) sink_(event_of(Kind::EventEnd, locate));
  }
  void doubt(std::uint16_t locate) noexcept {
    sink_(doubt_of(
        {.unit = 0, .from = place_.sequence, .count = 0, .reason = event::DoubtReason::Range},
        locate));
  }
  [[nodiscard]] std::uint32_t price_or_none(std::int64_t price_e9) const noexcept {
    const Price price = mdp_price(instrument_, price_e9);
    return price.fits ? price.e4 : 0;
  }

  void tell(const wire::mdp3::SnapshotEntry& entry, std::uint32_t own) noexcept {
    const MdpSide side = mdp_side(entry.entry_type());
    if (side.side == event::Side::None) return tell_figure(entry);
    const std::uint16_t locate =
        side.implied ? implied_locate(instrument_.locate) : instrument_.locate;
    const Price price = mdp_price(instrument_, entry.price());
    if (!price.fits || entry.size() <= 0) {
      unfit_ = true;
      return;
    }
    Event event = event_of(Kind::PriceLevel, locate);
    event.flags |= event::kIncomplete;
    if (side.implied) event.flags |= event::kImplied;
    event.side = side.side;
    event.level.quantity = static_cast<std::uint32_t>(entry.size());
    event.level.orders = mdp_count(entry.has_number_of_orders(), entry.number_of_orders());
    event.level.price_e4 = price.e4;
    event.level.instrument_sequence = own;
    event.level.position = static_cast<std::uint8_t>(entry.price_level());
    event.level.action = event::LevelAction::Set;
    sink_(std::as_const(event));
  }

  void tell_figure(const wire::mdp3::SnapshotEntry& entry) noexcept {
    if (entry.entry_type() == kMdpBookReset) return;
    Event event = event_of(Kind::Statistic, instrument_.locate);
    event.statistic.statistic = mdp_figure(entry.entry_type(), entry.open_close_settlement());
    event.statistic.code = entry.entry_type();
    if (entry.has_price()) event.statistic.price_e4 = price_or_none(entry.price());
    event.statistic.quantity = mdp_count(entry.has_size(), entry.size());
    sink_(std::as_const(event));
  }

  void tell_state(std::uint8_t trading_status) noexcept {
    const MdpState state = mdp_state(trading_status);
    if (!state.changes) return;
    sink_(mdp_state_of(instrument_, state, event_of(Kind::TradingAction, instrument_.locate)));
  }

  MdpDecoder& decoder_;
  MdpInstrument& instrument_;
  MdpPlace place_;
  Sink& sink_;
  bool unfit_ = false;  // a level that no event holds
};

}  // namespace ridley::feed
