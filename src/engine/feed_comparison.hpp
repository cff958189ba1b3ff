// SPDX-License-Identifier: Apache-2.0
// In: the events of two decoders of the same feed, each in its own time. Out: how many of them were
// the same byte for byte, and what one of them has said that the other has not yet. Hot core; one
// window of memory, no search.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "event/records.hpp"

namespace ridley::engine {

enum class Source : std::uint8_t { Software, Card };
inline constexpr std::size_t kSources = 2;

[[nodiscard]] constexpr Source other(Source source) noexcept {
  return source == Source::Software ? Source::Card : Source::Software;
}

enum class Compared : std::uint8_t { First, Same, Different };

class FeedComparison {
 public:
  // One event, and who has said it.
  struct alignas(64) Slot {
    std::array<std::byte, 56> event;  // what a market event's bytes are; the rest is zero
    std::uint32_t epoch;              // of the session; 0: empty
    std::uint8_t said;                // a bit a source
    std::array<std::uint8_t, 3> unused;
  };
  static_assert(sizeof(Slot) == sizeof(event::MarketEvent));

  struct Counters {
    std::array<std::uint64_t, kSources> events;
    std::uint64_t same;
    std::uint64_t different;
  };

  // Zeroed, a power of two of them: how far one source may be ahead of the other and still be
  // compared.
  explicit FeedComparison(std::span<Slot> slots) noexcept : slots_{slots} {}

  [[nodiscard]] Compared put(Source source, const event::MarketEvent& event) noexcept {
    const auto which = static_cast<std::size_t>(source);
    ++counters_.events[which];
    Slot& slot = slot_of(event.sequence);
    const auto bit = static_cast<std::uint8_t>(1U << which);
    if (slot.epoch != epochs_[which] || sequence_of(slot) != event.sequence ||
        (slot.said & bit) != 0) {
      std::memcpy(slot.event.data(), &event, slot.event.size());
      slot.epoch = epochs_[which];
      slot.said = bit;
      return Compared::First;
    }
    slot.said |= bit;
    if (std::memcmp(slot.event.data(), &event, slot.event.size()) == 0) {
      ++counters_.same;
      return Compared::Same;
    }
    ++counters_.different;
    return Compared::Different;
  }

  // The event of that number, if this source has said it and nothing later stands there.
  [[nodiscard]] bool find(Source source, std::uint64_t sequence,
                          event::MarketEvent& event) const noexcept {
    const auto which = static_cast<std::size_t>(source);
    const Slot& slot = slot_of(sequence);
    if (slot.epoch != epochs_[which] || (slot.said & (1U << which)) == 0) return false;
    if (sequence_of(slot) != sequence) return false;
    std::memcpy(static_cast<void*>(&event), slot.event.data(), slot.event.size());
    return true;
  }

  // The source reads another session from here on, in which numbers begin anew.
  void begin_session(Source source) noexcept { ++epochs_[static_cast<std::size_t>(source)]; }

  // The source is another one from here on, and reads what the other one reads.
  void begin_anew(Source source) noexcept {
    epochs_[static_cast<std::size_t>(source)] = epochs_[static_cast<std::size_t>(other(source))];
  }

  [[nodiscard]] bool same_session() const noexcept { return epochs_[0] == epochs_[1]; }

  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  [[nodiscard]] std::size_t window() const noexcept { return slots_.size(); }

 private:
  static constexpr std::size_t kSequenceAt = offsetof(event::MarketEvent, sequence);

  [[nodiscard]] static std::uint64_t sequence_of(const Slot& slot) noexcept {
    std::uint64_t sequence = 0;
    std::memcpy(&sequence, slot.event.data() + kSequenceAt, sizeof sequence);
    return sequence;
  }
  [[nodiscard]] Slot& slot_of(std::uint64_t sequence) const noexcept {
    return slots_[sequence & (slots_.size() - 1)];
  }

  std::span<Slot> slots_;
  std::array<std::uint32_t, kSources> epochs_{1, 1};
  Counters counters_{};
};

}  // namespace ridley::engine
