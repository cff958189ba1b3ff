// SPDX-License-Identifier: Apache-2.0
#include "feed/decode.hpp"

#include "wire/itch.hpp"

namespace ridley::feed {
namespace {

using event::EventKind;
using event::MarketEvent;
using event::Side;
namespace itch = wire::itch;

// Letters that are no side stay as they are; the book refuses them.
Side side(char c) noexcept { return static_cast<Side>(c); }

// What follows fills the body; the header is the same for every type. Bodies with hidden padding
// are filled field by field, so that the padding keeps its zeros.

EventKind fill(itch::AddOrder view, MarketEvent& out) noexcept {
  out.side = side(view.buy_sell_indicator());
  out.add.order_id = view.order_reference_number();
  out.add.quantity = view.shares();
  out.add.price_e4 = view.price();
  out.add.symbol = view.stock().raw();
  out.add.attribution = {' ', ' ', ' ', ' '};
  return EventKind::AddOrder;
}

EventKind fill(itch::AddOrderMpid view, MarketEvent& out) noexcept {
  out.side = side(view.buy_sell_indicator());
  out.add.order_id = view.order_reference_number();
  out.add.quantity = view.shares();
  out.add.price_e4 = view.price();
  out.add.symbol = view.stock().raw();
  out.add.attribution = view.attribution().raw();
  return EventKind::AddOrder;
}

EventKind fill(itch::OrderExecuted view, MarketEvent& out) noexcept {
  out.execute.order_id = view.order_reference_number();
  out.execute.quantity = view.executed_shares();
  out.execute.match_number = view.match_number();
  out.execute.printable = 1;
  return EventKind::ExecuteOrder;
}

EventKind fill(itch::OrderExecutedWithPrice view, MarketEvent& out) noexcept {
  out.execute.order_id = view.order_reference_number();
  out.execute.quantity = view.executed_shares();
  out.execute.price_e4 = view.execution_price();
  out.execute.match_number = view.match_number();
  out.execute.printable = view.printable() == 'Y' ? 1 : 0;
  return EventKind::ExecuteOrderAtPrice;
}

EventKind fill(itch::OrderCancel view, MarketEvent& out) noexcept {
  out.cancel.order_id = view.order_reference_number();
  out.cancel.quantity = view.canceled_shares();
  return EventKind::CancelOrder;
}

EventKind fill(itch::OrderDelete view, MarketEvent& out) noexcept {
  out.remove.order_id = view.order_reference_number();
  return EventKind::DeleteOrder;
}

EventKind fill(itch::OrderReplace view, MarketEvent& out) noexcept {
  out.replace = {.order_id = view.original_order_reference_number(),
                 .quantity = view.shares(),
                 .price_e4 = view.price(),
                 .new_order_id = view.new_order_reference_number()};
  return EventKind::ReplaceOrder;
}

EventKind fill(itch::Trade view, MarketEvent& out) noexcept {
  out.side = side(view.buy_sell_indicator());
  out.trade = {.order_id = view.order_reference_number(),
               .quantity = view.shares(),
               .price_e4 = view.price(),
               .match_number = view.match_number(),
               .symbol = view.stock().raw()};
  return EventKind::Trade;
}

EventKind fill(itch::CrossTrade view, MarketEvent& out) noexcept {
  out.cross.quantity = view.cross_shares();
  out.cross.match_number = view.match_number();
  out.cross.price_e4 = view.cross_price();
  out.cross.cross_type = view.cross_type();
  out.cross.symbol = view.stock().raw();
  return EventKind::CrossTrade;
}

EventKind fill(itch::BrokenTrade view, MarketEvent& out) noexcept {
  out.broken.match_number = view.match_number();
  return EventKind::BrokenTrade;
}

EventKind fill(itch::SystemEvent view, MarketEvent& out) noexcept {
  out.system.event_code = view.event_code();
  return EventKind::SystemEvent;
}

EventKind fill(itch::StockDirectory view, MarketEvent& out) noexcept {
  out.directory = {.symbol = view.stock().raw(),
                   .round_lot_size = view.round_lot_size(),
                   .etp_leverage_factor = view.etp_leverage_factor(),
                   .market_category = view.market_category(),
                   .financial_status = view.financial_status_indicator(),
                   .round_lots_only = view.round_lots_only(),
                   .issue_classification = view.issue_classification(),
                   .issue_sub_type = view.issue_sub_type().raw(),
                   .authenticity = view.authenticity(),
                   .short_sale_threshold = view.short_sale_threshold_indicator(),
                   .ipo_flag = view.ipo_flag(),
                   .luld_tier = view.luld_reference_price_tier(),
                   .etp_flag = view.etp_flag(),
                   .inverse = view.inverse_indicator()};
  return EventKind::Directory;
}

EventKind fill(itch::StockTradingAction view, MarketEvent& out) noexcept {
  out.trading.symbol = view.stock().raw();
  out.trading.state = view.trading_state();
  out.trading.reason = view.reason_code().raw();
  return EventKind::TradingAction;
}

EventKind fill(itch::RegShoRestriction view, MarketEvent& out) noexcept {
  out.short_sale.symbol = view.stock().raw();
  out.short_sale.action = view.reg_sho_action();
  return EventKind::ShortSaleRestriction;
}

EventKind fill(itch::MarketParticipantPosition view, MarketEvent& out) noexcept {
  out.position = {.symbol = view.stock().raw(),
                  .mpid = view.mpid().raw(),
                  .primary = view.primary_market_maker(),
                  .mode = view.market_maker_mode(),
                  .state = view.market_participant_state()};
  return EventKind::ParticipantPosition;
}

EventKind fill(itch::MwcbDeclineLevel view, MarketEvent& out) noexcept {
  out.breaker_levels = {
      .level_1_e8 = view.level_1(), .level_2_e8 = view.level_2(), .level_3_e8 = view.level_3()};
  return EventKind::CircuitBreakerLevels;
}

EventKind fill(itch::MwcbStatus view, MarketEvent& out) noexcept {
  out.breaker_status.level = view.breached_level();
  return EventKind::CircuitBreakerStatus;
}

EventKind fill(itch::IpoQuotingPeriodUpdate view, MarketEvent& out) noexcept {
  out.ipo.symbol = view.stock().raw();
  out.ipo.release_time_s = view.ipo_quotation_release_time();
  out.ipo.price_e4 = view.ipo_price();
  out.ipo.qualifier = view.ipo_quotation_release_qualifier();
  return EventKind::IpoQuotingPeriod;
}

EventKind fill(itch::LuldAuctionCollar view, MarketEvent& out) noexcept {
  out.collar = {.symbol = view.stock().raw(),
                .reference_price_e4 = view.auction_collar_reference_price(),
                .upper_price_e4 = view.upper_auction_collar_price(),
                .lower_price_e4 = view.lower_auction_collar_price(),
                .extension = view.auction_collar_extension()};
  return EventKind::AuctionCollar;
}

EventKind fill(itch::OperationalHalt view, MarketEvent& out) noexcept {
  out.halt.symbol = view.stock().raw();
  out.halt.market_code = view.market_code();
  out.halt.action = view.operational_halt_action();
  return EventKind::OperationalHalt;
}

// The locate names the instrument; the symbol would not fit beside the prices.
EventKind fill(itch::Noii view, MarketEvent& out) noexcept {
  out.imbalance.paired_quantity = view.paired_shares();
  out.imbalance.imbalance_quantity = view.imbalance_shares();
  out.imbalance.far_price_e4 = view.far_price();
  out.imbalance.near_price_e4 = view.near_price();
  out.imbalance.reference_price_e4 = view.current_reference_price();
  out.imbalance.direction = view.imbalance_direction();
  out.imbalance.cross_type = view.cross_type();
  out.imbalance.variation = view.price_variation_indicator();
  return EventKind::Imbalance;
}

EventKind fill(itch::Rpii view, MarketEvent& out) noexcept {
  out.retail.symbol = view.stock().raw();
  out.retail.interest = view.interest_flag();
  return EventKind::RetailInterest;
}

EventKind fill(itch::DlcrPriceDiscovery view, MarketEvent& out) noexcept {
  out.discovery.near_execution_ns = view.near_execution_time();
  out.discovery.minimum_price_e4 = view.minimum_allowable_price();
  out.discovery.maximum_price_e4 = view.maximum_allowable_price();
  out.discovery.near_price_e4 = view.near_execution_price();
  out.discovery.lower_collar_e4 = view.lower_price_range_collar();
  out.discovery.upper_collar_e4 = view.upper_price_range_collar();
  out.discovery.eligibility = view.open_eligibility_status();
  return EventKind::PriceDiscovery;
}

template <typename View>
Decoded as(std::span<const std::byte> message, std::uint64_t sequence, MarketEvent& out) noexcept {
  if (message.size() < View::kSize) return Decoded::Truncated;
  const View view{message.data()};
  out.side = Side::None;
  out.locate = view.stock_locate();
  out.tracking_number = view.tracking_number();
  out.flags = 0;
  out.exchange_ns = view.timestamp();
  out.sequence = sequence;
  out.body_bytes = {};
  out.kind = fill(view, out);
  return Decoded::Event;
}

}  // namespace

Decoded decode_by_type(std::span<const std::byte> message, std::uint64_t sequence,
                       MarketEvent& out) noexcept {
  if (message.empty()) return Decoded::Truncated;
  switch (static_cast<char>(message[0])) {
    case itch::AddOrder::kType: return as<itch::AddOrder>(message, sequence, out);
    case itch::AddOrderMpid::kType: return as<itch::AddOrderMpid>(message, sequence, out);
    case itch::OrderExecuted::kType: return as<itch::OrderExecuted>(message, sequence, out);
    case itch::OrderExecutedWithPrice::kType:
      return as<itch::OrderExecutedWithPrice>(message, sequence, out);
    case itch::OrderCancel::kType: return as<itch::OrderCancel>(message, sequence, out);
    case itch::OrderDelete::kType: return as<itch::OrderDelete>(message, sequence, out);
    case itch::OrderReplace::kType: return as<itch::OrderReplace>(message, sequence, out);
    case itch::Trade::kType: return as<itch::Trade>(message, sequence, out);
    case itch::CrossTrade::kType: return as<itch::CrossTrade>(message, sequence, out);
    case itch::BrokenTrade::kType: return as<itch::BrokenTrade>(message, sequence, out);
    case itch::SystemEvent::kType: return as<itch::SystemEvent>(message, sequence, out);
    case itch::StockDirectory::kType: return as<itch::StockDirectory>(message, sequence, out);
    case itch::StockTradingAction::kType:
      return as<itch::StockTradingAction>(message, sequence, out);
    case itch::RegShoRestriction::kType: return as<itch::RegShoRestriction>(message, sequence, out);
    case itch::MarketParticipantPosition::kType:
      return as<itch::MarketParticipantPosition>(message, sequence, out);
    case itch::MwcbDeclineLevel::kType: return as<itch::MwcbDeclineLevel>(message, sequence, out);
    case itch::MwcbStatus::kType: return as<itch::MwcbStatus>(message, sequence, out);
    case itch::IpoQuotingPeriodUpdate::kType:
      return as<itch::IpoQuotingPeriodUpdate>(message, sequence, out);
    case itch::LuldAuctionCollar::kType: return as<itch::LuldAuctionCollar>(message, sequence, out);
    case itch::OperationalHalt::kType: return as<itch::OperationalHalt>(message, sequence, out);
    case itch::Noii::kType: return as<itch::Noii>(message, sequence, out);
    case itch::Rpii::kType: return as<itch::Rpii>(message, sequence, out);
    case itch::DlcrPriceDiscovery::kType:
      return as<itch::DlcrPriceDiscovery>(message, sequence, out);
    default: return Decoded::UnknownType;
  }
}

}  // namespace ridley::feed
