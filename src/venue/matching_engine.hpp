// SPDX-License-Identifier: Apache-2.0
// In: orders, replaces, cancels that were already found valid. Out: what traded with whom and what
// rests. Price first, then displayed before hidden, then time. No clock, no randomness: the same
// calls give the same answers. One owner.
//
// Order references and match numbers are counted from 1 and never used again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "event/records.hpp"
#include "venue/price_ladder.hpp"
#include "venue/reference_map.hpp"

namespace ridley::venue {

// Attributed: displayed together with the owner's MPID.
enum class Display : std::uint8_t { Visible = 'Y', Hidden = 'N', Attributed = 'A' };

// Who gets told: the account, and its own number for the order.
struct Owner {
  std::uint32_t account = 0;
  std::uint32_t number = 0;
};

struct NewOrder {
  std::uint16_t locate = 0;
  event::Side side = event::Side::Buy;  // short sales are sells here
  Display display = Display::Visible;
  bool immediate = false;  // whatever does not trade at once is canceled
  bool post_only = false;  // whatever would trade at once is canceled
  std::uint32_t quantity = 0;
  std::uint32_t price_e4 = 0;
  Owner owner;
};

struct RestingOrder {
  std::uint64_t reference = 0;
  std::uint32_t quantity = 0;
  std::uint32_t price_e4 = 0;
  Owner owner;
  std::uint32_t next = kNoSlot;
  std::uint32_t previous = kNoSlot;
  std::uint16_t locate = 0;
  event::Side side = event::Side::Buy;
  Display display = Display::Visible;
  [[nodiscard]] bool displayed() const noexcept { return display != Display::Hidden; }
};

// One execution, seen from the resting order.
struct Fill {
  std::uint64_t reference = 0;
  std::uint64_t match_number = 0;
  std::uint32_t quantity = 0;
  std::uint32_t price_e4 = 0;
  std::uint32_t open_quantity = 0;  // left of the resting order
  Owner owner;
  bool displayed = true;
};

enum class Ending : std::uint8_t {
  Rests,     // open_quantity is in the book
  Filled,    // nothing left
  Expired,   // immediate: open_quantity was canceled
  PostOnly,  // would have traded: all of it was canceled
};

struct Submission {
  std::uint64_t reference = 0;
  std::uint32_t executed_quantity = 0;
  std::uint32_t open_quantity = 0;
  Ending ending = Ending::Rests;
  bool contra_displayed = false;  // PostOnly: the order in the way was displayed
  std::span<const Fill> fills;    // valid until the next call
};

class MatchingEngine {
 public:
  explicit MatchingEngine(std::uint16_t instrument_count);

  // The locate is 1 .. instrument_count, quantity and price are not 0.
  Submission submit(const NewOrder& order);

  // Takes the original out of the book and submits the order, which gets a new reference.
  // The original must be live.
  Submission replace(std::uint64_t original_reference, const NewOrder& order);

  // Takes quantity away and keeps priority; all of it or more removes the order. Returns how much
  // was taken, 0 for an unknown reference.
  std::uint32_t reduce(std::uint64_t reference, std::uint32_t quantity) noexcept;

  [[nodiscard]] const RestingOrder* find(std::uint64_t reference) const noexcept;

  // Best displayed price; 0 if none.
  [[nodiscard]] std::uint32_t displayed_best_e4(std::uint16_t locate,
                                                event::Side side) const noexcept;

  [[nodiscard]] const PriceLadder& ladder(std::uint16_t locate, event::Side side) const noexcept;
  [[nodiscard]] const RestingOrder& at(std::uint32_t slot) const noexcept { return orders_[slot]; }
  [[nodiscard]] std::size_t resting_count() const noexcept { return slots_.size(); }
  [[nodiscard]] std::uint16_t instrument_count() const noexcept {
    return static_cast<std::uint16_t>(books_.size() - 1);
  }

 private:
  struct Book {
    PriceLadder bids{event::Side::Buy};
    PriceLadder asks{event::Side::Sell};
  };

  PriceLadder& ladder_of(std::uint16_t locate, event::Side side) noexcept;
  std::uint32_t match(const NewOrder& order, PriceLadder& contra);
  std::uint32_t trade_with_queue(OrderQueue& queue, PriceLevel& level, std::uint32_t wanted);
  void rest(const NewOrder& order, std::uint64_t reference, std::uint32_t quantity);
  void unlink(std::uint32_t slot) noexcept;
  void release(std::uint32_t slot) noexcept;

  std::vector<Book> books_;
  std::vector<RestingOrder> orders_;
  std::vector<std::uint32_t> free_slots_;
  ReferenceMap slots_;
  std::vector<Fill> fills_;
  std::uint64_t next_reference_ = 1;
  std::uint64_t next_match_ = 1;
};

}  // namespace ridley::venue
