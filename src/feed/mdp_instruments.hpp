// SPDX-License-Identifier: Apache-2.0
// In: security ids of a CME channel. Out: what a decoder must know of each instrument: its locates,
// what its prices mean, and from which packet on its books follow the live feed. Fixed memory; one
// hot core.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/arena.hpp"
#include "event/market_event.hpp"
#include "feed/symbol_table.hpp"

namespace ridley::feed {

struct MdpInstrument {
  std::uint64_t follows_after;  // packets up to this number are in its books already
  std::int64_t price_unit_e9;   // what price 1 of an event means
  std::int64_t price_zero_e9;   // what price 0 means
  std::int32_t security_id;
  std::uint16_t locate;  // of its own book; the next one is that of the book implied for it
  bool waits;            // its books may be wrong until its next snapshot
  bool implied_told;     // the implied book has been listed
  bool stopped;          // its own last state was not trading
  bool in_event;         // the own book was told something that is not the end of its event
  bool implied_in_event;
};

// The book that other instruments' orders imply has a locate of its own.
[[nodiscard]] constexpr std::uint16_t implied_locate(std::uint16_t locate) noexcept {
  return static_cast<std::uint16_t>(locate + 1);
}

// A security id in eight characters: its digits, or ~ and base 36 where they are more than eight.
[[nodiscard]] inline event::Symbol symbol_of_security(std::int32_t security_id) noexcept {
  constexpr std::uint32_t kDigitsMax = 99'999'999;
  constexpr char kDigits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  event::Symbol backwards{};
  auto left = static_cast<std::uint32_t>(security_id);
  const bool fits = left <= kDigitsMax;
  const std::uint32_t base = fits ? 10 : 36;
  std::size_t length = 0;
  do {
    backwards[length++] = kDigits[left % base];
    left /= base;
  } while (left != 0);
  if (!fits) backwards[length++] = '~';
  event::Symbol symbol;
  symbol.fill(' ');
  for (std::size_t i = 0; i < length; ++i) symbol[i] = backwards[length - 1 - i];
  return symbol;
}

class MdpInstruments {
 public:
  static constexpr std::uint32_t kInstrumentsMax = feed::kInstrumentsMax / 2;
  // Prices are in 1/10,000 unless a definition says otherwise.
  static constexpr std::int64_t kPriceUnitE9 = 100'000;

  struct Found {
    MdpInstrument* instrument;  // nullptr when the table is full
    bool is_new;
  };

  // Cold. Throws base::Error where there is no memory.
  explicit MdpInstruments(std::uint32_t instruments_max = kInstrumentsMax)
      : instruments_max_{std::clamp(instruments_max, 1U, kInstrumentsMax)},
        ids_{instruments_max_},
        arena_{base::Arena::bytes_for<MdpInstrument>(instruments_max_) +
               base::Arena::bytes_for<std::uint16_t>(instruments_max_)},
        instruments_{arena_.array<MdpInstrument>(instruments_max_)},
        open_{arena_.array<std::uint16_t>(instruments_max_)} {}

  [[nodiscard]] Found find_or_add(std::int32_t security_id) noexcept {
    const auto key =
        std::bit_cast<event::Symbol>(std::uint64_t{static_cast<std::uint32_t>(security_id)});
    const SymbolTable::Found found = ids_.find_or_add(key, 0);
    if (found.locate == event::kNoLocate) [[unlikely]]
      return {nullptr, false};
    MdpInstrument& instrument = instruments_[found.locate];
    if (found.is_new) {
      instrument = {.follows_after = 0,
                    .price_unit_e9 = kPriceUnitE9,
                    .price_zero_e9 = 0,
                    .security_id = security_id,
                    .locate = static_cast<std::uint16_t>(found.locate * 2 - 1),
                    .waits = false,
                    .implied_told = false,
                    .stopped = false,
                    .in_event = false,
                    .implied_in_event = false};
    }
    return {&instrument, found.is_new};
  }

  // In the order of their appearance.
  [[nodiscard]] std::span<MdpInstrument> all() noexcept {
    return instruments_.subspan(1, ids_.count());
  }

  // Whose event has not ended; each once.
  void open(MdpInstrument& instrument, bool implied) noexcept {
    if (!instrument.in_event && !instrument.implied_in_event)
      open_[open_count_++] = static_cast<std::uint16_t>((instrument.locate + 1) / 2);
    (implied ? instrument.implied_in_event : instrument.in_event) = true;
  }
  // The visitor closes each, and takes an instrument.
  template <typename Visitor>
  void close_all(Visitor&& visit) noexcept {
    for (std::uint32_t i = 0; i < open_count_; ++i) visit(instruments_[open_[i]]);
    open_count_ = 0;
  }
  // Takes one out of those that are open.
  void close(const MdpInstrument& instrument) noexcept {
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < open_count_; ++i) {
      if (&instruments_[open_[i]] != &instrument) open_[kept++] = open_[i];
    }
    open_count_ = kept;
  }

  // How many wait for a snapshot.
  [[nodiscard]] std::uint32_t waiting() const noexcept { return waiting_; }
  void wait(MdpInstrument& instrument) noexcept {
    waiting_ += instrument.waits ? 0 : 1;
    instrument.waits = true;
  }
  // Its books have what packets up to that number say.
  void follow(MdpInstrument& instrument, std::uint64_t sequence) noexcept {
    waiting_ -= instrument.waits ? 1 : 0;
    instrument.waits = false;
    instrument.follows_after = sequence;
  }

  // Messages of an instrument that has no place any more.
  [[nodiscard]] std::uint64_t refused() const noexcept { return ids_.refused(); }

  void clear() noexcept {
    ids_.clear();
    open_count_ = 0;
    waiting_ = 0;
  }

 private:
  std::uint32_t instruments_max_;
  SymbolTable ids_;
  base::Arena arena_;
  std::span<MdpInstrument> instruments_;  // by the table's own locate, from 1
  std::span<std::uint16_t> open_;
  std::uint32_t open_count_ = 0;
  std::uint32_t waiting_ = 0;
};

}  // namespace ridley::feed
