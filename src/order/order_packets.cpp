// SPDX-License-Identifier: Apache-2.0
#include "order/order_packets.hpp"

#include <cstring>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "wire/ouch.hpp"
#include "wire/soup.hpp"

namespace ridley::order {
namespace {

namespace ouch = wire::ouch;

constexpr std::size_t kHeaderBytes = wire::soup::UnsequencedData::kSize;
// The longest template is 59 bytes; a copy of a fixed size is a few moves.
constexpr std::size_t kTemplateBytesMax = 64;
constexpr char kPostOnly = 'P';
constexpr char kContinuousMarket = 'N';
constexpr char kNotASweep = 'N';

std::byte* message_of(Outbound& out) noexcept { return out.bytes.data() + kHeaderBytes; }

void frame(Outbound& out, std::size_t message_bytes) noexcept {
  RIDLEY_ASSERT(kHeaderBytes + message_bytes <= kTemplateBytesMax);
  base::store_big_endian(out.bytes.data(), static_cast<std::uint16_t>(message_bytes + 1));
  out.bytes[2] = std::byte{wire::soup::UnsequencedData::kType};
  out.length = static_cast<std::uint16_t>(kHeaderBytes + message_bytes);
}

void copy(const Outbound& from, Outbound& to) noexcept {
  to.length = from.length;
  std::memcpy(to.bytes.data(), from.bytes.data(), kTemplateBytesMax);
}

}  // namespace

// Cold: writes the templates.
OrderPackets::OrderPackets(std::array<char, 4> firm, char capacity) noexcept {
  for (const bool post_only : {false, true}) {
    Outbound& enter = enter_[post_only ? 1 : 0];
    ouch::EnterOrderWriter{message_of(enter)}
        .symbol({})
        .capacity(capacity)
        .inter_market_sweep_eligibility(kNotASweep)
        .cross_type(kContinuousMarket)
        .cl_ord_id({});
    ouch::Appender entering{std::span{enter.bytes}.subspan(kHeaderBytes),
                            ouch::EnterOrder::kFixedSize};
    if (firm[0] != '\0') entering.add_text(ouch::Tag::Firm, {firm.data(), firm.size()});
    if (post_only) entering.add_character(ouch::Tag::PostOnly, kPostOnly);
    frame(enter, entering.size());

    Outbound& replace = replace_[post_only ? 1 : 0];
    ouch::ReplaceOrderWriter{message_of(replace)}
        .inter_market_sweep_eligibility(kNotASweep)
        .cl_ord_id({});
    ouch::Appender replacing{std::span{replace.bytes}.subspan(kHeaderBytes),
                             ouch::ReplaceOrder::kFixedSize};
    if (post_only) replacing.add_character(ouch::Tag::PostOnly, kPostOnly);
    frame(replace, replacing.size());
  }
  ouch::CancelOrderWriter{message_of(cancel_)};
  frame(cancel_, ouch::CancelOrder::kSize);
  ouch::AccountQueryWriter{message_of(account_query_)};
  frame(account_query_, ouch::AccountQuery::kSize);
}

void OrderPackets::enter(const event::OrderIntent& intent, std::uint32_t user_ref,
                         const event::Symbol& symbol, Outbound& out) const noexcept {
  using ouch::EnterOrder;
  copy(enter_[intent.post_only != 0 ? 1 : 0], out);
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
  copy(replace_[intent.post_only != 0 ? 1 : 0], out);
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
  copy(cancel_, out);
  std::byte* message = message_of(out);
  base::store_big_endian(message + ouch::CancelOrder::kUserRefNumAt, user_ref);
  base::store_big_endian(message + ouch::CancelOrder::kQuantityAt, quantity);
}

void OrderPackets::account_query(Outbound& out) const noexcept { copy(account_query_, out); }

}  // namespace ridley::order
