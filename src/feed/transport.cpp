// SPDX-License-Identifier: Apache-2.0
#include "feed/transport.hpp"

#include <algorithm>

namespace ridley::feed {

Arrived UnitSequencers::accept(std::span<const std::byte> udp_payload, LineNumber line,
                               std::uint64_t stamp_ns) noexcept {
  if (!SequencedUnitFraming::fits(udp_payload)) [[unlikely]]
    return unsequenced(udp_payload);
  const SequencedUnitFraming::Header header{udp_payload.data()};
  if (header.sequence() == 0) [[unlikely]]
    return unsequenced(udp_payload);
  last_ = header.unit();
  return units_[last_].accept(udp_payload, line, stamp_ns);
}

Arrived UnitSequencers::give_up() noexcept {
  const auto waits = [](const One& unit) { return unit.missing_end() > unit.next_sequence(); };
  const auto found = std::ranges::find_if(units_, waits);
  last_ = static_cast<std::uint8_t>(found == units_.end() ? 0 : found - units_.begin());
  Arrived arrived = units_[last_].give_up();
  arrived.unit = last_;
  return arrived;
}

// A sequencer that takes any number as its first looks at the blocks and is then forgotten.
Arrived UnitSequencers::unsequenced(std::span<const std::byte> udp_payload) noexcept {
  One one{{.policy = SessionPolicy::Follow, .first_sequence = SequencerOptions::kAdopt}};
  Arrived arrived = one.accept(udp_payload);
  ++unsequenced_.packets;
  unsequenced_.malformed += one.counters().malformed;
  unsequenced_.heartbeats += one.counters().heartbeats;
  unsequenced_.messages += one.counters().messages;
  if (arrived.count != 0) arrived.arrival = Arrival::Unsequenced;
  return arrived;
}

SequencerCounters UnitSequencers::counters() const noexcept {
  SequencerCounters sum = unsequenced_;
  for (const One& unit : units_) {
    const SequencerCounters& one = unit.counters();
    sum.packets += one.packets;
    sum.messages += one.messages;
    sum.duplicates += one.duplicates;
    sum.duplicate_messages += one.duplicate_messages;
    sum.overlaps += one.overlaps;
    sum.gaps += one.gaps;
    sum.gaps_filled += one.gaps_filled;
    sum.held_packets += one.held_packets;
    sum.missing_messages += one.missing_messages;
    sum.heartbeats += one.heartbeats;
    sum.malformed += one.malformed;
  }
  return sum;
}

Arrived IexSequencer::accept(std::span<const std::byte> udp_payload, LineNumber line,
                             std::uint64_t stamp_ns) noexcept {
  const std::uint64_t expected = sequencer_.next_sequence();
  const Arrived arrived = sequencer_.accept(udp_payload, line, stamp_ns);
  // Nothing new: late, another session, or not to be trusted.
  const bool moved = sequencer_.next_sequence() != expected;
  if (!moved && arrived.arrival != Arrival::Heartbeat) return arrived;
  if (arrived.ahead != Ahead::Nothing) {
    next_offset_ = 0;
    return arrived;
  }
  const IexFraming::Header header{udp_payload.data()};
  // A heartbeat of a line that is behind.
  if (!moved && header.first_sequence_number() != expected) return arrived;
  const bool continues = arrived.arrival == Arrival::InOrder && next_offset_ != 0;
  if (continues && header.stream_offset() != next_offset_) ++offset_breaks_;
  next_offset_ = header.stream_offset() + header.payload_length();
  return arrived;
}

}  // namespace ridley::feed
