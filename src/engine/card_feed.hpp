// SPDX-License-Identifier: Apache-2.0
// In: the card's ring, the events of the software's decoder, orders of the control core. Out: which
// of the two the street follows, and the events that it has not followed yet. Hot core, but for
// what is atomic.
//
// Both decode the same feed. The one that drives is acted on; the other is compared with it, event
// by event. The card begins as a shadow and drives after so many equal events. When it differs,
// hangs or loses a record, the software drives on from the last event that was acted on: what it
// has said meanwhile is still in the comparison's window.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "card/event_ring.hpp"
#include "engine/feed_comparison.hpp"
#include "feed/blocks.hpp"
#include "telemetry/hdr_histogram.hpp"

namespace ridley::engine {

// In one turn: as many as a burst of frames brings on a busy day, so that orders do not wait.
inline constexpr std::size_t kCardRecordsPerTurnMax = 256;

enum class CardState : std::uint8_t {
  Shadow,  // compared, not acted on
  Drives,
  Refused,  // it differed, hung or lost records; not used again before a new start
  None,     // there is no card, or it was taken away
};

// Why the card no longer drives, or never will.
enum class CardFault : std::uint8_t {
  None,
  Different,
  Hung,
  LostRecords,
  Missing,   // one of both said an event that the other one has left out
  Replaced,  // by the operator: no fault of its own
};

// What happens when a card that drives must not any more.
[[nodiscard]] constexpr std::string_view name_of(CardState state) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"shadow", "in_use", "refused", "none"};
  return kNames[static_cast<std::size_t>(state)];
}
[[nodiscard]] constexpr std::string_view name_of(CardFault fault) noexcept {
  constexpr std::array<std::string_view, 6> kNames{"none",         "different", "hung",
                                                   "lost_records", "missing",   "replaced"};
  return kNames[static_cast<std::size_t>(fault)];
}

enum class CardPolicy : std::uint8_t {
  Software,  // the software's events are acted on, the appliance stays armed
  Disarm,    // the same, and no order leaves before an operator arms again
};

// Of CardFeed::allow: it stays a shadow.
inline constexpr std::uint64_t kNeverDrives = ~0ULL;

struct CardFeedSettings {
  bool may_drive = false;                // else it stays a shadow
  std::uint64_t shadow_messages = 1000;  // equal events before it drives
  CardPolicy policy = CardPolicy::Software;
  bool every_instrument = false;  // the card says all that the software says
};

struct CardFeedCounters {
  std::uint64_t records = 0;
  std::uint64_t records_lost = 0;  // times that the card found no room
  std::uint64_t short_messages = 0;
  std::uint64_t driven_events = 0;  // the card's, acted on
  std::uint64_t lent = 0;           // times that the software made up for what the card missed
};

// What both have said of one message, by source.
using Difference = std::array<event::MarketEvent, kSources>;

class CardFeed {
 public:
  CardFeed(std::span<FeedComparison::Slot> window, const CardFeedSettings& settings,
           telemetry::HopHistogram& latency_cycles) noexcept
      : settings_{settings},
        comparison_{window},
        latency_cycles_{latency_cycles},
        equal_events_{settings.may_drive ? settings.shadow_messages : kNeverDrives} {}

  // Whether there is a ring to read: the one that was offered last. A card begins as a shadow.
  [[nodiscard]] bool has_ring() noexcept {
    // Acquire: the ring is whole when it is seen.
    if (card::EventRing* ring = offered_.load(std::memory_order_acquire)) [[unlikely]]
      begin(*ring);
    return ring_ != nullptr;
  }
  [[nodiscard]] card::EventRing& ring() noexcept { return *ring_; }
  // Whether a card that no longer drives takes the orders along.
  [[nodiscard]] bool disarms() const noexcept {
    return settings_.policy == CardPolicy::Disarm && fault() != CardFault::Replaced;
  }

  // Which source is acted on.
  [[nodiscard]] Source driver() const noexcept { return driver_; }

  // Whether the street acts on the event now.
  [[nodiscard]] bool hear(Source source, const event::MarketEvent& event) noexcept {
    const Compared compared = comparison_.put(source, event);
    if (compared == Compared::Different) [[unlikely]]
      on_difference(source, event);
    if (leaves_out(source, event.sequence) ||
        (compared == Compared::First && was_left_out(other(source), event.sequence)))
      find(CardFault::Missing);
    const auto which = static_cast<std::size_t>(source);
    std::uint64_t& heard = heard_[which];
    if (heard == 0) begins_[which] = event.sequence;
    heard = std::max(heard, event.sequence);
    if (source != driver_ || event.sequence <= acted_on_) return false;
    acted_on_ = event.sequence;
    counters_.driven_events += source == Source::Card ? 1 : 0;
    return true;
  }

  // The source is missing everything up to that number.
  void hear_gap(Source source, std::uint64_t behind) noexcept {
    gap_ends_[static_cast<std::size_t>(source)] = behind;
  }

  // The card drives and misses messages, which the software has, or will have from another line or
  // from a server: it drives until it is beyond them. What it has said already is taken with
  // take_ahead.
  void lend() noexcept {
    if (driver_ != Source::Card) return;
    driver_ = Source::Software;
    lent_ = true;
    ++counters_.lent;
  }
  [[nodiscard]] bool lent() const noexcept { return lent_; }
  // There are messages that the card has told of and nobody has acted on.
  [[nodiscard]] bool waits() const noexcept {
    return lent_ && acted_on_ < gap_ends_[static_cast<std::size_t>(Source::Card)];
  }
  // The books are those before that message, whoever has been acted on.
  void restart_before(std::uint64_t sequence) noexcept { acted_on_ = sequence - 1; }

  void hear_session(Source source) noexcept {
    const auto which = static_cast<std::size_t>(source);
    comparison_.begin_session(source);
    heard_[which] = gap_ends_[which] = 0;
    if (source == driver_) acted_on_ = 0;
  }

  void hear_record(const card::Record& record) noexcept {
    ++counters_.records;
    latency_cycles_.record(record.latency_cycles());
    if (!record.lost_before()) return;
    ++counters_.records_lost;
    find(CardFault::LostRecords);
  }
  void hear_short_message() noexcept { ++counters_.short_messages; }

  // Once a turn: whether the driver should be another one from now on. whole: the books have all
  // that the software has heard of.
  [[nodiscard]] bool wants_change(bool whole = true) noexcept {
    // Relaxed: the flag guards nothing but itself. Another card in its place: this one has gone.
    if (hung_.load(std::memory_order_relaxed) ||
        ((driver_ == Source::Card || lent_) && offered_.load(std::memory_order_relaxed) != nullptr))
      find(replaced_.load(std::memory_order_relaxed) ? CardFault::Replaced : CardFault::Hung);
    if (fault() != CardFault::None) {
      const bool drove = driver_ == Source::Card || lent_;
      state_.store(CardState::Refused, std::memory_order_relaxed);
      return drove;
    }
    if (lent_) return whole && !waits();
    return driver_ == Source::Software && ring_ != nullptr && ring_->records() != 0 &&
           comparison_.counters().same - same_before_ >=
               equal_events_.load(std::memory_order_relaxed);
  }

  // Makes the other source the driver. The events that it is ahead of what was acted on are then
  // taken with take_ahead, before any other. False when some of them are missing.
  [[nodiscard]] bool change() noexcept {
    driver_ = fault() != CardFault::None ? Source::Software : other(driver_);
    lent_ = false;
    if (driver_ == Source::Card) state_.store(CardState::Drives, std::memory_order_relaxed);
    const std::size_t which = static_cast<std::size_t>(driver_);
    const std::uint64_t ahead = heard_[which] > acted_on_ ? heard_[which] - acted_on_ : 0;
    return ahead <= comparison_.window() && gap_ends_[which] <= acted_on_;
  }

  [[nodiscard]] bool take_ahead(event::MarketEvent& event) noexcept {
    while (acted_on_ < heard_[static_cast<std::size_t>(driver_)]) {
      if (comparison_.find(driver_, ++acted_on_, event)) return true;
    }
    return false;
  }

  [[nodiscard]] const CardFeedCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const FeedComparison::Counters& compared() const noexcept {
    return comparison_.counters();
  }

  // Any thread.
  // Acquire: who sees that they differ can take what differs.
  [[nodiscard]] CardFault fault() const noexcept { return fault_.load(std::memory_order_acquire); }
  [[nodiscard]] CardState state() const noexcept { return state_.load(std::memory_order_relaxed); }

  // One other thread at a time: the first difference since the last one was taken.
  [[nodiscard]] bool take_difference(Difference& difference) noexcept {
    // Acquire: both events are whole. Release: they may be written over.
    if (!difference_waits_.load(std::memory_order_acquire)) return false;
    difference = difference_;
    difference_waits_.store(false, std::memory_order_release);
    return true;
  }

  void tell_hung() noexcept { hung_.store(true, std::memory_order_relaxed); }

  // How many events must be equal from the beginning of this card on before it drives.
  void allow(std::uint64_t equal_events) noexcept {
    equal_events_.store(equal_events, std::memory_order_relaxed);
  }

  // The control core: the ring of a card that was started. The one before is no longer read once
  // this one was taken.
  void offer(card::EventRing& ring) noexcept { offered_.store(&ring, std::memory_order_release); }
  // The same, where the card before was taken away in good health. One without records: no card.
  void replace(card::EventRing& ring) noexcept {
    replaced_.store(true, std::memory_order_relaxed);
    offer(ring);
  }
  [[nodiscard]] bool was_taken() const noexcept {
    return offered_.load(std::memory_order_acquire) == nullptr;
  }

 private:
  // The first one counts.
  void find(CardFault fault) noexcept {
    // Release: see fault().
    if (this->fault() == CardFault::None) fault_.store(fault, std::memory_order_release);
  }

  // Copied here, told by whoever takes it.
  void on_difference(Source source, const event::MarketEvent& event) noexcept {
    // Acquire: the one before was read to its end.
    if (!difference_waits_.load(std::memory_order_acquire)) {
      event::MarketEvent& others = difference_[static_cast<std::size_t>(other(source))];
      difference_[static_cast<std::size_t>(source)] = event;
      (void)comparison_.find(other(source), event.sequence, others);
      // Release: both are whole.
      difference_waits_.store(true, std::memory_order_release);
    }
    find(CardFault::Different);
  }

  // The source goes beyond what the other one has said and it has not. A gap is not left out.
  [[nodiscard]] bool leaves_out(Source source, std::uint64_t sequence) const noexcept {
    const auto which = static_cast<std::size_t>(source);
    if (!settings_.every_instrument || heard_[which] == 0 || !comparison_.same_session())
      return false;
    std::uint64_t at = std::max(heard_[which], gap_ends_[which]) + 1;
    if (at >= sequence) [[likely]]
      return false;
    // What is further away than the window is no longer known.
    if (sequence - at > comparison_.window()) at = sequence - comparison_.window();
    event::MarketEvent said;
    for (; at < sequence; ++at)
      if (comparison_.find(other(source), at, said)) return true;
    return false;
  }
  // The source was beyond that event without having said it.
  [[nodiscard]] bool was_left_out(Source source, std::uint64_t sequence) const noexcept {
    const auto which = static_cast<std::size_t>(source);
    return settings_.every_instrument && comparison_.same_session() && sequence < heard_[which] &&
           sequence > begins_[which] && sequence > gap_ends_[which] &&
           heard_[which] - sequence < comparison_.window();
  }

  void begin(card::EventRing& ring) noexcept {
    ring_ = &ring;
    fault_.store(CardFault::None, std::memory_order_relaxed);
    same_before_ = comparison_.counters().same;
    comparison_.begin_anew(Source::Card);
    heard_[static_cast<std::size_t>(Source::Card)] = 0;
    gap_ends_[static_cast<std::size_t>(Source::Card)] = 0;
    hung_.store(false, std::memory_order_relaxed);
    replaced_.store(false, std::memory_order_relaxed);
    state_.store(ring.records() == 0 ? CardState::None : CardState::Shadow,
                 std::memory_order_relaxed);
    // Release: the ring before it is not looked at any more.
    offered_.store(nullptr, std::memory_order_release);
  }

  CardFeedSettings settings_;
  FeedComparison comparison_;
  telemetry::HopHistogram& latency_cycles_;
  Source driver_ = Source::Software;
  bool lent_ = false;                               // to the software, by a card in good health
  std::uint64_t acted_on_ = 0;                      // the last event's number
  std::array<std::uint64_t, kSources> heard_{};     // the highest number of each
  std::array<std::uint64_t, kSources> begins_{};    // the first number of each
  std::array<std::uint64_t, kSources> gap_ends_{};  // up to there something is missing
  std::uint64_t same_before_ = 0;                   // this card began
  card::EventRing* ring_ = nullptr;
  CardFeedCounters counters_;
  std::atomic<card::EventRing*> offered_{nullptr};
  std::atomic<CardFault> fault_{CardFault::None};
  std::atomic<CardState> state_{CardState::None};
  std::atomic<std::uint64_t> equal_events_;
  std::atomic<bool> hung_{false};
  std::atomic<bool> replaced_{false};
  Difference difference_{};
  std::atomic<bool> difference_waits_{false};
};

// Whether there is a card is known when the loop begins; without one nothing of it is compiled.
struct NoCard {
  static constexpr bool kIsThere = false;
};
struct WithCard {
  static constexpr bool kIsThere = true;
  CardFeed& feed;
};

// As the sequencer would say it; the messages come as events.
[[nodiscard]] inline feed::Arrived arrived_of(const card::CardPacket& packet) noexcept {
  return {.arrival = static_cast<feed::Arrival>(packet.arrival),
          .count = packet.count,
          .unit = 0,
          .blocks = {},
          .first_sequence = packet.first_sequence,
          .missing_from = packet.missing_from,
          .missing_count = packet.missing_count};
}

// In the card's own time.
[[nodiscard]] inline event::Timestamp stamp_of(const card::CardPacket& packet) noexcept {
  return {.ns = packet.stamp_ns,
          .error_ns = ~0U,
          .source = event::TimeSource::Card,
          .domain = event::ClockDomain::Nic,
          .reserved = 0};
}

}  // namespace ridley::engine
