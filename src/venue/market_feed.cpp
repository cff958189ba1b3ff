// SPDX-License-Identifier: Apache-2.0
#include "venue/market_feed.hpp"

#include "wire/itch.hpp"

namespace ridley::venue {

namespace itch = wire::itch;

namespace {

// Shares in one round lot of every simulated instrument.
constexpr std::uint32_t kRoundLot = 100;

char side_letter(event::Side side) noexcept { return side == event::Side::Buy ? 'B' : 'S'; }

}  // namespace

template <typename Message, typename Writer>
Writer MarketFeed::begin(std::uint16_t locate) {
  std::byte* bytes = buffer_.append(Message::kSize);
  last_ = {bytes, Message::kSize};
  Writer writer{bytes};
  writer.stock_locate(locate).tracking_number(0).timestamp(ns_);
  return writer;
}

void MarketFeed::finish() {
  for (const std::byte byte : last_) {
    digest_ = (digest_ ^ static_cast<std::uint64_t>(byte)) * 0x0000'0100'0000'01B3ULL;
  }
  ++message_count_;
}

void MarketFeed::system_event(SystemEvent event) {
  begin<itch::SystemEvent, itch::SystemEventWriter>(0).event_code(static_cast<char>(event));
  finish();
}

void MarketFeed::directory(std::uint16_t locate) {
  begin<itch::StockDirectory, itch::StockDirectoryWriter>(locate)
      .stock(instruments_->symbol(locate))
      .market_category('Q')
      .financial_status_indicator('N')
      .round_lot_size(kRoundLot)
      .round_lots_only('N')
      .issue_classification('C')
      .issue_sub_type("Z")
      .authenticity('T')
      .short_sale_threshold_indicator('N')
      .ipo_flag('N')
      .luld_reference_price_tier('1')
      .etp_flag('N')
      .etp_leverage_factor(0)
      .inverse_indicator('N');
  finish();
}

void MarketFeed::trading_action(std::uint16_t locate, TradingState state, std::string_view reason) {
  begin<itch::StockTradingAction, itch::StockTradingActionWriter>(locate)
      .stock(instruments_->symbol(locate))
      .trading_state(static_cast<char>(state))
      .reserved(' ')
      .reason_code(reason);
  finish();
}

void MarketFeed::short_sale_restriction(std::uint16_t locate, char action) {
  begin<itch::RegShoRestriction, itch::RegShoRestrictionWriter>(locate)
      .stock(instruments_->symbol(locate))
      .reg_sho_action(action);
  finish();
}

void MarketFeed::participant_position(std::uint16_t locate, std::string_view mpid) {
  begin<itch::MarketParticipantPosition, itch::MarketParticipantPositionWriter>(locate)
      .mpid(mpid)
      .stock(instruments_->symbol(locate))
      .primary_market_maker('Y')
      .market_maker_mode('N')
      .market_participant_state('A');
  finish();
}

void MarketFeed::decline_levels(std::uint64_t one_e8, std::uint64_t two_e8,
                                std::uint64_t three_e8) {
  begin<itch::MwcbDeclineLevel, itch::MwcbDeclineLevelWriter>(0)
      .level_1(one_e8)
      .level_2(two_e8)
      .level_3(three_e8);
  finish();
}

void MarketFeed::auction_collar(std::uint16_t locate, const CollarNotice& collar) {
  begin<itch::LuldAuctionCollar, itch::LuldAuctionCollarWriter>(locate)
      .stock(instruments_->symbol(locate))
      .auction_collar_reference_price(collar.reference_e4)
      .upper_auction_collar_price(collar.upper_e4)
      .lower_auction_collar_price(collar.lower_e4)
      .auction_collar_extension(collar.extension);
  finish();
}

void MarketFeed::breaker_status(char level) {
  begin<itch::MwcbStatus, itch::MwcbStatusWriter>(0).breached_level(level);
  finish();
}

void MarketFeed::imbalance(std::uint16_t locate, CrossType type, const Imbalance& imbalance) {
  const Auction& at = imbalance.at_reference;
  begin<itch::Noii, itch::NoiiWriter>(locate)
      .paired_shares(at.paired)
      .imbalance_shares(at.imbalance)
      .imbalance_direction(at.direction)
      .stock(instruments_->symbol(locate))
      .far_price(imbalance.far_e4)
      .near_price(imbalance.near_e4)
      .current_reference_price(at.price_e4)
      .cross_type(static_cast<char>(type))
      .price_variation_indicator(price_variation(imbalance.near_e4, at.price_e4));
  finish();
}

void MarketFeed::crossed(const Fill& fill, std::uint16_t locate) {
  begin<itch::OrderExecutedWithPrice, itch::OrderExecutedWithPriceWriter>(locate)
      .order_reference_number(fill.reference)
      .executed_shares(fill.quantity)
      .match_number(fill.match_number)
      .printable('N')
      .execution_price(fill.price_e4);
  finish();
}

void MarketFeed::cross_trade(std::uint16_t locate, CrossType type, const Auction& auction,
                             std::uint64_t match_number) {
  begin<itch::CrossTrade, itch::CrossTradeWriter>(locate)
      .cross_shares(auction.paired)
      .stock(instruments_->symbol(locate))
      .cross_price(auction.price_e4)
      .match_number(match_number)
      .cross_type(static_cast<char>(type));
  finish();
}

void MarketFeed::added(const DisplayedOrder& order) {
  const auto fill_in = [&](auto writer) {
    writer.order_reference_number(order.reference)
        .buy_sell_indicator(side_letter(order.side))
        .shares(order.quantity)
        .stock(instruments_->symbol(order.locate))
        .price(order.price_e4);
    return writer;
  };
  if (order.attribution.empty()) {
    fill_in(begin<itch::AddOrder, itch::AddOrderWriter>(order.locate));
  } else {
    fill_in(begin<itch::AddOrderMpid, itch::AddOrderMpidWriter>(order.locate))
        .attribution(order.attribution);
  }
  finish();
}

void MarketFeed::executed(const Fill& fill, std::uint16_t locate,
                          std::uint32_t displayed_price_e4) {
  if (fill.price_e4 == displayed_price_e4) {
    begin<itch::OrderExecuted, itch::OrderExecutedWriter>(locate)
        .order_reference_number(fill.reference)
        .executed_shares(fill.quantity)
        .match_number(fill.match_number);
  } else {
    begin<itch::OrderExecutedWithPrice, itch::OrderExecutedWithPriceWriter>(locate)
        .order_reference_number(fill.reference)
        .executed_shares(fill.quantity)
        .match_number(fill.match_number)
        .printable('Y')
        .execution_price(fill.price_e4);
  }
  finish();
}

// The reference is 0 and the side is B whatever the truth is, as the real feed has it.
void MarketFeed::hidden_trade(const Fill& fill, std::uint16_t locate) {
  begin<itch::Trade, itch::TradeWriter>(locate)
      .order_reference_number(0)
      .buy_sell_indicator('B')
      .shares(fill.quantity)
      .stock(instruments_->symbol(locate))
      .price(fill.price_e4)
      .match_number(fill.match_number);
  finish();
}

void MarketFeed::canceled(std::uint64_t reference, std::uint16_t locate, std::uint32_t quantity) {
  begin<itch::OrderCancel, itch::OrderCancelWriter>(locate)
      .order_reference_number(reference)
      .canceled_shares(quantity);
  finish();
}

void MarketFeed::deleted(std::uint64_t reference, std::uint16_t locate) {
  begin<itch::OrderDelete, itch::OrderDeleteWriter>(locate).order_reference_number(reference);
  finish();
}

void MarketFeed::replaced(std::uint64_t original_reference, const DisplayedOrder& order) {
  begin<itch::OrderReplace, itch::OrderReplaceWriter>(order.locate)
      .original_order_reference_number(original_reference)
      .new_order_reference_number(order.reference)
      .shares(order.quantity)
      .price(order.price_e4);
  finish();
}

}  // namespace ridley::venue
