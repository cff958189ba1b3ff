// SPDX-License-Identifier: Apache-2.0
#include "order/ouch42_replies.hpp"

#include "base/assert.hpp"
#include "order/ouch42_terms.hpp"
#include "wire/ouch.hpp"
#include "wire/ouch42.hpp"

namespace ridley::order {

namespace ouch = wire::ouch;
namespace ouch42 = wire::ouch42;

// One function for each message; each says how many bytes it has written.
class Ouch42Replies::Writer {
 public:
  Writer(Ouch42Replies& replies, std::span<std::byte> room) noexcept
      : replies_{replies}, room_{room} {}

  void operator()(const ouch42::SystemEvent& message) {
    ouch::SystemEventWriter{room_.data()}
        .timestamp(message.timestamp())
        .event_code(message.event_code());
    size = ouch::SystemEvent::kSize;
  }

  void operator()(const ouch42::Accepted& message) {
    ouch::OrderAcceptedWriter writer{room_.data()};
    writer.user_ref_num(number_of(message.order_token()));
    writer.cl_ord_id(message.order_token().text());
    write_order(writer, message);
    size = ouch::OrderAccepted::kSize;
  }

  void operator()(const ouch42::Replaced& message) {
    ouch::OrderReplacedWriter writer{room_.data()};
    writer.orig_user_ref_num(number_of(message.previous_order_token()));
    writer.user_ref_num(number_of(message.replacement_order_token()));
    writer.cl_ord_id(message.replacement_order_token().text());
    write_order(writer, message);
    size = ouch::OrderReplaced::kSize;
  }

  void operator()(const ouch42::Canceled& message) {
    named<ouch::OrderCanceledWriter>(message)
        .quantity(message.decrement_shares())
        .cancel_order_reason(message.cancel_order_reason());
    size = ouch::OrderCanceled::kSize;
  }

  // The strategy came with the same revision in both protocols.
  void operator()(const ouch42::AiqCanceled& message) {
    auto writer = named<ouch::AiqCanceledWriter>(message);
    writer.decrement_shares(message.decrement_shares())
        .order_cancel_reason(message.cancel_order_reason())
        .quantity_prevented_from_trading(message.quantity_prevented_from_trading())
        .execution_price(message.execution_price())
        .liquidity_flag(message.liquidity_flag());
    size = ouch::AiqCanceled::kSize;
    if (!message.has_aiq_strategy()) return;
    writer.aiq_strategy(message.aiq_strategy());
    ++size;
  }

  void operator()(const ouch42::Executed& message) {
    write_execution(message);
    size = ouch::OrderExecuted::kSize;
  }

  // What the price refers to are elements of 5.0.
  void operator()(const ouch42::ExecutedWithReferencePrice& message) {
    write_execution(message);
    ouch::Appender appender{room_, ouch::OrderExecuted::kFixedSize};
    appender.add_number(ouch::Tag::ReferencePrice, std::uint64_t{message.reference_price()});
    appender.add_character(ouch::Tag::ReferencePriceType, message.reference_price_type());
    size = appender.size();
  }

  void operator()(const ouch42::BrokenTrade& message) {
    named<ouch::BrokenTradeWriter>(message)
        .match_number(message.match_number())
        .broken_trade_reason(message.broken_trade_reason())
        .cl_ord_id(message.order_token().text());
    size = ouch::BrokenTrade::kSize;
  }

  void operator()(const ouch42::TradeCorrection& message) {
    named<ouch::TradeCorrectionWriter>(message)
        .quantity(message.executed_shares())
        .price(message.execution_price())
        .liquidity_flag(message.liquidity_flag())
        .match_number(message.match_number())
        .trade_correction_reason(message.reason())
        .cl_ord_id(message.order_token().text());
    size = ouch::TradeCorrection::kSize;
  }

  // The letter as it is: below every number of 5.0 that means something to us.
  void operator()(const ouch42::Rejected& message) {
    named<ouch::OrderRejectedWriter>(message)
        .rejected_order_reason(static_cast<unsigned char>(message.rejected_order_reason()))
        .cl_ord_id(message.order_token().text());
    size = ouch::OrderRejected::kSize;
  }

  void operator()(const ouch42::CancelPending& message) {
    named<ouch::CancelPendingWriter>(message);
    size = ouch::CancelPending::kSize;
  }

  void operator()(const ouch42::CancelReject& message) {
    named<ouch::CancelRejectWriter>(message);
    size = ouch::CancelReject::kSize;
  }

  void operator()(const ouch42::OrderPriorityUpdate& message) {
    named<ouch::OrderPriorityUpdateWriter>(message)
        .price(message.price())
        .display(message.display())
        .order_reference_number(message.order_reference_number());
    size = ouch::OrderPriorityUpdate::kSize;
  }

  void operator()(const ouch42::OrderModified& message) {
    named<ouch::OrderModifiedWriter>(message)
        .side(message.buy_sell_indicator())
        .quantity(message.shares());
    size = ouch::OrderModified::kSize;
  }

  // Answers a request that we never make.
  void operator()(const ouch42::TradeNowDone&) {}

  std::size_t size = 0;

 private:
  std::uint32_t number_of(const wire::Alpha<kTokenBytes>& token) {
    const std::uint32_t user_ref =
        user_ref_of(replies_.prefix_, {token.raw().data(), token.raw().size()});
    if (user_ref == 0) ++replies_.counters_.foreign_tokens;
    return user_ref;
  }

  // What every message about one order begins with.
  template <typename MessageWriter, typename Message>
  MessageWriter named(const Message& message) {
    MessageWriter writer{room_.data()};
    writer.timestamp(message.timestamp()).user_ref_num(number_of(message.order_token()));
    return writer;
  }

  template <typename MessageWriter, typename Message>
  static void write_order(MessageWriter& writer, const Message& message) {
    writer.timestamp(message.timestamp())
        .side(message.buy_sell_indicator())
        .quantity(message.shares())
        .symbol(message.stock().text())
        .price(message.price())
        .time_in_force(static_cast<char>(letter_of_seconds(message.time_in_force())))
        .display(message.display())
        .order_reference_number(message.order_reference_number())
        .capacity(message.capacity())
        .inter_market_sweep_eligibility(message.intermarket_sweep_eligibility())
        .cross_type(message.cross_type())
        .order_state(message.order_state());
  }

  template <typename Message>
  void write_execution(const Message& message) {
    named<ouch::OrderExecutedWriter>(message)
        .quantity(message.executed_shares())
        .price(message.execution_price())
        .liquidity_flag(message.liquidity_flag())
        .match_number(message.match_number());
  }

  Ouch42Replies& replies_;
  std::span<std::byte> room_;
};

std::span<const std::byte> Ouch42Replies::translate(std::span<const std::byte> message,
                                                    std::span<std::byte> room) {
  RIDLEY_ASSERT(room.size() >= kTranslatedBytesMax);
  Writer writer{*this, room};
  if (!ouch42::visit_outbound(message, writer) || writer.size == 0) ++counters_.unreadable;
  return room.first(writer.size);
}

}  // namespace ridley::order
