// SPDX-License-Identifier: Apache-2.0
#include "feed/sequencer.hpp"

#include <algorithm>
#include <limits>

#include "base/bytes.hpp"

namespace ridley::feed {
namespace {

constexpr std::uint64_t kFirstSequence = 1;

// Numbers this far up are looked at with more care.
constexpr std::uint64_t kPlainSequenceMax = std::numeric_limits<std::uint64_t>::max() / 2;

constexpr Arrived without_messages(Arrival arrival, std::uint16_t unit) noexcept {
  return {.arrival = arrival,
          .ahead = Ahead::Nothing,
          .count = 0,
          .unit = unit,
          .blocks = {},
          .first_sequence = 0,
          .missing_from = 0,
          .missing_count = 0};
}

}  // namespace

template <Framing F>
Arrived SequencerOf<F>::accept_any(std::span<const std::byte> udp_payload, LineNumber line,
                                   std::uint64_t stamp_ns) noexcept {
  const auto malformed = [&] {
    ++lines_[line].malformed;
    return without_messages(Arrival::Malformed, 0);
  };
  if (!F::fits(udp_payload)) return settled(malformed());
  const Header header{udp_payload.data()};
  const bool changed = is_other_session(header);
  if (changed && options_.policy == SessionPolicy::Refuse) {
    ++counters_.session_changes;
    return settled(without_messages(Arrival::OtherSession, F::unit(header)));
  }
  const std::span<const std::byte> blocks = udp_payload.subspan(F::kHeaderBytes);
  const std::uint32_t count = F::count(header);
  if (count == kHeartbeat || count == F::kEndOfSession) {
    // Neither carries messages; bytes that nothing accounts for make the packet untrustworthy.
    return settled(blocks.empty() ? control(header, changed, line) : malformed());
  }
  const Arrived arrived = messages(header, blocks, changed, line);
  if (arrived.arrival == Arrival::Malformed) return settled(malformed());
  const std::uint64_t first = F::first(header);
  if (line != kRepairLine) {
    if (arrived.count == 0)
      lateness_.repeat(first, first + count, line, stamp_ns);
    else if (lateness_.wanted())
      lateness_.begin(arrived.first_sequence, line, stamp_ns);
  }
  return settled(arrived);
}

template <Framing F>
bool SequencerOf<F>::is_other_session(const Header& header) const noexcept {
  return has_session_ && F::session(header) != session_;
}

template <Framing F>
void SequencerOf<F>::enter_session(const Header& header) noexcept {
  if (has_session_) {
    if (F::session(header) == session_) return;
    ++counters_.session_changes;
    next_sequence_ = kFirstSequence;
    ended_ = false;
    held_.clear();
    known_end_ = 0;
    missing_ = false;
    lateness_.restart();
  } else if (adopt_) {
    next_sequence_ = F::first(header);
  }
  has_session_ = true;
  session_ = F::session(header);
  // Who begins in the middle of the day does not blame the lines for what was before.
  const std::uint64_t first = F::first(header);
  const bool late = first > next_sequence_ && first - next_sequence_ > options_.ahead_messages_max;
  for (LineHealth& health : lines_) health.begin(late ? first : next_sequence_);
}

template <Framing F>
Arrived SequencerOf<F>::control(const Header& header, bool session_changed,
                                LineNumber line) noexcept {
  enter_session(header);
  const std::uint64_t next = F::first(header);
  lines_[line].reached = std::max(lines_[line].reached, next);
  const bool gap = next > next_sequence_;
  Arrived arrived =
      without_messages(gap ? Arrival::HeartbeatGap : Arrival::Heartbeat, F::unit(header));
  if (gap && !waits_for(next)) declare_gap(held_.empty() ? next : missing_end(), arrived);
  if (F::count(header) == kHeartbeat) {
    ++counters_.heartbeats;
  } else {
    ++counters_.ends_of_session;
    ended_ = true;
    arrived.arrival = gap ? Arrival::EndOfSessionGap : Arrival::EndOfSession;
  }
  if (session_changed) arrived.arrival = Arrival::SessionChange;
  return arrived;
}

template <Framing F>
Arrived SequencerOf<F>::messages(const Header& header, std::span<const std::byte> blocks,
                                 bool session_changed, LineNumber line) noexcept {
  const std::uint64_t sequence = F::first(header);
  const std::uint64_t count = F::count(header);
  constexpr Arrived kMalformed = without_messages(Arrival::Malformed, 0);
  if (sequence > std::numeric_limits<std::uint64_t>::max() - count) return kMalformed;
  const std::uint64_t expected = expected_in(header, session_changed);

  // What had come before is walked over as well: a packet is right as a whole or not at all.
  const std::uint64_t behind = expected > sequence ? expected - sequence : 0;
  const std::uint64_t skipped = std::min(behind, count);
  const std::size_t skipped_bytes = walk<F>(blocks, skipped);
  if (skipped_bytes > blocks.size()) return kMalformed;
  const std::span<const std::byte> fresh = blocks.subspan(skipped_bytes);
  if (walk<F>(fresh, count - skipped) != fresh.size()) return kMalformed;

  enter_session(header);
  LineHealth& health = lines_[line];
  health.others += count;
  health.duplicates += skipped;
  health.reached = std::max(health.reached, sequence + count);
  counters_.duplicate_messages += skipped;
  Arrived arrived = without_messages(Arrival::Duplicate, F::unit(header));
  if (session_changed) arrived.arrival = Arrival::SessionChange;
  if (skipped == count) {
    ++counters_.duplicates;
    return arrived;
  }
  const bool gap = sequence > next_sequence_;
  if (!session_changed) {
    arrived.arrival = Arrival::InOrder;
    if (skipped != 0) arrived.arrival = Arrival::Overlap;
    if (gap) arrived.arrival = Arrival::Gap;
  }
  if (skipped != 0) ++counters_.overlaps;
  if (gap) {
    if (hold({.first = sequence,
              .end = sequence + count,
              .blocks = blocks,
              .unit = F::unit(header),
              .line = line})) {
      // One place is always free for the next packet, so nothing that came is thrown away.
      const bool too_far = sequence + count - next_sequence_ > options_.ahead_messages_max;
      if (held_.is_full() || too_far) declare_gap(missing_end(), arrived);
      return arrived;
    }
    declare_gap(sequence, arrived);
  }
  arrived.count = static_cast<std::uint16_t>(count - skipped);
  arrived.blocks = fresh;
  arrived.first_sequence = sequence + skipped;
  health.won_later += arrived.count;
  next_sequence_ = sequence + count;
  return arrived;
}

// The number that the packet should begin with, before its session is entered.
template <Framing F>
std::uint64_t SequencerOf<F>::expected_in(const Header& header,
                                          bool session_changed) const noexcept {
  if (session_changed) return kFirstSequence;
  return adopt_ && !has_session_ ? F::first(header) : next_sequence_;
}

// False when there is no room, or what is missing is too much to wait for.
template <Framing F>
bool SequencerOf<F>::hold(const HeldPackets::Wanted& wanted) noexcept {
  if (!waits_for(wanted.end) && held_.empty()) return false;
  switch (held_.hold(wanted)) {
    case Kept::Held: ++counters_.held_packets; return true;
    case Kept::Known:
      lines_[wanted.line].duplicates += wanted.end - wanted.first;
      counters_.duplicate_messages += wanted.end - wanted.first;
      return true;
    case Kept::Full: break;
  }
  return false;
}

template <Framing F>
bool SequencerOf<F>::waits_for(std::uint64_t end) noexcept {
  if (held_.capacity() == 0 || end - next_sequence_ > options_.ahead_messages_max) return false;
  known_end_ = std::max(known_end_, end);
  if (!missing_) ++counters_.gaps;
  missing_ = true;
  return true;
}

template <Framing F>
Arrived SequencerOf<F>::release() noexcept {
  Arrived arrived = without_messages(Arrival::Duplicate, 0);
  while (!held_.empty() && held_.front().first <= next_sequence_) {
    const HeldPackets::Packet& packet = held_.front();
    const std::uint64_t known = std::min(next_sequence_, packet.end) - packet.first;
    lines_[packet.line].duplicates += known;
    counters_.duplicate_messages += known;
    held_.drop_front();
    if (packet.end <= next_sequence_) continue;
    const std::span<const std::byte> blocks{packet.blocks.data(), packet.bytes};
    arrived.arrival = known == 0 ? Arrival::InOrder : Arrival::Overlap;
    arrived.count = static_cast<std::uint16_t>(packet.end - next_sequence_);
    arrived.unit = packet.unit;
    arrived.blocks = blocks.subspan(walk<F>(blocks, known));
    arrived.first_sequence = next_sequence_;
    lines_[packet.line].won_later += arrived.count;
    next_sequence_ = packet.end;
    break;
  }
  return settled(arrived);
}

template <Framing F>
Arrived SequencerOf<F>::give_up() noexcept {
  Arrived arrived = without_messages(Arrival::Gap, 0);
  if (missing_end() > next_sequence_) declare_gap(missing_end(), arrived);
  return settled(arrived);
}

template <Framing F>
std::uint64_t SequencerOf<F>::missing_end() const noexcept {
  if (!held_.empty()) return std::max(held_.front().first, next_sequence_);
  return std::max(known_end_, next_sequence_);
}

// What the caller should know and what the next packet may be taken for.
template <Framing F>
Arrived SequencerOf<F>::settled(Arrived arrived) noexcept {
  if (missing_end() > next_sequence_)
    arrived.ahead = Ahead::Waits;
  else if (!held_.empty())
    arrived.ahead = Ahead::Ready;
  if (missing_ && arrived.ahead == Ahead::Nothing) {
    if (!lost_) ++counters_.gaps_filled;
    missing_ = lost_ = false;
  }
  plain_ = has_session_ && arrived.ahead == Ahead::Nothing && !lateness_.wanted() &&
           next_sequence_ <= kPlainSequenceMax;
  return arrived;
}

template <Framing F>
void SequencerOf<F>::declare_gap(std::uint64_t sequence, Arrived& arrived) noexcept {
  arrived.missing_from = next_sequence_;
  arrived.missing_count = sequence - next_sequence_;
  if (missing_)
    lost_ = true;
  else
    ++counters_.gaps;
  counters_.missing_messages += arrived.missing_count;
  next_sequence_ = sequence;
}

template <Framing F>
SequencerCounters SequencerOf<F>::counters() const noexcept {
  SequencerCounters sum = counters_;
  for (const LineHealth& health : lines_) {
    sum.packets += health.packets;
    sum.messages += health.won();
    sum.malformed += health.malformed;
  }
  return sum;
}

template class SequencerOf<MoldFraming>;
template class SequencerOf<SequencedUnitFraming>;
template class SequencerOf<IexFraming>;
template class SequencerOf<MdpFraming>;

}  // namespace ridley::feed
