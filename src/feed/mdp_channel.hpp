// SPDX-License-Identifier: Apache-2.0
// In: packets of one CME channel: its incremental feed, from one line or both, and its snapshots.
// Out: market events. After a loss, and where the feed was joined in the middle of the week, every
// book is in doubt until its snapshot: packets are kept meanwhile, and what an instrument's
// snapshot does not have yet is told again behind it. What is in order costs one decoding; one
// thread. Source: MDP 3.0, section 6 "Recovery".
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/arena.hpp"
#include "feed/mdp_decoder.hpp"
#include "feed/mdp_snapshot.hpp"
#include "feed/sequencer.hpp"

namespace ridley::feed {

// Some seconds of the busiest channels; when it is full it begins anew, and older snapshots join no
// more.
inline constexpr std::size_t kMdpKeptBytes = std::size_t{1} << 24;

// Packets in the order of their numbers. Fixed memory.
class MdpKeptPackets {
 public:
  explicit MdpKeptPackets(std::size_t bytes_max)
      : arena_{base::Arena::bytes_for<std::byte>(bytes_max, alignof(Head))},
        bytes_{arena_.array<std::byte>(bytes_max, alignof(Head))} {}

  // False when there is no room.
  [[nodiscard]] bool add(const Block& packet) noexcept {
    const std::size_t wanted = sizeof(Head) + packet.message.size();
    if (wanted > bytes_.size() - used_) return false;
    const Head head{.sequence = packet.sequence, .bytes = packet.message.size()};
    std::memcpy(&bytes_[used_], &head, sizeof head);
    std::memcpy(&bytes_[used_] + sizeof head, packet.message.data(), packet.message.size());
    used_ += wanted;
    return true;
  }
  template <typename Visitor>
  void for_each_after(std::uint64_t sequence, Visitor&& visit) const noexcept {
    for (std::size_t at = 0; at < used_;) {
      Head head;
      std::memcpy(&head, &bytes_[at], sizeof head);
      at += sizeof head;
      if (head.sequence > sequence)
        visit(Block{head.sequence, std::span<const std::byte>{bytes_}.subspan(at, head.bytes)});
      at += head.bytes;
    }
  }
  void clear() noexcept { used_ = 0; }

 private:
  struct Head {
    std::uint64_t sequence;
    std::uint64_t bytes;
  };

  base::Arena arena_;
  std::span<std::byte> bytes_;
  std::size_t used_ = 0;
};

struct MdpChannelOptions {
  SequencerOptions sequencer{};
  HeldPackets held{};  // where what is ahead is held
  MdpView view = MdpView::Levels;
  std::size_t kept_bytes = kMdpKeptBytes;
  std::uint32_t instruments_max = MdpInstruments::kInstrumentsMax;
  std::uint32_t snapshot_orders_max = kMdpSnapshotOrdersMax;
};

struct MdpChannelCounters {
  std::uint64_t joined;     // snapshots that made a book whole
  std::uint64_t too_old;    // snapshots of before the last loss
  std::uint64_t malformed;  // packets of snapshots
  std::uint64_t overflows;  // times the kept packets began anew
};

class MdpChannel {
 public:
  // Cold: takes its memory.
  explicit MdpChannel(const MdpChannelOptions& options)
      : sequencer_{options.sequencer, options.held},
        instruments_{options.instruments_max},
        decoder_{instruments_, options.view},
        collector_{options.view == MdpView::Orders ? options.snapshot_orders_max : 1},
        kept_{options.kept_bytes} {}

  // Of the incremental feed. As Feed::accept.
  template <EventSink Sink, std::invocable OnSession>
  Arrived accept(std::span<const std::byte> udp_payload, Sink&& sink, OnSession&& on_session,
                 LineNumber line = 0, std::uint64_t stamp_ns = 0) noexcept {
    const Arrived arrived = sequencer_.accept(udp_payload, line, stamp_ns);
    if (arrived.arrival == Arrival::SessionChange) {
      decoder_.restart();
      kept_.clear();
      complete_from_ = 1;
      begun_ = true;
      on_session();
    }
    deliver(arrived, sink);
    return arrived;
  }
  // As Feed::finish.
  template <EventSink Sink>
  void finish(Sink&& sink) noexcept {
    for (Arrived lost = sequencer_.give_up(); lost.missing_count != 0; lost = sequencer_.give_up())
      deliver(lost, sink);
  }
  [[nodiscard]] const LineHealth& line(LineNumber line) const noexcept {
    return sequencer_.line(line);
  }

  // Of the feeds of snapshots, whose packets have numbers of their own that nobody needs: each
  // snapshot says what is in it.
  template <EventSink Sink>
  void accept_snapshot(std::span<const std::byte> udp_payload, Sink&& sink) noexcept {
    if (!MdpFraming::fits(udp_payload)) {
      ++counters_.malformed;
      return;
    }
    std::span<const std::byte> rest = udp_payload.subspan(MdpFraming::kHeaderBytes);
    while (!rest.empty()) {
      const std::span<const std::byte> message = rest.first(MdpFraming::message_bytes(rest));
      rest = rest.subspan(message.size());
      // The place of what is told is that of the live feed.
      wire::mdp3::visit(message, [&](const auto& view) { snapshot(view, sink); });
    }
  }

  [[nodiscard]] SequencerCounters sequenced() const noexcept { return sequencer_.counters(); }
  [[nodiscard]] const DecodeCounters& messages() const noexcept { return decoder_.messages(); }
  [[nodiscard]] const MdpChannelCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const MdpDecoder& decoder() const noexcept { return decoder_; }
  [[nodiscard]] const MdpOrderCollector& collector() const noexcept { return collector_; }
  // Instruments whose books wait for a snapshot.
  [[nodiscard]] std::uint32_t waiting() const noexcept { return instruments_.waiting(); }
  [[nodiscard]] std::uint64_t refused() const noexcept { return instruments_.refused(); }

 private:
  template <EventSink Sink>
  void deliver(Arrived arrived, Sink&& sink) noexcept {
    for (;;) {
      if (arrived.missing_count != 0) {
        lose({.unit = 0,
              .from = arrived.missing_from,
              .count = arrived.missing_count,
              .reason = event::DoubtReason::Gap},
             sink);
      }
      for (const Block packet : BlocksOf<MdpFraming>{arrived}) take(packet, sink);
      if (arrived.ahead != Ahead::Ready) return;
      arrived = sequencer_.release();
    }
  }

  template <EventSink Sink>
  void lose(const Loss& loss, Sink&& sink) noexcept {
    kept_.clear();
    complete_from_ = loss.from + loss.count;
    decoder_.lose(loss, sink);
  }

  template <EventSink Sink>
  void take(const Block& packet, Sink&& sink) noexcept {
    if (!begun_) begin(packet.sequence, sink);
    if (decoder_.decode(packet, 0, sink) == Decoded::Truncated) {
      return lose(
          {.unit = 0, .from = packet.sequence, .count = 1, .reason = event::DoubtReason::Malformed},
          sink);
    }
    // Asked behind it: it may be the first of an instrument that waits.
    if (instruments_.waiting() == 0 || kept_.add(packet)) return;
    ++counters_.overflows;
    kept_.clear();
    complete_from_ = packet.sequence;
    if (!kept_.add(packet)) complete_from_ = packet.sequence + 1;
  }

  // In the middle of the week: what was before is lost.
  template <EventSink Sink>
  void begin(std::uint64_t sequence, Sink&& sink) noexcept {
    begun_ = true;
    complete_from_ = sequence;
    if (sequence > 1 && sequencer_.counters().gaps == 0)
      lose({.unit = 0, .from = 1, .count = sequence - 1, .reason = event::DoubtReason::Gap}, sink);
  }

  template <typename Message, EventSink Sink>
  void snapshot(const Message&, Sink&&) noexcept {}

  template <EventSink Sink>
  void snapshot(const wire::mdp3::SnapshotFullRefresh& message, Sink&& sink) noexcept {
    if (decoder_.view() != MdpView::Levels || !message.well_formed()) return;
    const MdpPlace place{.sequence = message.last_message_sequence(),
                         .time_ns = message.transact_time(),
                         .only = nullptr};
    give_up_before(place.sequence, sink);
    MdpInstrument* const instrument = joining(message.security_id(), place, sink);
    if (instrument == nullptr) return;
    MdpSnapshotTeller{decoder_, *instrument, place, sink}.tell(message);
    follow(*instrument, place.sequence, sink);
  }
  template <EventSink Sink>
  void snapshot(const wire::mdp3::SnapshotFullRefreshOrderBook& message, Sink&& sink) noexcept {
    if (decoder_.view() != MdpView::Orders || !message.well_formed()) return;
    const MdpPlace place{.sequence = message.last_message_sequence(),
                         .time_ns = message.transact_time(),
                         .only = nullptr};
    give_up_before(place.sequence, sink);
    // One that joins nothing is not collected.
    MdpInstrument* const instrument = joining(message.security_id(), place, sink);
    if (instrument == nullptr || !collector_.add(message)) return;
    MdpSnapshotTeller{decoder_, *instrument, place, sink}.tell(message, collector_.by_priority());
    follow(*instrument, place.sequence, sink);
  }

  // A snapshot takes longer than a line is late: what it has and no line has brought is lost.
  template <EventSink Sink>
  void give_up_before(std::uint64_t sequence, Sink&& sink) noexcept {
    while (sequencer_.missing_end() > sequencer_.next_sequence() &&
           sequence + 1 >= sequencer_.missing_end())
      deliver(sequencer_.give_up(), sink);
  }

  // Null for who does not wait, and where packets behind the snapshot are missing.
  template <EventSink Sink>
  MdpInstrument* joining(std::int32_t security_id, const MdpPlace& place, Sink&& sink) noexcept {
    if (!begun_) return nullptr;
    MdpInstrument* const instrument = decoder_.known(security_id, place, sink);
    if (instrument == nullptr || !instrument->waits) return nullptr;
    if (place.sequence + 1 >= complete_from_) return instrument;
    ++counters_.too_old;
    return nullptr;
  }

  template <EventSink Sink>
  void follow(MdpInstrument& instrument, std::uint64_t sequence, Sink&& sink) noexcept {
    ++counters_.joined;
    instruments_.follow(instrument, sequence);
    kept_.for_each_after(sequence,
                         [&](const Block& packet) { decoder_.replay(packet, instrument, sink); });
    if (instruments_.waiting() == 0) kept_.clear();
  }

  SequencerOf<MdpFraming> sequencer_;
  MdpInstruments instruments_;
  MdpDecoder decoder_;
  MdpOrderCollector collector_;
  MdpKeptPackets kept_;
  MdpChannelCounters counters_{};
  std::uint64_t complete_from_ = 1;  // of all packets from here on those that matter are kept
  bool begun_ = false;
};

}  // namespace ridley::feed
