// SPDX-License-Identifier: Apache-2.0
#include "venue/desk_orders.hpp"

#include "venue/self_match.hpp"

namespace ridley::venue {

event::Side side_of(char letter) noexcept {
  return letter == 'B' ? event::Side::Buy : event::Side::Sell;
}

NewOrder engine_order(std::uint32_t account, const AccountOrder& terms, Exchange& exchange) {
  NewOrder order;
  order.locate = terms.locate;
  order.side = side_of(terms.side);
  order.display = static_cast<Display>(terms.display);
  order.immediate = terms.time_in_force == '3';
  order.post_only = terms.post_only;
  order.self_match = self_match_of(terms.self_match).value_or(SelfMatch::CancelOldest);
  order.minimum_quantity = terms.minimum_quantity;
  order.quantity = terms.open_quantity;
  order.price_e4 = terms.price_e4;
  order.owner = {account, terms.number};
  if (terms.self_match != ' ') {
    order.group = exchange.self_match_group(exchange.accounts()[account].settings().firm,
                                            terms.self_match_group);
  }
  return order;
}

bool stillborn(const Submission& submission) noexcept {
  return submission.ending == Ending::Expired && submission.executed_quantity == 0 &&
         submission.prevented_quantity == 0;
}

RejectReason reason_of(PortBreach breach) noexcept {
  switch (breach) {
    case PortBreach::Quantity: return RejectReason::SharesExceedThreshold;
    case PortBreach::Notional: return RejectReason::ExceedsNotional;
    case PortBreach::Away: return RejectReason::FatFinger;
    case PortBreach::Rate:
    case PortBreach::OpenOrders: return RejectReason::Other;
  }
  return RejectReason::Other;
}

bool keeps_priority(const AccountOrder& original, const AccountOrder& terms) noexcept {
  return terms.price_e4 == original.price_e4 && terms.open_quantity <= original.open_quantity &&
         terms.display == original.display && terms.time_in_force != '3' && !terms.post_only &&
         terms.minimum_quantity == original.minimum_quantity &&
         terms.self_match == original.self_match &&
         terms.self_match_group == original.self_match_group;
}

bool is_firm(std::string_view asked, const Account& account) {
  return asked.empty() || asked == account.settings().firm;
}

bool may_become(char from, char to) noexcept {
  return from == to || (from == 'S' && (to == 'E' || to == 'T')) || (from == 'E' && to == 'T');
}

}  // namespace ridley::venue
