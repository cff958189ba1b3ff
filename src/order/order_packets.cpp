// SPDX-License-Identifier: Apache-2.0
#include "order/order_packets.hpp"

#include <cstring>

#include "base/bytes.hpp"
#include "order/packet_frame.hpp"
#include "wire/ouch.hpp"

namespace ridley::order {
namespace {

namespace ouch = wire::ouch;

constexpr char kPostOnly = 'P';
constexpr char kContinuousMarket = 'N';
constexpr char kNotASweep = 'N';

}  // namespace

// Cold: writes the templates.
OrderPackets::OrderPackets(std::array<char, 4> firm, char capacity,
                           const std::optional<TokenPrefix>& prefix) noexcept {
  if (prefix) older_.emplace(firm, capacity, *prefix);
  for (const bool post_only : {false, true}) {
    Outbound& enter = enter_[post_only ? 1 : 0];
    ouch::EnterOrderWriter{message_of(enter)}
        .symbol({})
        .capacity(capacity)
        .inter_market_sweep_eligibility(kNotASweep)
        .cross_type(kContinuousMarket)
        .cl_ord_id({});
    ouch::Appender entering{std::span{enter.bytes}.subspan(kPacketHeaderBytes),
                            ouch::EnterOrder::kFixedSize};
    if (firm[0] != '\0') entering.add_text(ouch::Tag::Firm, {firm.data(), firm.size()});
    if (post_only) entering.add_character(ouch::Tag::PostOnly, kPostOnly);
    frame_packet(enter, entering.size());

    Outbound& replace = replace_[post_only ? 1 : 0];
    ouch::ReplaceOrderWriter{message_of(replace)}
        .inter_market_sweep_eligibility(kNotASweep)
        .cl_ord_id({});
    ouch::Appender replacing{std::span{replace.bytes}.subspan(kPacketHeaderBytes),
                             ouch::ReplaceOrder::kFixedSize};
    if (post_only) replacing.add_character(ouch::Tag::PostOnly, kPostOnly);
    frame_packet(replace, replacing.size());
  }
  ouch::CancelOrderWriter{message_of(cancel_)};
  frame_packet(cancel_, ouch::CancelOrder::kSize);
  ouch::AccountQueryWriter{message_of(account_query_)};
  frame_packet(account_query_, ouch::AccountQuery::kSize);
}

void OrderPackets::enter(const event::OrderIntent& intent, std::uint32_t user_ref,
                         const event::Symbol& symbol, Outbound& out) const noexcept {
  using ouch::EnterOrder;
  if (older_) return older_->enter(intent, user_ref, symbol, out);
  copy_packet(enter_[intent.post_only != 0 ? 1 : 0], out);
  std::byte* message = message_of(out);
  base::store_big_endian(message + EnterOrder::kUserRefNumAt, user_ref);
  message[EnterOrder::kSideAt] = static_cast<std::byte>(intent.side);
  base::store_big_endian(message + EnterOrder::kQuantityAt, intent.quantity);
  std::memcpy(message + EnterOrder::kSymbolAt, symbol.data(), symbol.size());
  base::store_big_endian(message + EnterOrder::kPriceAt, std::uint64_t{intent.price_e4});
  message[EnterOrder::kTimeInForceAt] = static_cast<std::byte>(intent.time_in_force);
  message[EnterOrder::kDisplayAt] = static_cast<std::byte>(intent.display);
}

void OrderPackets::replace(const event::OrderIntent& intent, std::uint32_t user_ref,
                           Outbound& out) const noexcept {
  using ouch::ReplaceOrder;
  if (older_) return older_->replace(intent, user_ref, out);
  copy_packet(replace_[intent.post_only != 0 ? 1 : 0], out);
  std::byte* message = message_of(out);
  base::store_big_endian(message + ReplaceOrder::kOrigUserRefNumAt, intent.user_ref);
  base::store_big_endian(message + ReplaceOrder::kUserRefNumAt, user_ref);
  base::store_big_endian(message + ReplaceOrder::kQuantityAt, intent.quantity);
  base::store_big_endian(message + ReplaceOrder::kPriceAt, std::uint64_t{intent.price_e4});
  message[ReplaceOrder::kTimeInForceAt] = static_cast<std::byte>(intent.time_in_force);
  message[ReplaceOrder::kDisplayAt] = static_cast<std::byte>(intent.display);
}

void OrderPackets::cancel(std::uint32_t user_ref, std::uint32_t quantity,
                          Outbound& out) const noexcept {
  if (older_) return older_->cancel(user_ref, quantity, out);
  copy_packet(cancel_, out);
  std::byte* message = message_of(out);
  base::store_big_endian(message + ouch::CancelOrder::kUserRefNumAt, user_ref);
  base::store_big_endian(message + ouch::CancelOrder::kQuantityAt, quantity);
}

void OrderPackets::account_query(Outbound& out) const noexcept { copy_packet(account_query_, out); }

}  // namespace ridley::order
