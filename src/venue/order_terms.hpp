// SPDX-License-Identifier: Apache-2.0
// What the matching engine takes and gives: orders with their terms, what traded, what was kept
// from trading, and how an order ended. Prices in 1/10,000 of a dollar, quantities in shares. Plain
// values; any core.
#pragma once

#include <cstdint>
#include <span>

#include "event/records.hpp"

namespace ridley::venue {

// Attributed: displayed together with the owner's MPID.
enum class Display : std::uint8_t { Visible = 'Y', Hidden = 'N', Attributed = 'A' };

// Who gets told: the account, and its own number for the order.
struct Owner {
  std::uint32_t account = 0;
  std::uint32_t number = 0;
};

// What happens where two orders of one group would trade.
enum class SelfMatch : std::uint8_t {
  CancelOldest,   // the resting order goes, the incoming one trades on
  CancelNewest,   // what is left of the incoming order goes
  DecrementBoth,  // both lose the quantity that would have traded
};

struct NewOrder {
  std::uint16_t locate = 0;
  event::Side side = event::Side::Buy;  // short sales are sells here
  Display display = Display::Visible;
  bool immediate = false;  // whatever does not trade at once is canceled
  bool post_only = false;  // whatever would trade at once is canceled
  bool quoting = false;    // trades with nobody for now, whatever it meets
  SelfMatch self_match = SelfMatch::CancelOldest;
  std::uint16_t group = 0;  // of self-match prevention; 0 trades with everybody
  std::uint32_t quantity = 0;
  std::uint32_t price_e4 = 0;
  std::uint32_t minimum_quantity = 0;  // trades no less than this at a time, while it can
  Owner owner;
};

// An order in the book, as it is now.
struct RestingOrder {
  std::uint64_t reference = 0;
  std::uint32_t quantity = 0;
  std::uint32_t price_e4 = 0;
  Owner owner;
  std::uint16_t locate = 0;
  event::Side side = event::Side::Buy;
  Display display = Display::Visible;
  [[nodiscard]] bool displayed() const noexcept { return display != Display::Hidden; }
};

// One execution, seen from the resting order. Without defaults: there is a large array of them.
struct Fill {
  std::uint64_t reference;
  std::uint64_t match_number;
  std::uint32_t quantity;
  std::uint32_t price_e4;
  std::uint32_t open_quantity;  // left of the resting order
  Owner owner;
  bool displayed;
};

// A resting order that lost quantity because it would have traded with its own group.
struct Prevention {
  std::uint64_t reference;
  std::uint32_t quantity;   // that would have traded
  std::uint32_t decrement;  // taken from the resting order
  std::uint32_t price_e4;
  std::uint32_t open_quantity;  // left of the resting order
  Owner owner;
  bool displayed;
};

enum class Ending : std::uint8_t {
  Rests,      // open_quantity is in the book
  Filled,     // nothing left
  Expired,    // immediate: open_quantity was canceled
  PostOnly,   // would have traded: all of it was canceled
  SelfMatch,  // met its own group: open_quantity was canceled
  Full,       // the engine has no memory for it: open_quantity was canceled
};

struct Submission {
  std::uint64_t reference = 0;
  std::uint32_t executed_quantity = 0;
  std::uint32_t prevented_quantity = 0;  // taken from this order by self-match prevention
  std::uint32_t open_quantity = 0;
  Ending ending = Ending::Rests;
  bool contra_displayed = false;  // PostOnly: the order in the way was displayed
  std::span<const Fill> fills;    // both valid until the next call
  std::span<const Prevention> preventions;
};

// What a reduction took, and from whom; quantity 0 from nobody.
struct Reduction {
  std::uint32_t quantity = 0;
  std::uint32_t open_quantity = 0;
  std::uint16_t locate = 0;
  bool displayed = false;
};

}  // namespace ridley::venue
