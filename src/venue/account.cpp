// SPDX-License-Identifier: Apache-2.0
#include "venue/account.hpp"

#include <cstring>

#include "wire/ouch.hpp"

namespace ridley::venue {

namespace ouch = wire::ouch;

namespace {

constexpr std::size_t kAppendageLengthSize = 2;

std::string_view text(const std::array<char, 14>& characters) noexcept {
  return {characters.data(), characters.size()};
}

// What an order's acceptance and replacement have in common. The appendage goes behind the fixed
// part and its length.
template <typename Message, typename Writer>
void write_order(std::byte* bytes, const AccountOrder& order, std::string_view symbol, char state) {
  Writer{bytes}
      .user_ref_num(order.number)
      .side(order.side)
      .quantity(order.open_quantity)
      .symbol(symbol)
      .price(order.price_e4)
      .time_in_force(order.time_in_force)
      .display(order.display)
      .order_reference_number(order.reference)
      .capacity(order.capacity)
      .inter_market_sweep_eligibility(order.sweep)
      .cross_type(order.cross_type)
      .order_state(state)
      .cl_ord_id(text(order.client_order_id));
  std::byte* behind = bytes + Message::kFixedSize;
  base::store_big_endian(behind, static_cast<std::uint16_t>(order.appendage.size()));
  if (!order.appendage.empty()) {
    std::memcpy(behind + kAppendageLengthSize, order.appendage.data(), order.appendage.size());
  }
}

template <typename Message>
std::size_t size_with(const AccountOrder& order) noexcept {
  return Message::kFixedSize + kAppendageLengthSize + order.appendage.size();
}

}  // namespace

void Account::system_event(char code) {
  ouch::SystemEventWriter{replies.append(ouch::SystemEvent::kSize)}.timestamp(ns_).event_code(code);
}

void Account::accepted(const AccountOrder& order, char state) {
  std::byte* bytes = replies.append(size_with<ouch::OrderAccepted>(order));
  ouch::OrderAcceptedWriter{bytes}.timestamp(ns_);
  write_order<ouch::OrderAccepted, ouch::OrderAcceptedWriter>(
      bytes, order, instruments_->symbol(order.locate), state);
  ++counts.accepted;
  ++counts.acknowledged;
}

void Account::replaced(std::uint32_t original_number, const AccountOrder& order, char state) {
  std::byte* bytes = replies.append(size_with<ouch::OrderReplaced>(order));
  ouch::OrderReplacedWriter{bytes}.timestamp(ns_).orig_user_ref_num(original_number);
  write_order<ouch::OrderReplaced, ouch::OrderReplacedWriter>(
      bytes, order, instruments_->symbol(order.locate), state);
  ++counts.replaced;
  ++counts.acknowledged;
}

void Account::rejected(std::uint32_t number, RejectReason reason,
                       const std::array<char, 14>& client_order_id) {
  ouch::OrderRejectedWriter{replies.append(ouch::OrderRejected::kSize)}
      .timestamp(ns_)
      .user_ref_num(number)
      .rejected_order_reason(static_cast<std::uint16_t>(reason))
      .cl_ord_id(text(client_order_id));
  ++counts.rejected;
}

void Account::executed(std::uint32_t number, const Fill& fill, Liquidity liquidity) {
  AccountOrder* order = find(number);
  if (order == nullptr) return;
  ouch::OrderExecutedWriter{replies.append(ouch::OrderExecuted::kSize)}
      .timestamp(ns_)
      .user_ref_num(number)
      .quantity(fill.quantity)
      .price(fill.price_e4)
      .liquidity_flag(static_cast<char>(liquidity))
      .match_number(fill.match_number);
  if (order->executed_quantity == 0) ++counts.orders_executed;
  ++counts.executions;
  counts.executed_quantity += fill.quantity;

  const std::int64_t sign = order->side == 'B' ? 1 : -1;
  positions_[order->locate] += sign * fill.quantity;
  cash_e4_ -= sign * static_cast<std::int64_t>(std::uint64_t{fill.quantity} * fill.price_e4);
  order->executed_quantity += fill.quantity;
  order->open_quantity -= fill.quantity;
  if (order->open_quantity == 0) erase(number);
}

void Account::canceled(std::uint32_t number, std::uint32_t quantity, CancelReason reason) {
  AccountOrder* order = find(number);
  if (order == nullptr) return;
  ouch::OrderCanceledWriter{replies.append(ouch::OrderCanceled::kSize)}
      .timestamp(ns_)
      .user_ref_num(number)
      .quantity(quantity)
      .cancel_order_reason(static_cast<char>(reason));
  shrink(*order, quantity);
}

void Account::prevented(std::uint32_t number, const Prevented& prevented) {
  AccountOrder* order = find(number);
  if (order == nullptr) return;
  ouch::AiqCanceledWriter{replies.append(ouch::AiqCanceled::kSize + 1)}
      .timestamp(ns_)
      .user_ref_num(number)
      .decrement_shares(prevented.decrement)
      .order_cancel_reason(static_cast<char>(CancelReason::SelfMatch))
      .quantity_prevented_from_trading(prevented.quantity)
      .execution_price(prevented.price_e4)
      .liquidity_flag(static_cast<char>(prevented.liquidity))
      .aiq_strategy(order->self_match);
  shrink(*order, prevented.decrement);
}

void Account::shrink(AccountOrder& order, std::uint32_t quantity) {
  ++counts.canceled;
  order.open_quantity -= quantity;
  if (order.open_quantity > 0) return;
  ++counts.orders_canceled;
  erase(order.number);
}

void Account::modified(const AccountOrder& order) {
  ouch::OrderModifiedWriter{replies.append(ouch::OrderModified::kSize)}
      .timestamp(ns_)
      .user_ref_num(order.number)
      .side(order.side)
      .quantity(order.open_quantity);
  ++counts.modified;
}

void Account::mass_cancel_response(std::uint32_t number, std::string_view firm,
                                   std::string_view symbol) {
  ouch::MassCancelResponseWriter{replies.append(ouch::MassCancelResponse::kSize)}
      .timestamp(ns_)
      .user_ref_num(number)
      .firm(firm)
      .symbol(symbol);
}

void Account::entry_response(bool enabled, std::uint32_t number, std::string_view firm) {
  const auto write = [&](auto writer) { writer.timestamp(ns_).user_ref_num(number).firm(firm); };
  if (enabled) {
    write(ouch::EnableOrderEntryResponseWriter{
        replies.append(ouch::EnableOrderEntryResponse::kSize)});
  } else {
    write(ouch::DisableOrderEntryResponseWriter{
        replies.append(ouch::DisableOrderEntryResponse::kSize)});
  }
}

void Account::query_response() {
  ouch::AccountQueryResponseWriter{replies.append(ouch::AccountQueryResponse::kSize)}
      .timestamp(ns_)
      .next_user_ref_num(last_number_ + 1);
}

AccountOrder* Account::find(std::uint32_t number) noexcept {
  const auto found = orders_.find(number);
  return found == orders_.end() ? nullptr : &found->second;
}

}  // namespace ridley::venue
