// SPDX-License-Identifier: Apache-2.0
// In: an approved intent, a number, a symbol. Out: the packet for the exchange in the protocol that
// it speaks, session framing included. Everything that does not change from order to order is
// written once, at start; the rest is patched into a copy. Hot core; set-up cold.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "event/records.hpp"
#include "order/ouch42_packets.hpp"
#include "order/slots.hpp"

namespace ridley::order {

class OrderPackets {
 public:
  // Cold. firm: four letters, zeros when the port's own firm is meant. capacity: O, A, P or R.
  // With the prefix of our tokens the exchange speaks OUCH 4.2, else 5.0.
  OrderPackets(std::array<char, 4> firm, char capacity,
               const std::optional<TokenPrefix>& prefix = std::nullopt) noexcept;

  void enter(const event::OrderIntent& intent, std::uint32_t user_ref, const event::Symbol& symbol,
             Outbound& out) const noexcept;
  void replace(const event::OrderIntent& intent, std::uint32_t user_ref,
               Outbound& out) const noexcept;
  // Quantity: what may stay open, 0 for nothing.
  void cancel(std::uint32_t user_ref, std::uint32_t quantity, Outbound& out) const noexcept;
  // Only where there is such a question: OUCH 4.2 has none.
  void account_query(Outbound& out) const noexcept;
  [[nodiscard]] bool has_account_query() const noexcept { return !older_; }

 private:
  // Without and with the post-only element.
  Outbound enter_[2];
  Outbound replace_[2];
  Outbound cancel_;
  Outbound account_query_;
  std::optional<Ouch42Packets> older_;
};

}  // namespace ridley::order
