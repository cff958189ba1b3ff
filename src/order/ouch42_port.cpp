// SPDX-License-Identifier: Apache-2.0
#include "order/ouch42_port.hpp"

#include <string_view>

#include "order/ouch42_terms.hpp"
#include "wire/ouch.hpp"
#include "wire/ouch42.hpp"

namespace ridley::order {

namespace ouch = wire::ouch;
namespace ouch42 = wire::ouch42;

namespace {

constexpr char kPostOnly = 'P';
constexpr char kDefaultCustomer = ' ';

std::string_view text_of(const Token& token) noexcept { return {token.data(), token.size()}; }

// Ours.
char letter_of(std::uint16_t reason) noexcept {
  using Reason = ouch::RejectedOrderReason;
  switch (static_cast<Reason>(reason)) {
    case Reason::DestinationClosed: return 'C';
    case Reason::InvalidDisplay: return 'D';
    case Reason::Halted: return 'H';
    case Reason::FirmNotAuthorized: return 'L';
    case Reason::InvalidMinQuantity: return 'N';
    case Reason::InvalidCrossOrder: return 'R';
    case Reason::InvalidSymbol: return 'S';
    case Reason::InvalidPrice: return 'X';
    case Reason::InvalidQuantity: return 'Z';
    default: return 'O';
  }
}

}  // namespace

// One function for each message; each says how many bytes it has written.
class Ouch42Port::ToExchange {
 public:
  ToExchange(Ouch42Port& port, std::uint32_t now_s) noexcept : port_{port}, now_s_{now_s} {}

  void operator()(const ouch42::EnterOrder& message) {
    const std::uint32_t number = port_.begin({.token = message.order_token().raw(),
                                              .firm = message.firm().raw(),
                                              .time_in_force = message.time_in_force(),
                                              .minimum_quantity = message.minimum_quantity(),
                                              .display = message.display()});
    if (number == 0) return;
    ouch::EnterOrderWriter writer{bytes()};
    writer.side(message.buy_sell_indicator())
        .symbol(message.stock().text())
        .capacity(message.capacity())
        .cross_type(message.cross_type())
        .cl_ord_id(message.order_token().text());
    write_common(writer, message, number);
    ouch::Appender appender{port_.room_, ouch::EnterOrder::kFixedSize};
    if (!message.firm().text().empty())
      appender.add_text(ouch::Tag::Firm, {message.firm().raw().data(), 4});
    if (message.customer_type() != kDefaultCustomer)
      appender.add_character(ouch::Tag::CustomerType, message.customer_type());
    add_common(appender, message);
  }

  void operator()(const ouch42::ReplaceOrder& message) {
    const std::uint32_t original = port_.number_of(message.existing_order_token().raw());
    const Terms* before = port_.terms_of(original);
    if (before == nullptr) return;
    const std::uint32_t number = port_.begin({.token = message.replacement_order_token().raw(),
                                              .firm = before->firm,
                                              .time_in_force = message.time_in_force(),
                                              .minimum_quantity = message.minimum_quantity(),
                                              .display = message.display()});
    if (number == 0) return;
    ouch::ReplaceOrderWriter writer{bytes()};
    writer.orig_user_ref_num(original).cl_ord_id(message.replacement_order_token().text());
    write_common(writer, message, number);
    ouch::Appender appender{port_.room_, ouch::ReplaceOrder::kFixedSize};
    add_common(appender, message);
  }

  void operator()(const ouch42::CancelOrder& message) {
    const std::uint32_t number = port_.number_of(message.order_token().raw());
    if (number == 0) return;
    ouch::CancelOrderWriter{bytes()}.user_ref_num(number).quantity(message.shares());
    size = ouch::CancelOrder::kFixedSize;
  }

  void operator()(const ouch42::ModifyOrder& message) {
    const std::uint32_t number = port_.number_of(message.order_token().raw());
    if (number == 0) return;
    ouch::ModifyOrderWriter{bytes()}
        .user_ref_num(number)
        .side(message.buy_sell_indicator())
        .quantity(message.shares());
    size = ouch::ModifyOrder::kFixedSize;
  }

  void operator()(const ouch42::TradeNow&) {}

  std::size_t size = 0;

 private:
  [[nodiscard]] std::byte* bytes() noexcept { return port_.room_.data(); }

  template <typename Writer, typename Message>
  void write_common(Writer& writer, const Message& message, std::uint32_t number) {
    writer.user_ref_num(number)
        .quantity(message.shares())
        .price(message.price())
        .time_in_force(static_cast<char>(letter_of_seconds(message.time_in_force())))
        .display(display_without_post_only(message.display()))
        .inter_market_sweep_eligibility(message.intermarket_sweep_eligibility());
  }

  template <typename Message>
  void add_common(ouch::Appender& appender, const Message& message) {
    if (message.minimum_quantity() != 0)
      appender.add_number(ouch::Tag::MinQty, message.minimum_quantity());
    if (is_post_only(message.display())) appender.add_character(ouch::Tag::PostOnly, kPostOnly);
    if (letter_of_seconds(message.time_in_force()) == ouch::TimeInForce::GoodTillTime)
      appender.add_number(ouch::Tag::ExpireTime, now_s_ + message.time_in_force());
    size = appender.size();
  }

  Ouch42Port& port_;
  std::uint32_t now_s_;
};

class Ouch42Port::ToClient {
 public:
  explicit ToClient(Ouch42Port& port) noexcept : port_{port} {}

  void operator()(const ouch::SystemEvent& reply) {
    ouch42::SystemEventWriter{bytes()}.timestamp(reply.timestamp()).event_code(reply.event_code());
    size = ouch42::SystemEvent::kSize;
  }

  void operator()(const ouch::OrderAccepted& reply) {
    const Terms* terms = find(reply.user_ref_num());
    if (terms == nullptr) return;
    ouch42::AcceptedWriter writer{bytes()};
    writer.order_token(text_of(terms->token));
    write_order(writer, reply, *terms);
    size = ouch42::Accepted::kSize;
  }

  void operator()(const ouch::OrderReplaced& reply) {
    const Terms* terms = find(reply.user_ref_num());
    const Terms* before = find(reply.orig_user_ref_num());
    if (terms == nullptr || before == nullptr) return;
    ouch42::ReplacedWriter writer{bytes()};
    writer.replacement_order_token(text_of(terms->token))
        .previous_order_token(text_of(before->token));
    write_order(writer, reply, *terms);
    size = ouch42::Replaced::kSize;
  }

  void operator()(const ouch::OrderCanceled& reply) {
    ouch42::CanceledWriter writer{bytes()};
    writer.decrement_shares(reply.quantity()).cancel_order_reason(reply.cancel_order_reason());
    name<ouch42::Canceled>(writer, reply);
  }

  void operator()(const ouch::AiqCanceled& reply) {
    ouch42::AiqCanceledWriter writer{bytes()};
    writer.decrement_shares(reply.decrement_shares())
        .cancel_order_reason(reply.order_cancel_reason())
        .quantity_prevented_from_trading(reply.quantity_prevented_from_trading())
        .execution_price(short_price(reply.execution_price()))
        .liquidity_flag(reply.liquidity_flag());
    name<ouch42::AiqCanceled>(writer, reply);
    if (size == 0 || !reply.has_aiq_strategy()) return;
    writer.aiq_strategy(reply.aiq_strategy());
    ++size;
  }

  void operator()(const ouch::OrderExecuted& reply) {
    ouch42::ExecutedWriter writer{bytes()};
    writer.executed_shares(reply.quantity())
        .execution_price(short_price(reply.price()))
        .liquidity_flag(reply.liquidity_flag())
        .match_number(reply.match_number());
    name<ouch42::Executed>(writer, reply);
  }

  void operator()(const ouch::BrokenTrade& reply) {
    ouch42::BrokenTradeWriter writer{bytes()};
    writer.match_number(reply.match_number()).broken_trade_reason(reply.broken_trade_reason());
    name<ouch42::BrokenTrade>(writer, reply);
  }

  void operator()(const ouch::TradeCorrection& reply) {
    ouch42::TradeCorrectionWriter writer{bytes()};
    writer.executed_shares(reply.quantity())
        .execution_price(short_price(reply.price()))
        .liquidity_flag(reply.liquidity_flag())
        .match_number(reply.match_number())
        .reason(reply.trade_correction_reason());
    name<ouch42::TradeCorrection>(writer, reply);
  }

  void operator()(const ouch::OrderRejected& reply) {
    ouch42::RejectedWriter writer{bytes()};
    writer.rejected_order_reason(letter_of(reply.rejected_order_reason()));
    name<ouch42::Rejected>(writer, reply);
  }

  void operator()(const ouch::CancelPending& reply) {
    ouch42::CancelPendingWriter writer{bytes()};
    name<ouch42::CancelPending>(writer, reply);
  }

  void operator()(const ouch::CancelReject& reply) {
    ouch42::CancelRejectWriter writer{bytes()};
    name<ouch42::CancelReject>(writer, reply);
  }

  void operator()(const ouch::OrderPriorityUpdate& reply) {
    ouch42::OrderPriorityUpdateWriter writer{bytes()};
    writer.price(short_price(reply.price()))
        .display(reply.display())
        .order_reference_number(reply.order_reference_number());
    name<ouch42::OrderPriorityUpdate>(writer, reply);
  }

  void operator()(const ouch::OrderModified& reply) {
    ouch42::OrderModifiedWriter writer{bytes()};
    writer.buy_sell_indicator(reply.side()).shares(reply.quantity());
    name<ouch42::OrderModified>(writer, reply);
  }

  // Answers to requests that 4.2 does not have, and a display that changes.
  void operator()(const auto&) {}

  std::size_t size = 0;

 private:
  [[nodiscard]] std::byte* bytes() noexcept { return port_.room_.data(); }
  [[nodiscard]] const Terms* find(std::uint32_t number) const noexcept {
    return port_.terms_of(number);
  }

  template <typename Message, typename Writer, typename Reply>
  void name(Writer& writer, const Reply& reply) {
    const Terms* terms = find(reply.user_ref_num());
    if (terms == nullptr) return;
    writer.timestamp(reply.timestamp()).order_token(text_of(terms->token));
    size = Message::kSize;
  }

  // Nothing is said about the weight of the best price: the sheet has no letter for that.
  template <typename Writer, typename Reply>
  static void write_order(Writer& writer, const Reply& reply, const Terms& terms) {
    writer.timestamp(reply.timestamp())
        .buy_sell_indicator(reply.side())
        .shares(reply.quantity())
        .stock(reply.symbol().text())
        .price(short_price(reply.price()))
        .time_in_force(terms.time_in_force)
        .firm({terms.firm.data(), terms.firm.size()})
        .display(terms.display)
        .order_reference_number(reply.order_reference_number())
        .capacity(reply.capacity())
        .intermarket_sweep_eligibility(reply.inter_market_sweep_eligibility())
        .minimum_quantity(terms.minimum_quantity)
        .cross_type(reply.cross_type())
        .order_state(reply.order_state())
        .bbo_weight_indicator(' ');
  }

  Ouch42Port& port_;
};

std::span<const std::byte> Ouch42Port::to_exchange(std::span<const std::byte> message,
                                                   std::uint32_t now_s) {
  ToExchange inbound{*this, now_s};
  if (!ouch42::visit_inbound(message, inbound)) {
    ++malformed_;
  } else if (inbound.size == 0) {
    ++ignored_;
  }
  return std::span{room_}.first(inbound.size);
}

std::span<const std::byte> Ouch42Port::to_client(std::span<const std::byte> reply) {
  ToClient outbound{*this};
  (void)ouch::visit_outbound(reply, outbound);
  return std::span{room_}.first(outbound.size);
}

std::uint32_t Ouch42Port::begin(const Terms& terms) {
  const auto number = static_cast<std::uint32_t>(terms_.size() + 1);
  if (!numbers_.try_emplace(terms.token, number).second) return 0;
  terms_.push_back(terms);
  return number;
}

std::uint32_t Ouch42Port::number_of(const Token& token) const {
  const auto found = numbers_.find(token);
  return found == numbers_.end() ? 0 : found->second;
}

const Ouch42Port::Terms* Ouch42Port::terms_of(std::uint32_t number) const noexcept {
  return number == 0 || number > terms_.size() ? nullptr : &terms_[number - 1];
}

}  // namespace ridley::order
