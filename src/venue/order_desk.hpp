// SPDX-License-Identifier: Apache-2.0
// In: OUCH 5.0 messages of an account. Out: what the exchange does with them: replies in the
// account, messages in the feed. Anything a client may send is an answer here, never an accident.
// No clock. One owner.
//
// Rules where the protocol leaves room: the quantity of a cancel or modify is the open quantity
// wanted afterwards; a reject uses up the number, an ignored message does not; mass cancel, disable
// and enable are answered whatever their number, because doing them twice does no harm; a replace
// that only takes quantity away keeps its priority and its reference.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>

#include "venue/exchange.hpp"
#include "venue/order_rules.hpp"
#include "venue/random.hpp"

namespace ridley::venue {

class OrderDesk {
 public:
  static constexpr std::size_t kAllOrders = std::numeric_limits<std::size_t>::max();

  // The seed is of what goes wrong.
  explicit OrderDesk(Exchange& exchange, std::uint64_t seed = 0) noexcept
      : exchange_{exchange}, random_{seed} {}

  void receive(std::uint32_t account, std::span<const std::byte> message);

  // Live orders of the account, one by one from the oldest on; all of them without a number.
  void cancel_all(std::uint32_t account, CancelReason reason, std::size_t orders_max = kAllOrders);

  // Ends the orders whose time has come by the exchange's time.
  void expire();

 private:
  class Visitor;

  struct Target {
    std::uint32_t account;
    std::uint32_t number;
  };

  void enter(std::uint32_t index, Request& request, std::string_view symbol,
             std::optional<RejectReason> reason);
  void enter_cross(std::uint32_t index, const Request& request);
  void replace(std::uint32_t index, std::uint32_t original_number, Request& request,
               std::optional<RejectReason> reason);
  void cancel(std::uint32_t index, std::uint32_t number, std::uint32_t quantity);
  void modify(std::uint32_t index, std::uint32_t number, char side, std::uint32_t quantity);
  void mass_cancel(std::uint32_t index, std::uint32_t number, std::string_view firm,
                   std::string_view symbol);
  void switch_entry(std::uint32_t index, bool enabled, std::uint32_t number, std::string_view firm);

  [[nodiscard]] std::optional<RejectReason> check_market(const Account& account,
                                                         const AccountOrder& terms) const noexcept;
  [[nodiscard]] std::optional<RejectReason> storm(const Account& account) noexcept;
  [[nodiscard]] NewOrder admitted(std::uint32_t index, AccountOrder& terms);
  [[nodiscard]] std::optional<RejectReason> check_port(Account& account, const Request& request,
                                                       std::size_t open_orders);
  void shrink_in_place(std::uint32_t index, const AccountOrder& original, AccountOrder& terms);
  void expire_later(std::uint32_t index, const AccountOrder& order);
  void finish(std::uint32_t index, const AccountOrder& order, const Submission& submission);
  void take_away(std::uint32_t index, std::uint32_t number, std::uint32_t quantity,
                 CancelReason reason);
  [[nodiscard]] Account& account(std::uint32_t index) { return exchange_.accounts()[index]; }

  Exchange& exchange_;
  Random random_;
  // By second since midnight. Orders may be dead by then.
  std::multimap<std::uint32_t, Target> expiries_;
};

}  // namespace ridley::venue
