// SPDX-License-Identifier: Apache-2.0
// In: UDP payloads of the lines of a feed. Out: numbered messages, each once, with what is missing
// between them: the same question asked of every transport. The hot core.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "feed/blocks.hpp"
#include "feed/sequencer.hpp"

namespace ridley::feed {

// What accept() lets through is walked with Blocks{arrived}. Numbers count within Arrived::unit.
// After an answer that says Ready release() gives the next of what was held. give_up() is for the
// end: what is missing first is lost; nothing missing in the answer when nothing is.
template <typename T>
concept Transport = requires(T transport, const T& seen, std::span<const std::byte> udp_payload,
                             LineNumber line, std::uint64_t stamp_ns) {
  { transport.accept(udp_payload, line, stamp_ns) } noexcept -> std::same_as<Arrived>;
  { transport.release() } noexcept -> std::same_as<Arrived>;
  { transport.give_up() } noexcept -> std::same_as<Arrived>;
  { seen.counters() } noexcept -> std::convertible_to<SequencerCounters>;
  typename T::Blocks;
  requires std::constructible_from<typename T::Blocks, const Arrived&>;
};
static_assert(Transport<Sequencer>);

// Cboe's sequenced units: one state for each unit, because several share a multicast group and each
// has its own numbers.
class UnitSequencers {
 public:
  using Blocks = BlocksOf<SequencedUnitFraming>;
  // A unit is one byte.
  static constexpr std::size_t kUnits = 256;

  explicit UnitSequencers(const SequencerOptions& options = {}) noexcept : options_{options} {
    units_.fill(One{options});
  }
  // Before the first packet of the unit: what is ahead of its next message is held.
  void hold(std::uint8_t unit, const HeldPackets& held) noexcept {
    units_[unit] = One{options_, held};
  }

  [[nodiscard]] Arrived accept(std::span<const std::byte> udp_payload, LineNumber line = 0,
                               std::uint64_t stamp_ns = 0) noexcept;
  // Of the unit of the last answer.
  [[nodiscard]] Arrived release() noexcept { return units_[last_].release(); }
  // Of any unit.
  [[nodiscard]] Arrived give_up() noexcept;

  [[nodiscard]] const LineHealth& line(std::uint8_t unit, LineNumber line) const noexcept {
    return units_[unit].line(line);
  }

  [[nodiscard]] std::uint64_t next_sequence(std::uint8_t unit) const noexcept {
    return units_[unit].next_sequence();
  }
  // Of all units; the sums are made when somebody asks.
  [[nodiscard]] SequencerCounters counters() const noexcept;
  // Delivered without a number.
  [[nodiscard]] std::uint64_t unsequenced_messages() const noexcept {
    return unsequenced_.messages;
  }

 private:
  using One = SequencerOf<SequencedUnitFraming>;

  [[nodiscard]] Arrived unsequenced(std::span<const std::byte> udp_payload) noexcept;

  SequencerOptions options_;
  std::array<One, kUnits> units_;
  std::uint8_t last_ = 0;
  SequencerCounters unsequenced_{};  // packets of no unit, and malformed ones
};
static_assert(Transport<UnitSequencers>);

// IEX-TP: the numbers say what is new, and the stream's offsets must agree with them.
class IexSequencer {
 public:
  using Blocks = BlocksOf<IexFraming>;

  explicit IexSequencer(const SequencerOptions& options = {}, const HeldPackets& held = {}) noexcept
      : sequencer_{options, held} {}

  [[nodiscard]] Arrived accept(std::span<const std::byte> udp_payload, LineNumber line = 0,
                               std::uint64_t stamp_ns = 0) noexcept;
  // What was held has no offset any more: the next packet's is taken as it is.
  [[nodiscard]] Arrived release() noexcept {
    next_offset_ = 0;
    return sequencer_.release();
  }
  [[nodiscard]] Arrived give_up() noexcept { return sequencer_.give_up(); }

  [[nodiscard]] const LineHealth& line(LineNumber line) const noexcept {
    return sequencer_.line(line);
  }

  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return sequencer_.next_sequence(); }
  [[nodiscard]] SequencerCounters counters() const noexcept { return sequencer_.counters(); }
  // Packets with the next number and another offset than the one before ended with.
  [[nodiscard]] std::uint64_t offset_breaks() const noexcept { return offset_breaks_; }

 private:
  SequencerOf<IexFraming> sequencer_;
  std::uint64_t next_offset_ = 0;
  std::uint64_t offset_breaks_ = 0;
};
static_assert(Transport<IexSequencer>);

}  // namespace ridley::feed
