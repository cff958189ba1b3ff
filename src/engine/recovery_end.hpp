// SPDX-License-Identifier: Apache-2.0
// In: what the hot core misses and delivers. Out: the hot core's end of a RecoveryLink: packets
// that were asked for again, and books from a snapshot. Hot core; without a link all of it is
// nothing.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/recovery_link.hpp"
#include "wire/mold.hpp"

namespace ridley::engine {

class RecoveryEnd {
 public:
  explicit RecoveryEnd(RecoveryLink* link) noexcept : link_{link} {}

  // Once a turn: whether there may be anything to do.
  [[nodiscard]] bool has_turn(bool behind) const noexcept {
    if (link_ == nullptr) return false;
    // Relaxed: looked at again, with order, by whoever acts on it.
    const auto turn = static_cast<std::uint32_t>(link_->turn.load(std::memory_order_relaxed));
    return behind || untold_ || (turn & 1) != 0;
  }

  void tell(const Missing& missing) noexcept {
    if (link_ == nullptr || missing == told_) return;
    told_ = missing;
    untold_ = true;
    tell_again();
  }

  // Where the ring was full.
  void tell_again() noexcept {
    if (untold_) untold_ = !link_->missing.push(told_);
  }

  // A packet of the session that is read, or one without bytes.
  [[nodiscard]] bool take_repair(const feed::SessionName& session, Packet& packet) noexcept {
    while (link_->repairs.pop(packet)) {
      if (packet.bytes == 0) return true;
      if (!feed::MoldFraming::fits(packet.span())) continue;
      const wire::mold::Header header{packet.payload.data()};
      if (feed::MoldFraming::session(header) == session) return true;
    }
    return false;
  }

  // What is delivered is copied for whoever builds a snapshot.
  [[nodiscard]] bool taps() const noexcept { return tapping_; }

  void tap(const feed::SessionName& session, const feed::Arrived& arrived) noexcept {
    if (arrived.count == 0) return;
    Packet* const packet = link_->taps.claim();
    const std::size_t bytes = wire::mold::Header::kSize + arrived.blocks.size();
    if (packet == nullptr || bytes > packet->payload.size()) return break_off();
    wire::mold::HeaderWriter{packet->payload.data()}
        .session(std::string_view{session.raw().data(), session.raw().size()})
        .sequence_number(arrived.first_sequence)
        .message_count(arrived.count);
    std::memcpy(packet->payload.data() + wire::mold::Header::kSize, arrived.blocks.data(),
                arrived.blocks.size());
    packet->bytes = static_cast<std::uint32_t>(bytes);
    packet->from = arrived.first_sequence;
    link_->taps.publish();
  }

  // Messages are lost that the snapshot would have to have.
  void break_off() noexcept {
    if (!tapping_) return;
    tapping_ = false;
    pass_turn(*link_, SnapshotTurn::Broken);
  }

  // Acquire: what the other side has written is whole.
  [[nodiscard]] SnapshotTurn turn() const noexcept {
    return link_->turn.load(std::memory_order_acquire);
  }

  void begin_tapping(const feed::SessionName& session, std::uint64_t next_sequence) noexcept {
    link_->session = session;
    link_->tapped_from = next_sequence;
    tapping_ = true;
    pass_turn(*link_, SnapshotTurn::Tapped);
  }

  void end_tapping() noexcept {
    tapping_ = false;
    pass_turn(*link_, SnapshotTurn::None);
  }

  // The books are those of the snapshot from here on, with everything that was delivered since, and
  // with what books that were believed know beyond it. Bounded by the ring and by the instruments.
  void take_books(book::Books& books) noexcept {
    while (link_->taps.pop(packet_)) {
      const std::span<const std::byte> bytes = packet_.span();
      const wire::mold::Header header{bytes.data()};
      const feed::Arrived arrived{.arrival = feed::Arrival::InOrder,
                                  .count = header.message_count(),
                                  .blocks = bytes.subspan(wire::mold::Header::kSize),
                                  .first_sequence = header.sequence_number(),
                                  .missing_from = 0,
                                  .missing_count = 0};
      apply_messages(*link_->shadow, feed::Blocks{arrived});
    }
    if (!books.lost()) link_->shadow->keep_from(books);
    books.swap(*link_->shadow);
    tapping_ = false;
  }
  [[nodiscard]] std::span<const event::MarketEvent> directory() const noexcept {
    return link_->directory;
  }
  void give_back() noexcept { pass_turn(*link_, SnapshotTurn::Taken); }

 private:
  RecoveryLink* link_;
  Missing told_{};
  bool untold_ = false;
  bool tapping_ = false;
  Packet packet_{};
};

}  // namespace ridley::engine
