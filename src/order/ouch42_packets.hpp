// SPDX-License-Identifier: Apache-2.0
// In: an approved intent, a number, a symbol. Out: the packet for an exchange that speaks OUCH 4.2
// (its sheet, section 3), session framing included: what OrderPackets writes for those that speak
// 5.0. Hot core; set-up cold.
#pragma once

#include <array>
#include <cstdint>

#include "event/records.hpp"
#include "order/ouch42_token.hpp"
#include "order/slots.hpp"

namespace ridley::order {

class Ouch42Packets {
 public:
  // Cold. firm: four letters, zeros when the port's own firm is meant. capacity: O, A, P or R.
  Ouch42Packets(std::array<char, 4> firm, char capacity, const TokenPrefix& prefix) noexcept;

  void enter(const event::OrderIntent& intent, std::uint32_t user_ref, const event::Symbol& symbol,
             Outbound& out) const noexcept;
  void replace(const event::OrderIntent& intent, std::uint32_t user_ref,
               Outbound& out) const noexcept;
  // Quantity: what may stay open, 0 for nothing.
  void cancel(std::uint32_t user_ref, std::uint32_t quantity, Outbound& out) const noexcept;

 private:
  Outbound enter_;
  Outbound replace_;
  Outbound cancel_;
};

}  // namespace ridley::order
