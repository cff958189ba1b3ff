// SPDX-License-Identifier: Apache-2.0
// In: an approved intent, a number, a symbol. Out: the packet for the exchange, session framing
// included. Everything that does not change from order to order is written once, at start; the rest
// is patched into a copy. Hot core; set-up cold.
#pragma once

#include <cstddef>
#include <cstdint>

#include "event/records.hpp"
#include "order/slots.hpp"

namespace ridley::order {

class OrderPackets {
 public:
  // Cold. firm: four letters, zeros when the port's own firm is meant. capacity: O, A, P or R.
  OrderPackets(std::array<char, 4> firm, char capacity) noexcept;

  void enter(const event::OrderIntent& intent, std::uint32_t user_ref, const event::Symbol& symbol,
             Outbound& out) const noexcept;
  void replace(const event::OrderIntent& intent, std::uint32_t user_ref,
               Outbound& out) const noexcept;
  // Quantity: what may stay open, 0 for nothing.
  void cancel(std::uint32_t user_ref, std::uint32_t quantity, Outbound& out) const noexcept;
  void account_query(Outbound& out) const noexcept;

 private:
  // Without and with the post-only element.
  Outbound enter_[2];
  Outbound replace_[2];
  Outbound cancel_;
  Outbound account_query_;
};

}  // namespace ridley::order
