// SPDX-License-Identifier: Apache-2.0
// An exchange with one instrument or a few, open for trading, and what it says as short lines:
// "A#1 L B100@100000" for an OUCH reply, "A 1 B100@100000" for an ITCH message.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "venue/exchange.hpp"
#include "venue/order_desk.hpp"
#include "wire/appendage.hpp"
#include "wire/itch.hpp"
#include "wire/ouch.hpp"

namespace ridley::venue::test {

using Lines = std::vector<std::string>;
using Bytes = std::vector<std::byte>;

// What a test wants to say about an order; the rest is what everybody does.
struct Entry {
  std::uint32_t number = 1;
  char side = 'B';
  std::uint32_t quantity = 100;
  std::uint64_t price_e4 = 100'000;
  std::string_view symbol = "RAAA";
  char time_in_force = '0';
  char display = 'Y';
  char capacity = 'P';
  char cross_type = 'N';
  std::string_view client_order_id = "mine";
};

// The first bytes of a message, and no more.
inline Bytes cut(Bytes message, std::size_t size) {
  message.resize(size);
  return message;
}

inline Bytes enter_order(const Entry& entry) {
  Bytes message(wire::ouch::kInboundBytesMax);
  wire::ouch::EnterOrderWriter{message.data()}
      .user_ref_num(entry.number)
      .side(entry.side)
      .quantity(entry.quantity)
      .symbol(entry.symbol)
      .price(entry.price_e4)
      .time_in_force(entry.time_in_force)
      .display(entry.display)
      .capacity(entry.capacity)
      .inter_market_sweep_eligibility('N')
      .cross_type(entry.cross_type)
      .cl_ord_id(entry.client_order_id);
  return cut(message, wire::ouch::EnterOrder::kSize);
}

inline Bytes replace_order(std::uint32_t original, const Entry& entry) {
  Bytes message(wire::ouch::kInboundBytesMax);
  wire::ouch::ReplaceOrderWriter{message.data()}
      .orig_user_ref_num(original)
      .user_ref_num(entry.number)
      .quantity(entry.quantity)
      .price(entry.price_e4)
      .time_in_force(entry.time_in_force)
      .display(entry.display)
      .inter_market_sweep_eligibility('N')
      .cl_ord_id(entry.client_order_id);
  return cut(message, wire::ouch::ReplaceOrder::kSize);
}

inline Bytes cancel_order(std::uint32_t number, std::uint32_t quantity) {
  Bytes message(wire::ouch::kInboundBytesMax);
  wire::ouch::CancelOrderWriter{message.data()}.user_ref_num(number).quantity(quantity);
  return cut(message, wire::ouch::CancelOrder::kSize);
}

inline Bytes modify_order(std::uint32_t number, char side, std::uint32_t quantity) {
  Bytes message(wire::ouch::kInboundBytesMax);
  wire::ouch::ModifyOrderWriter{message.data()}.user_ref_num(number).side(side).quantity(quantity);
  return cut(message, wire::ouch::ModifyOrder::kSize);
}

inline Bytes mass_cancel(std::uint32_t number, std::string_view firm, std::string_view symbol) {
  Bytes message(wire::ouch::kInboundBytesMax);
  wire::ouch::MassCancelWriter{message.data()}.user_ref_num(number).firm(firm).symbol(symbol);
  return cut(message, wire::ouch::MassCancel::kSize);
}

// The same message with one more element in its appendage.
// Of an element: its bytes, as numbers.
inline Bytes value(std::initializer_list<int> bytes) {
  Bytes result;
  for (const int byte : bytes) result.push_back(static_cast<std::byte>(byte));
  return result;
}

inline Bytes with_element(Bytes message, wire::ouch::Tag tag, const Bytes& value) {
  const std::size_t fixed = wire::ouch::EnterOrder::kFixedSize;
  const auto count = base::load_big_endian<std::uint16_t>(message.data() + fixed);
  message.push_back(static_cast<std::byte>(value.size() + 1));
  message.push_back(static_cast<std::byte>(tag));
  message.insert(message.end(), value.begin(), value.end());
  base::store_big_endian(message.data() + fixed,
                         static_cast<std::uint16_t>(count + value.size() + 2));
  return message;
}

struct ReplyLine {
  std::string* line;

  void operator()(const wire::ouch::SystemEvent& m) const {
    *line = fmt::format("S {}", m.event_code());
  }
  void operator()(const wire::ouch::OrderAccepted& m) const {
    *line = fmt::format("A#{} {} {}{}@{}", m.user_ref_num(), m.order_state(), m.side(),
                        m.quantity(), m.price());
  }
  void operator()(const wire::ouch::OrderReplaced& m) const {
    *line = fmt::format("U#{}>{} {} {}{}@{}", m.orig_user_ref_num(), m.user_ref_num(),
                        m.order_state(), m.side(), m.quantity(), m.price());
  }
  void operator()(const wire::ouch::OrderCanceled& m) const {
    *line = fmt::format("C#{} {} {}", m.user_ref_num(), m.quantity(), m.cancel_order_reason());
  }
  void operator()(const wire::ouch::AiqCanceled& m) const {
    *line = fmt::format("D#{} {} of {}@{} {}{}", m.user_ref_num(), m.decrement_shares(),
                        m.quantity_prevented_from_trading(), m.execution_price(),
                        m.order_cancel_reason(), m.liquidity_flag());
  }
  void operator()(const wire::ouch::OrderExecuted& m) const {
    *line =
        fmt::format("E#{} {}@{} {}", m.user_ref_num(), m.quantity(), m.price(), m.liquidity_flag());
  }
  void operator()(const wire::ouch::OrderRejected& m) const {
    *line = fmt::format("J#{} {:#04x}", m.user_ref_num(), m.rejected_order_reason());
  }
  void operator()(const wire::ouch::OrderModified& m) const {
    *line = fmt::format("M#{} {}{}", m.user_ref_num(), m.side(), m.quantity());
  }
  void operator()(const wire::ouch::MassCancelResponse& m) const {
    *line = fmt::format("X#{} {} {}", m.user_ref_num(), m.firm().text(), m.symbol().text());
  }
  void operator()(const wire::ouch::DisableOrderEntryResponse& m) const {
    *line = fmt::format("G#{}", m.user_ref_num());
  }
  void operator()(const wire::ouch::EnableOrderEntryResponse& m) const {
    *line = fmt::format("K#{}", m.user_ref_num());
  }
  void operator()(const wire::ouch::AccountQueryResponse& m) const {
    *line = fmt::format("Q {}", m.next_user_ref_num());
  }
  template <typename Other>
  void operator()(const Other&) const {
    *line = Other::kName;
  }
};

struct FeedLine {
  std::string* line;

  void operator()(const wire::itch::SystemEvent& m) const {
    *line = fmt::format("S {}", m.event_code());
  }
  void operator()(const wire::itch::AddOrder& m) const {
    *line = fmt::format("A {} {}{}@{}", m.order_reference_number(), m.buy_sell_indicator(),
                        m.shares(), m.price());
  }
  void operator()(const wire::itch::AddOrderMpid& m) const {
    *line = fmt::format("F {} {}{}@{} {}", m.order_reference_number(), m.buy_sell_indicator(),
                        m.shares(), m.price(), m.attribution().text());
  }
  void operator()(const wire::itch::OrderExecuted& m) const {
    *line = fmt::format("E {} {}", m.order_reference_number(), m.executed_shares());
  }
  void operator()(const wire::itch::OrderExecutedWithPrice& m) const {
    *line = fmt::format("C {} {}@{} {}", m.order_reference_number(), m.executed_shares(),
                        m.execution_price(), m.printable());
  }
  void operator()(const wire::itch::OrderCancel& m) const {
    *line = fmt::format("X {} {}", m.order_reference_number(), m.canceled_shares());
  }
  void operator()(const wire::itch::OrderDelete& m) const {
    *line = fmt::format("D {}", m.order_reference_number());
  }
  void operator()(const wire::itch::OrderReplace& m) const {
    *line = fmt::format("U {}>{} {}@{}", m.original_order_reference_number(),
                        m.new_order_reference_number(), m.shares(), m.price());
  }
  void operator()(const wire::itch::Trade& m) const {
    *line = fmt::format("P {} {}{}@{}", m.order_reference_number(), m.buy_sell_indicator(),
                        m.shares(), m.price());
  }
  void operator()(const wire::itch::RegShoRestriction& m) const {
    *line = fmt::format("Y {} {}", m.stock().text(), m.reg_sho_action());
  }
  void operator()(const wire::itch::MwcbStatus& m) const {
    *line = fmt::format("W {}", m.breached_level());
  }
  void operator()(const wire::itch::LuldAuctionCollar& m) const {
    *line = fmt::format("J {} {} {}-{} {}", m.stock().text(), m.auction_collar_reference_price(),
                        m.lower_auction_collar_price(), m.upper_auction_collar_price(),
                        m.auction_collar_extension());
  }
  void operator()(const wire::itch::Noii& m) const {
    *line = fmt::format("I {} {} {}{} far {} near {} ref {} {}", m.stock().text(),
                        m.paired_shares(), m.imbalance_shares(), m.imbalance_direction(),
                        m.far_price(), m.near_price(), m.current_reference_price(), m.cross_type());
  }
  void operator()(const wire::itch::CrossTrade& m) const {
    *line = fmt::format("Q {} {}@{} {}", m.stock().text(), m.cross_shares(), m.cross_price(),
                        m.cross_type());
  }
  void operator()(const wire::itch::StockTradingAction& m) const {
    *line = fmt::format("H {} {} {}", m.stock().text(), m.trading_state(), m.reason_code().text());
  }
  template <typename Other>
  void operator()(const Other&) const {
    *line = Other::kType;
  }
};

inline Lines reply_lines(std::span<const std::byte> framed) {
  Lines lines;
  for_each_message(framed, [&](std::span<const std::byte> message) {
    std::string line = "unreadable";
    (void)wire::ouch::visit_outbound(message, ReplyLine{&line});
    lines.push_back(line);
  });
  return lines;
}

inline Lines feed_lines(std::span<const std::byte> framed) {
  Lines lines;
  for_each_message(framed, [&](std::span<const std::byte> message) {
    std::string line = "unreadable";
    (void)wire::itch::visit(message, FeedLine{&line});
    lines.push_back(line);
  });
  return lines;
}

class ExchangeBench {
 public:
  enum class Hours : std::uint8_t { System, Market };

  explicit ExchangeBench(std::uint16_t instruments = 2, const PortLimits& limits = {},
                         Hours hours = Hours::Market)
      : exchange{settings(instruments, limits)} {
    exchange.at(34'200'000'000'000);
    exchange.open_system();
    if (hours == Hours::Market) exchange.open_market();
    (void)feed();
    (void)replies(0);
    (void)replies(1);
  }

  // Replies of account 0 to the message.
  Lines say(const Bytes& message) {
    desk.receive(0, message);
    return replies(0);
  }
  Lines enter(const Entry& entry) { return say(enter_order(entry)); }

  // A crowd's order; its reference.
  std::uint64_t crowd(event::Side side, std::uint32_t quantity, std::uint32_t price_e4,
                      Display display = Display::Visible) {
    NewOrder order;
    order.locate = 1;
    order.side = side;
    order.quantity = quantity;
    order.price_e4 = price_e4;
    order.display = display;
    order.owner = {kParticipants, 0};
    const std::uint64_t reference = exchange.enter(order);
    (void)feed();
    return reference;
  }

  // Said since the last look.
  Lines replies(std::size_t account) {
    MessageBuffer& buffer = exchange.accounts()[account].replies;
    const Lines lines = reply_lines(buffer.bytes());
    buffer.clear();
    return lines;
  }
  Lines feed() {
    const Lines lines = feed_lines(exchange.feed().published().bytes());
    exchange.feed().clear();
    return lines;
  }
  [[nodiscard]] const AccountCounts& counts() const { return exchange.accounts()[0].counts; }

  Exchange exchange;
  OrderDesk desk{exchange};

 private:
  static ExchangeSettings settings(std::uint16_t instruments, const PortLimits& limits) {
    ExchangeSettings result;
    result.instrument_count = instruments;
    result.accounts = {{"ONE", "secret", "FRMA"}, {"TWO", "secret", "FRMB"}};
    result.accounts[0].limits = limits;
    result.mpids = {"RDLA", "RDLB"};
    return result;
  }
};

}  // namespace ridley::venue::test
