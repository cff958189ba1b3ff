// SPDX-License-Identifier: Apache-2.0
#include "feed/sequencer.hpp"

#include <algorithm>
#include <limits>

#include "base/bytes.hpp"

namespace ridley::feed {
namespace {

constexpr std::uint64_t kFirstSequence = 1;
constexpr std::uint16_t kHeartbeat = 0;
constexpr std::uint16_t kEndOfSession = 0xFFFF;

constexpr Arrived without_messages(Arrival arrival) noexcept {
  return {.arrival = arrival,
          .count = 0,
          .blocks = {},
          .first_sequence = 0,
          .missing_from = 0,
          .missing_count = 0};
}

// The bytes that the first count blocks take; more than there are when a block passes the end. One
// comparison a block: what the last one passes shows in the sum.
std::size_t walk(std::span<const std::byte> blocks, std::uint64_t count) noexcept {
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (at + Blocks::kLengthBytes > blocks.size()) return blocks.size() + 1;
    at += Blocks::kLengthBytes + base::load_big_endian<std::uint16_t>(&blocks[at]);
  }
  return at;
}

}  // namespace

// Nearly every packet is the next one, and this is all there is to it.
Arrived Sequencer::accept(std::span<const std::byte> udp_payload) noexcept {
  ++counters_.packets;
  if (udp_payload.size() < Header::kSize) [[unlikely]]
    return malformed();
  const Header header{udp_payload.data()};
  if (!is_next(header)) [[unlikely]]
    return accept_any(udp_payload);

  const std::span<const std::byte> blocks = udp_payload.subspan(Header::kSize);
  const std::uint16_t count = header.message_count();
  if (walk(blocks, count) != blocks.size()) [[unlikely]]
    return malformed();
  const std::uint64_t sequence = next_sequence_;
  counters_.messages += count;
  next_sequence_ = sequence + count;
  return {.arrival = Arrival::InOrder,
          .count = count,
          .blocks = blocks,
          .first_sequence = sequence,
          .missing_from = 0,
          .missing_count = 0};
}

// Of this session, with the number expected, and with messages.
bool Sequencer::is_next(const Header& header) const noexcept {
  const std::uint16_t count = header.message_count();
  return header.sequence_number() == next_sequence_ && has_session_ &&
         header.session() == session_ && count != kHeartbeat && count != kEndOfSession &&
         next_sequence_ <= std::numeric_limits<std::uint64_t>::max() - count;
}

Arrived Sequencer::accept_any(std::span<const std::byte> udp_payload) noexcept {
  const Header header{udp_payload.data()};
  const bool changed = is_other_session(header);
  if (changed && policy_ == SessionPolicy::Refuse) {
    ++counters_.session_changes;
    return without_messages(Arrival::OtherSession);
  }
  const std::span<const std::byte> blocks = udp_payload.subspan(Header::kSize);
  const std::uint16_t count = header.message_count();
  if (count == kHeartbeat || count == kEndOfSession) {
    // Neither carries messages; bytes that nothing accounts for make the packet untrustworthy.
    return blocks.empty() ? control(header, changed) : malformed();
  }
  return messages(header, blocks, changed);
}

bool Sequencer::is_other_session(const Header& header) const noexcept {
  return has_session_ && header.session() != session_;
}

void Sequencer::enter_session(const Header& header) noexcept {
  if (has_session_) {
    if (header.session() == session_) return;
    ++counters_.session_changes;
    next_sequence_ = kFirstSequence;
    ended_ = false;
  } else if (adopt_) {
    next_sequence_ = header.sequence_number();
  }
  has_session_ = true;
  session_ = header.session();
}

Arrived Sequencer::control(const Header& header, bool session_changed) noexcept {
  enter_session(header);
  const bool gap = header.sequence_number() > next_sequence_;
  Arrived arrived = without_messages(gap ? Arrival::HeartbeatGap : Arrival::Heartbeat);
  if (gap) declare_gap(header.sequence_number(), arrived);
  if (header.message_count() == kHeartbeat) {
    ++counters_.heartbeats;
  } else {
    ++counters_.ends_of_session;
    ended_ = true;
    arrived.arrival = gap ? Arrival::EndOfSessionGap : Arrival::EndOfSession;
  }
  if (session_changed) arrived.arrival = Arrival::SessionChange;
  return arrived;
}

Arrived Sequencer::messages(const Header& header, std::span<const std::byte> blocks,
                            bool session_changed) noexcept {
  const std::uint64_t sequence = header.sequence_number();
  const std::uint64_t count = header.message_count();
  if (sequence > std::numeric_limits<std::uint64_t>::max() - count) return malformed();
  const std::uint64_t expected = expected_in(header, session_changed);

  // What had come before is walked over as well: a packet is right as a whole or not at all.
  const std::uint64_t behind = expected > sequence ? expected - sequence : 0;
  const std::uint64_t skipped = std::min(behind, count);
  const std::size_t skipped_bytes = walk(blocks, skipped);
  if (skipped_bytes > blocks.size()) return malformed();
  const std::span<const std::byte> fresh = blocks.subspan(skipped_bytes);
  if (walk(fresh, count - skipped) != fresh.size()) return malformed();

  enter_session(header);
  counters_.duplicate_messages += skipped;
  Arrived arrived = without_messages(Arrival::Duplicate);
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
std::uint64_t Sequencer::expected_in(const Header& header, bool session_changed) const noexcept {
  if (session_changed) return kFirstSequence;
  return adopt_ && !has_session_ ? header.sequence_number() : next_sequence_;
}

Arrived Sequencer::malformed() noexcept {
  ++counters_.malformed;
  return without_messages(Arrival::Malformed);
}

void Sequencer::declare_gap(std::uint64_t sequence, Arrived& arrived) noexcept {
  arrived.missing_from = next_sequence_;
  arrived.missing_count = sequence - next_sequence_;
  ++counters_.gaps;
  counters_.missing_messages += arrived.missing_count;
  next_sequence_ = sequence;
}

}  // namespace ridley::feed
