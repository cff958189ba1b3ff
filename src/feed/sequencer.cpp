// SPDX-License-Identifier: Apache-2.0
#include "feed/sequencer.hpp"

#include <algorithm>
#include <limits>

#include "base/bytes.hpp"

namespace ridley::feed {
namespace {

constexpr std::uint64_t kFirstSequence = 1;

constexpr Arrived without_messages(Arrival arrival, std::uint16_t unit) noexcept {
  return {.arrival = arrival,
          .count = 0,
          .unit = unit,
          .blocks = {},
          .first_sequence = 0,
          .missing_from = 0,
          .missing_count = 0};
}

// The bytes that the first count blocks take; more than there are when a block passes the end. One
// comparison a block: what the last one passes shows in the sum.
template <Framing F>
std::size_t walk(std::span<const std::byte> blocks, std::uint64_t count) noexcept {
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t behind_length = at + F::kLengthBytes;
    if (behind_length > blocks.size()) return blocks.size() + 1;
    // Put this way the sum above serves twice.
    at = behind_length + (F::block_bytes(&blocks[at], blocks.size() - at) - F::kLengthBytes);
  }
  return at;
}

}  // namespace

// Nearly every packet is the next one, and this is all there is to it.
template <Framing F>
Arrived SequencerOf<F>::accept(std::span<const std::byte> udp_payload) noexcept {
  ++counters_.packets;
  if (!F::fits(udp_payload)) [[unlikely]]
    return malformed();
  const Header header{udp_payload.data()};
  if (!is_next(header)) [[unlikely]]
    return accept_any(udp_payload);

  const std::span<const std::byte> blocks = udp_payload.subspan(F::kHeaderBytes);
  const std::uint32_t count = F::count(header);
  if (walk<F>(blocks, count) != blocks.size()) [[unlikely]]
    return malformed();
  const std::uint64_t sequence = next_sequence_;
  counters_.messages += count;
  next_sequence_ = sequence + count;
  return {.arrival = Arrival::InOrder,
          .count = static_cast<std::uint16_t>(count),
          .unit = F::unit(header),
          .blocks = blocks,
          .first_sequence = sequence,
          .missing_from = 0,
          .missing_count = 0};
}

// Of this session, with the number expected, and with messages.
template <Framing F>
bool SequencerOf<F>::is_next(const Header& header) const noexcept {
  const std::uint32_t count = F::count(header);
  return F::first(header) == next_sequence_ && has_session_ && F::session(header) == session_ &&
         count != kHeartbeat && count != F::kEndOfSession &&
         next_sequence_ <= std::numeric_limits<std::uint64_t>::max() - count;
}

template <Framing F>
Arrived SequencerOf<F>::accept_any(std::span<const std::byte> udp_payload) noexcept {
  const Header header{udp_payload.data()};
  const bool changed = is_other_session(header);
  if (changed && policy_ == SessionPolicy::Refuse) {
    ++counters_.session_changes;
    return without_messages(Arrival::OtherSession, F::unit(header));
  }
  const std::span<const std::byte> blocks = udp_payload.subspan(F::kHeaderBytes);
  const std::uint32_t count = F::count(header);
  if (count == kHeartbeat || count == F::kEndOfSession) {
    // Neither carries messages; bytes that nothing accounts for make the packet untrustworthy.
    return blocks.empty() ? control(header, changed) : malformed();
  }
  return messages(header, blocks, changed);
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
  } else if (adopt_) {
    next_sequence_ = F::first(header);
  }
  has_session_ = true;
  session_ = F::session(header);
}

template <Framing F>
Arrived SequencerOf<F>::control(const Header& header, bool session_changed) noexcept {
  enter_session(header);
  const bool gap = F::first(header) > next_sequence_;
  Arrived arrived =
      without_messages(gap ? Arrival::HeartbeatGap : Arrival::Heartbeat, F::unit(header));
  if (gap) declare_gap(F::first(header), arrived);
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
                                 bool session_changed) noexcept {
  const std::uint64_t sequence = F::first(header);
  const std::uint64_t count = F::count(header);
  if (sequence > std::numeric_limits<std::uint64_t>::max() - count) return malformed();
  const std::uint64_t expected = expected_in(header, session_changed);

  // What had come before is walked over as well: a packet is right as a whole or not at all.
  const std::uint64_t behind = expected > sequence ? expected - sequence : 0;
  const std::uint64_t skipped = std::min(behind, count);
  const std::size_t skipped_bytes = walk<F>(blocks, skipped);
  if (skipped_bytes > blocks.size()) return malformed();
  const std::span<const std::byte> fresh = blocks.subspan(skipped_bytes);
  if (walk<F>(fresh, count - skipped) != fresh.size()) return malformed();

  enter_session(header);
  counters_.duplicate_messages += skipped;
  Arrived arrived = without_messages(Arrival::Duplicate, F::unit(header));
  if (skipped == count) {
    ++counters_.duplicates;
  } else {
    arrived.arrival = Arrival::InOrder;
    if (skipped != 0) {
      ++counters_.overlaps;
      arrived.arrival = Arrival::Overlap;
    } else if (sequence > next_sequence_) {
      declare_gap(sequence, arrived);
      arrived.arrival = Arrival::Gap;
    }
    arrived.count = static_cast<std::uint16_t>(count - skipped);
    arrived.blocks = fresh;
    arrived.first_sequence = sequence + skipped;
    counters_.messages += arrived.count;
    next_sequence_ = sequence + count;
  }
  if (session_changed) arrived.arrival = Arrival::SessionChange;
  return arrived;
}

// The number that the packet should begin with, before its session is entered.
template <Framing F>
std::uint64_t SequencerOf<F>::expected_in(const Header& header,
                                          bool session_changed) const noexcept {
  if (session_changed) return kFirstSequence;
  return adopt_ && !has_session_ ? F::first(header) : next_sequence_;
}

template <Framing F>
Arrived SequencerOf<F>::malformed() noexcept {
  ++counters_.malformed;
  return without_messages(Arrival::Malformed, 0);
}

template <Framing F>
void SequencerOf<F>::declare_gap(std::uint64_t sequence, Arrived& arrived) noexcept {
  arrived.missing_from = next_sequence_;
  arrived.missing_count = sequence - next_sequence_;
  ++counters_.gaps;
  counters_.missing_messages += arrived.missing_count;
  next_sequence_ = sequence;
}

template class SequencerOf<MoldFraming>;
template class SequencerOf<SequencedUnitFraming>;
template class SequencerOf<IexFraming>;
template class SequencerOf<MdpFraming>;

}  // namespace ridley::feed
