// SPDX-License-Identifier: Apache-2.0
#include "order/ouch42_packets.hpp"

#include <cstring>
#include <string_view>

#include "order/packet_frame.hpp"
#include "wire/ouch42.hpp"

namespace ridley::order {
namespace {

namespace ouch42 = wire::ouch42;

constexpr char kNotASweep = 'N';
constexpr char kNoCross = 'N';
constexpr char kNotRetail = 'N';

// 4.2 counts seconds and has numbers for the rest of the day (sheet, section 1). An intent names no
// end, so an order until some time is one until the market closes.
std::uint32_t seconds_of(event::TimeInForce time_in_force) noexcept {
  using ouch42::TimeInForce;
  switch (time_in_force) {
    case event::TimeInForce::ImmediateOrCancel:
      return static_cast<std::uint32_t>(TimeInForce::ImmediateOrCancel);
    case event::TimeInForce::Extended: return static_cast<std::uint32_t>(TimeInForce::SystemHours);
    case event::TimeInForce::AfterHours:
      return static_cast<std::uint32_t>(TimeInForce::ExtendedClose);
    case event::TimeInForce::Day:
    case event::TimeInForce::GoodTillTime: break;
  }
  return static_cast<std::uint32_t>(TimeInForce::MarketHours);
}

// Post-only is a display here, with the name shown or not (sheet, section 4).
char display_of(const event::OrderIntent& intent) noexcept {
  if (intent.post_only == 0) return static_cast<char>(intent.display);
  return intent.display == 'A' ? 'L' : 'P';
}

void write_prefix(std::byte* to, const TokenPrefix& prefix) noexcept {
  std::memcpy(to, prefix.data(), prefix.size());
}

}  // namespace

// Cold: writes the templates.
Ouch42Packets::Ouch42Packets(std::array<char, 4> firm, char capacity,
                             const TokenPrefix& prefix) noexcept {
  const std::string_view named{firm.data(), firm[0] != '\0' ? firm.size() : 0};
  std::byte* entering = message_of(enter_);
  ouch42::EnterOrderWriter{entering}
      .stock({})
      .firm(named)
      .capacity(capacity)
      .intermarket_sweep_eligibility(kNotASweep)
      .minimum_quantity(0)
      .cross_type(kNoCross)
      .customer_type(kNotRetail);
  write_prefix(entering + ouch42::EnterOrder::kOrderTokenAt, prefix);
  frame_packet(enter_, ouch42::EnterOrder::kSize);

  std::byte* replacing = message_of(replace_);
  ouch42::ReplaceOrderWriter{replacing}
      .intermarket_sweep_eligibility(kNotASweep)
      .minimum_quantity(0);
  write_prefix(replacing + ouch42::ReplaceOrder::kExistingOrderTokenAt, prefix);
  write_prefix(replacing + ouch42::ReplaceOrder::kReplacementOrderTokenAt, prefix);
  frame_packet(replace_, ouch42::ReplaceOrder::kSize);

  std::byte* canceling = message_of(cancel_);
  ouch42::CancelOrderWriter{canceling};
  write_prefix(canceling + ouch42::CancelOrder::kOrderTokenAt, prefix);
  frame_packet(cancel_, ouch42::CancelOrder::kSize);
}

void Ouch42Packets::enter(const event::OrderIntent& intent, std::uint32_t user_ref,
                          const event::Symbol& symbol, Outbound& out) const noexcept {
  using ouch42::EnterOrder;
  copy_packet(enter_, out);
  std::byte* message = message_of(out);
  write_token_digits(message + EnterOrder::kOrderTokenAt + kTokenPrefixBytes, user_ref);
  message[EnterOrder::kBuySellIndicatorAt] = static_cast<std::byte>(intent.side);
  base::store_big_endian(message + EnterOrder::kSharesAt, intent.quantity);
  std::memcpy(message + EnterOrder::kStockAt, symbol.data(), symbol.size());
  base::store_big_endian(message + EnterOrder::kPriceAt, intent.price_e4);
  base::store_big_endian(message + EnterOrder::kTimeInForceAt, seconds_of(intent.time_in_force));
  message[EnterOrder::kDisplayAt] = static_cast<std::byte>(display_of(intent));
}

void Ouch42Packets::replace(const event::OrderIntent& intent, std::uint32_t user_ref,
                            Outbound& out) const noexcept {
  using ouch42::ReplaceOrder;
  copy_packet(replace_, out);
  std::byte* message = message_of(out);
  write_token_digits(message + ReplaceOrder::kExistingOrderTokenAt + kTokenPrefixBytes,
                     intent.user_ref);
  write_token_digits(message + ReplaceOrder::kReplacementOrderTokenAt + kTokenPrefixBytes,
                     user_ref);
  base::store_big_endian(message + ReplaceOrder::kSharesAt, intent.quantity);
  base::store_big_endian(message + ReplaceOrder::kPriceAt, intent.price_e4);
  base::store_big_endian(message + ReplaceOrder::kTimeInForceAt, seconds_of(intent.time_in_force));
  message[ReplaceOrder::kDisplayAt] = static_cast<std::byte>(display_of(intent));
}

void Ouch42Packets::cancel(std::uint32_t user_ref, std::uint32_t quantity,
                           Outbound& out) const noexcept {
  using ouch42::CancelOrder;
  copy_packet(cancel_, out);
  std::byte* message = message_of(out);
  write_token_digits(message + CancelOrder::kOrderTokenAt + kTokenPrefixBytes, user_ref);
  base::store_big_endian(message + CancelOrder::kSharesAt, quantity);
}

}  // namespace ridley::order
