// SPDX-License-Identifier: Apache-2.0
// In: what the sequencer says of each packet. Out: messages in sequence for the street, each once.
// While messages are missing every book is stale; they come from another line, or as they were
// asked for again; and what is lost for good comes with a snapshot's books. The pipeline's
// entrance: a base of it, so that nothing lies between them. Hot core.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/behind.hpp"
#include "engine/listing.hpp"
#include "engine/lookahead.hpp"
#include "engine/notes.hpp"
#include "engine/recovery_end.hpp"
#include "engine/rooms.hpp"
#include "feed/blocks.hpp"

namespace ridley::engine {

// What the street does with it: on_plain(arrived) and on_unusual(arrived) hear of a packet before
// its messages, on_message(message) of each message, on_missing(arrived) of those that will not
// come, on_books_before(number) of books from elsewhere, withdraw() that orders rest on what may be
// wrong, on_market_state() that everything is right again. card_waits() says whether others know of
// more.
template <typename Street>
class Intake {
 protected:
  explicit Intake(const Rooms& rooms) noexcept : rooms_{rooms}, recovery_{rooms.recovery} {}

  [[gnu::always_inline]] void take(const feed::Arrived& arrived) noexcept {
    const bool plain =
        arrived.arrival == feed::Arrival::InOrder && arrived.ahead == feed::Ahead::Nothing;
    if (!plain) [[unlikely]]
      return take_unusual(arrived);
    street().on_plain(arrived);
    deliver(arrived);
  }

  // Once a turn.
  void look_for_repairs() noexcept {
    if (recovery_.has_turn(behind_.now())) [[unlikely]]
      take_recovery();
  }

  // Now and then.
  void look_at_time() noexcept {
    switch (behind_.due(now_ns_, rooms_.hold_ns)) {
      case Behind::Due::Nothing: return;
      case Behind::Due::GiveUp: return take_repair(rooms_.sequencer.give_up());
      case Behind::Due::Tell: break;
    }
    note<Note::FeedBehind>(behind_.missing_from(), rooms_.sequencer.missing_end() - 1);
    street().withdraw();
  }

  // The books lack messages that will not come.
  void lose() noexcept {
    rooms_.books.mark_all_stale();
    recovery_.break_off();
    lost_ = true;
    tell_missing();
  }

  void begin_session() noexcept {
    recovery_.break_off();
    lost_ = false;
    rooms_.books.restart();
  }

  // From the first missing message until its repair no order is decided on any book.
  void look_for_missing() noexcept {
    const std::uint64_t next = rooms_.sequencer.next_sequence();
    const bool missing = rooms_.sequencer.missing_end() > next || street().card_waits();
    const Behind::Turn turn = behind_.look(missing, next, now_ns_);
    tell_missing();
    if (turn == Behind::Turn::None) return;
    rooms_.books.set_behind(missing);
    if (missing) return;
    if (behind_.take_told()) note<Note::FeedWhole>(next);
    street().on_market_state();
  }

  [[nodiscard]] bool is_behind() const noexcept { return behind_.now(); }
  // The books have all that was heard of on the lines, and all before it.
  [[nodiscard]] bool is_whole() const noexcept {
    return !lost_ && rooms_.sequencer.missing_end() == rooms_.sequencer.next_sequence();
  }

  // For the operator to read afterwards.
  template <Note kNote, typename... Arguments>
  void note(Arguments... arguments) noexcept {
    rooms_.log.template write<kNote>(now_ns_, arguments...);
  }

  Rooms rooms_;
  std::uint64_t now_ns_ = 0;

 private:
  Street& street() noexcept { return static_cast<Street&>(*this); }

  // Late, early or not to be read; and what was held until this came.
  [[gnu::noinline]] void take_unusual(const feed::Arrived& arrived) noexcept {
    street().on_unusual(arrived);
    if (const feed::Late late = rooms_.sequencer.take_late(); late.line != feed::Late::kNone)
      rooms_.late.record(late);
    deliver_seldom(arrived);
    // Of two lines, one brings nearly nothing else than this.
    if (arrived.ahead == feed::Ahead::Nothing && !behind_.now()) return;
    take_held(arrived.ahead);
  }

  void take_held(feed::Ahead ahead) noexcept {
    while (ahead == feed::Ahead::Ready) {
      const feed::Arrived held = rooms_.sequencer.release();
      deliver_seldom(held);
      ahead = held.ahead;
    }
    look_for_missing();
  }

  // One copy of all that follows, for what is not the next packet.
  [[gnu::noinline]] void deliver_seldom(const feed::Arrived& arrived) noexcept {
    if (arrived.count != 0) deliver(arrived);
  }

  [[gnu::always_inline]] void deliver(const feed::Arrived& arrived) noexcept {
    if (recovery_.taps()) [[unlikely]]
      recovery_.tap(rooms_.sequencer.session(), arrived);
    lookahead_.deliver(feed::Blocks{arrived}, rooms_.books,
                       [this](const DecodedMessage& message) { street().on_message(message); });
  }

  void tell_missing() noexcept {
    const bool behind = behind_.now();
    recovery_.tell({.session = rooms_.sequencer.session(),
                    .from = behind ? rooms_.sequencer.next_sequence() : 0,
                    .end = behind ? rooms_.sequencer.missing_end() : 0,
                    .lost = lost_});
  }

  [[gnu::noinline]] void take_recovery() noexcept {
    recovery_.tell_again();
    for (std::size_t i = 0; i < kRepairsMax; ++i) {
      if (!recovery_.take_repair(rooms_.sequencer.session(), repair_)) break;
      if (repair_.bytes != 0)
        take_repair(rooms_.sequencer.accept(repair_.span(), feed::kRepairLine));
      else if (behind_.now() && repair_.from == rooms_.sequencer.next_sequence())
        take_repair(rooms_.sequencer.give_up());
    }
    const SnapshotTurn turn = recovery_.turn();
    if (turn == SnapshotTurn::Wanted)
      recovery_.begin_tapping(rooms_.sequencer.session(), rooms_.sequencer.next_sequence());
    if (turn == SnapshotTurn::Offered) take_snapshot();
    if (turn == SnapshotTurn::Enough) recovery_.end_tapping();
  }

  // As from a line, but it says nothing about the lines.
  void take_repair(const feed::Arrived& arrived) noexcept {
    if (arrived.missing_count > 0) street().on_missing(arrived);
    deliver_seldom(arrived);
    take_held(arrived.ahead);
  }

  // The snapshot's books miss nothing that was delivered.
  void take_snapshot() noexcept {
    recovery_.take_books(rooms_.books);
    street().on_books_before(rooms_.sequencer.next_sequence());
    rooms_.books.set_behind(behind_.now());
    for (const event::MarketEvent& event : recovery_.directory()) list(rooms_, event);
    lost_ = rooms_.books.lost();
    tell_missing();
    recovery_.give_back();
    note<Note::FeedRecovered>(rooms_.sequencer.next_sequence());
    if (!rooms_.books.all_stale()) street().on_market_state();
  }

  RecoveryEnd recovery_;
  Lookahead lookahead_;
  Behind behind_;
  Packet repair_{};
  bool lost_ = false;
};

}  // namespace ridley::engine
