// SPDX-License-Identifier: Apache-2.0
#include "bench/support/day_messages.hpp"

#include <array>
#include <string_view>

#include "base/bytes.hpp"
#include "wire/itch.hpp"

namespace ridley::bench {
namespace {

namespace itch = wire::itch;

constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::size_t kMessageBytesMax = 64;
constexpr std::uint32_t kRoundLot = 100;
constexpr std::string_view kParticipant = "NSDQ";

// Four letters, another four for each locate.
class Symbol {
 public:
  explicit Symbol(std::uint32_t locate) {
    for (std::size_t i = letters_.size(); i-- > 0; locate /= 26) {
      letters_[i] = static_cast<char>('A' + locate % 26);
    }
  }
  operator std::string_view() const { return {letters_.data(), letters_.size()}; }

 private:
  std::array<char, 4> letters_{};
};

}  // namespace

DayMessages::DayMessages(const Sink& sink) : sink_{sink} {
  buffer_.reserve(kPieceBytes + kLengthBytes + kMessageBytesMax);
}

template <typename Message, typename Writer>
Writer DayMessages::begin(std::uint16_t locate) {
  static_assert(Message::kSize <= kMessageBytesMax);
  if (buffer_.size() >= kPieceBytes) finish();
  const std::size_t at = buffer_.size();
  buffer_.resize(at + kLengthBytes + Message::kSize);
  base::store_big_endian(buffer_.data() + at, static_cast<std::uint16_t>(Message::kSize));
  ++count_;
  Writer writer{buffer_.data() + at + kLengthBytes};
  writer.stock_locate(locate).tracking_number(0).timestamp(ns_);
  return writer;
}

void DayMessages::finish() {
  sink_(buffer_);
  handed_on_ += buffer_.size();
  buffer_.clear();
}

void DayMessages::system_event(char code) {
  begin<itch::SystemEvent, itch::SystemEventWriter>(0).event_code(code);
}

void DayMessages::directory(std::uint16_t locate) {
  constexpr std::string_view kCategories = "QGSNAPZ";
  begin<itch::StockDirectory, itch::StockDirectoryWriter>(locate)
      .stock(Symbol{locate})
      .market_category(kCategories[locate % kCategories.size()])
      .financial_status_indicator('N')
      .round_lot_size(kRoundLot)
      .round_lots_only('N')
      .issue_classification('C')
      .issue_sub_type("Z")
      .authenticity('P')
      .short_sale_threshold_indicator('N')
      .ipo_flag('N')
      .luld_reference_price_tier('1')
      .etp_flag('N')
      .etp_leverage_factor(0)
      .inverse_indicator('N');
}

void DayMessages::trading_action(std::uint16_t locate) {
  begin<itch::StockTradingAction, itch::StockTradingActionWriter>(locate)
      .stock(Symbol{locate})
      .trading_state('T')
      .reserved(' ')
      .reason_code("");
}

void DayMessages::short_sale_restriction(std::uint16_t locate) {
  begin<itch::RegShoRestriction, itch::RegShoRestrictionWriter>(locate)
      .stock(Symbol{locate})
      .reg_sho_action('0');
}

void DayMessages::participant_position(std::uint16_t locate) {
  begin<itch::MarketParticipantPosition, itch::MarketParticipantPositionWriter>(locate)
      .mpid(kParticipant)
      .stock(Symbol{locate})
      .primary_market_maker('Y')
      .market_maker_mode('N')
      .market_participant_state('A');
}

void DayMessages::decline_levels() {
  begin<itch::MwcbDeclineLevel, itch::MwcbDeclineLevelWriter>(0)
      .level_1(300'000'000'000)
      .level_2(280'000'000'000)
      .level_3(260'000'000'000);
}

void DayMessages::add(const DayOrder& order, bool attributed) {
  const auto fill_in = [&](auto writer) {
    writer.order_reference_number(order.reference)
        .buy_sell_indicator(order.buys ? 'B' : 'S')
        .shares(order.quantity)
        .stock(Symbol{order.locate})
        .price(order.price_e4);
    return writer;
  };
  if (!attributed) {
    fill_in(begin<itch::AddOrder, itch::AddOrderWriter>(order.locate));
    return;
  }
  fill_in(begin<itch::AddOrderMpid, itch::AddOrderMpidWriter>(order.locate))
      .attribution(kParticipant);
}

void DayMessages::execute(const DayOrder& order, std::uint32_t quantity, std::uint64_t match_number,
                          bool with_price) {
  if (!with_price) {
    begin<itch::OrderExecuted, itch::OrderExecutedWriter>(order.locate)
        .order_reference_number(order.reference)
        .executed_shares(quantity)
        .match_number(match_number);
    return;
  }
  begin<itch::OrderExecutedWithPrice, itch::OrderExecutedWithPriceWriter>(order.locate)
      .order_reference_number(order.reference)
      .executed_shares(quantity)
      .match_number(match_number)
      .printable('Y')
      .execution_price(order.price_e4);
}

void DayMessages::trade(std::uint16_t locate, const Print& print) {
  begin<itch::Trade, itch::TradeWriter>(locate)
      .order_reference_number(0)
      .buy_sell_indicator('B')
      .shares(print.quantity)
      .stock(Symbol{locate})
      .price(print.price_e4)
      .match_number(print.match_number);
}

void DayMessages::imbalance(std::uint16_t locate, std::uint32_t price_e4) {
  begin<itch::Noii, itch::NoiiWriter>(locate)
      .paired_shares(1000)
      .imbalance_shares(100)
      .imbalance_direction('B')
      .stock(Symbol{locate})
      .far_price(price_e4)
      .near_price(price_e4)
      .current_reference_price(price_e4)
      .cross_type('O')
      .price_variation_indicator(' ');
}

void DayMessages::cancel(const DayOrder& order, std::uint32_t quantity) {
  begin<itch::OrderCancel, itch::OrderCancelWriter>(order.locate)
      .order_reference_number(order.reference)
      .canceled_shares(quantity);
}

void DayMessages::remove(const DayOrder& order) {
  begin<itch::OrderDelete, itch::OrderDeleteWriter>(order.locate)
      .order_reference_number(order.reference);
}

void DayMessages::replace(std::uint64_t old_reference, const DayOrder& order) {
  begin<itch::OrderReplace, itch::OrderReplaceWriter>(order.locate)
      .original_order_reference_number(old_reference)
      .new_order_reference_number(order.reference)
      .shares(order.quantity)
      .price(order.price_e4);
}

}  // namespace ridley::bench
