// SPDX-License-Identifier: Apache-2.0
// How what CME MDP 3.0 says is put into events: sides, actions, prices, states. In: field values.
// Out: event values. Pure functions; the hot core.
// Source: MDP 3.0, section 3 "Hot templates", section 4 "Match event indicator".
#pragma once

#include <cstdint>

#include "event/market_event.hpp"
#include "feed/mdp_instruments.hpp"
#include "feed/normal.hpp"
#include "wire/mdp3.hpp"

namespace ridley::feed {

// What the own book of an instrument is made of.
enum class MdpView : std::uint8_t {
  Levels,  // as many price levels as the exchange tells; what is implied has a book beside it
  Orders,  // all orders
};

// Where a message stands, and whose books it is for: of everybody, or of one instrument.
struct MdpPlace {
  std::uint64_t sequence;  // of the packet
  std::uint64_t time_ns;
  MdpInstrument* only;
};

// Bits of the match event indicator.
inline constexpr std::uint8_t kMdpEndOfEvent = 0x80;
inline constexpr char kMdpBookReset = 'J';

// Of futures, where no definition says otherwise: a book that is told a deeper level is in doubt.
inline constexpr std::uint8_t kMdpDepth = 10;
inline constexpr std::uint8_t kMdpImpliedDepth = 2;

[[nodiscard]] inline event::MarketEvent mdp_event(event::EventKind kind, std::uint16_t locate,
                                                  const MdpPlace& place,
                                                  std::uint16_t flags) noexcept {
  event::MarketEvent event{};
  event.kind = kind;
  event.flags = flags;
  event.locate = locate;
  event.exchange_ns = place.time_ns;
  event.sequence = place.sequence;
  return event;
}

struct MdpSide {
  event::Side side;  // none: neither a bid nor an offer of a book
  bool implied;
};
[[nodiscard]] constexpr MdpSide mdp_side(char entry_type) noexcept {
  switch (static_cast<wire::mdp3::EntryType>(entry_type)) {
    case wire::mdp3::EntryType::Bid: return {event::Side::Buy, false};
    case wire::mdp3::EntryType::Offer: return {event::Side::Sell, false};
    case wire::mdp3::EntryType::ImpliedBid: return {event::Side::Buy, true};
    case wire::mdp3::EntryType::ImpliedOffer: return {event::Side::Sell, true};
    default: return {event::Side::None, false};
  }
}

// Orders are of the own book.
[[nodiscard]] constexpr event::Side mdp_order_side(char entry_type) noexcept {
  const MdpSide side = mdp_side(entry_type);
  return side.implied ? event::Side::None : side.side;
}

// What happens to an order, wherever it is said.
struct MdpOrderChange {
  std::uint64_t order_id;
  std::uint64_t priority;
  std::int64_t price_e9;
  std::int32_t quantity;
  std::uint8_t action;  // new, update or delete
  event::Side side;
};

struct MdpAction {
  event::LevelAction action;
  bool known;
};
[[nodiscard]] constexpr MdpAction mdp_level_action(std::uint8_t update_action) noexcept {
  switch (static_cast<wire::mdp3::UpdateAction>(update_action)) {
    case wire::mdp3::UpdateAction::New: return {event::LevelAction::Insert, true};
    case wire::mdp3::UpdateAction::Change: return {event::LevelAction::Change, true};
    case wire::mdp3::UpdateAction::Delete: return {event::LevelAction::Remove, true};
    case wire::mdp3::UpdateAction::DeleteThru: return {event::LevelAction::RemoveThrough, true};
    case wire::mdp3::UpdateAction::DeleteFrom: return {event::LevelAction::RemoveFrom, true};
    case wire::mdp3::UpdateAction::Overlay: return {event::LevelAction::Overlay, true};
  }
  return {event::LevelAction::Set, false};
}

// In the instrument's own unit; one that is no multiple of it does not fit.
[[nodiscard]] inline Price mdp_price(const MdpInstrument& instrument,
                                     std::int64_t price_e9) noexcept {
  std::int64_t above_zero = 0;
  if (__builtin_sub_overflow(price_e9, instrument.price_zero_e9, &above_zero) ||
      above_zero % instrument.price_unit_e9 != 0)
    return {event::kPriceBeyond, false};
  return price_e4_of(above_zero / instrument.price_unit_e9);
}

// 0 where it is not said.
[[nodiscard]] constexpr std::uint32_t mdp_count(bool is_there, std::int32_t count) noexcept {
  return is_there && count > 0 ? static_cast<std::uint32_t>(count) : 0;
}

// Who came last is told; events tell who rested.
[[nodiscard]] constexpr event::Side mdp_resting_side(std::uint8_t aggressor_side) noexcept {
  switch (static_cast<wire::mdp3::Aggressor>(aggressor_side)) {
    case wire::mdp3::Aggressor::Buy: return event::Side::Sell;
    case wire::mdp3::Aggressor::Sell: return event::Side::Buy;
    default: return event::Side::None;
  }
}

// In ITCH's letters. What is neither trading nor waiting for it counts as halted.
struct MdpState {
  char letter;
  bool changes;
  bool trades;
};
[[nodiscard]] constexpr MdpState mdp_state(std::uint8_t trading_status) noexcept {
  switch (static_cast<wire::mdp3::TradingStatus>(trading_status)) {
    case wire::mdp3::TradingStatus::ReadyToTrade: return {'T', true, true};
    case wire::mdp3::TradingStatus::NewPriceIndication: return {'Q', true, false};
    case wire::mdp3::TradingStatus::PreOpen: return {'A', true, false};
    case wire::mdp3::TradingStatus::PreCross:
    case wire::mdp3::TradingStatus::Cross:
    case wire::mdp3::TradingStatus::PrivateWorkup:
    case wire::mdp3::TradingStatus::PublicWorkup: return {'P', true, false};
    case wire::mdp3::TradingStatus::NoChange:
    case wire::mdp3::TradingStatus::NotSaid: return {' ', false, false};
    default: return {'H', true, false};
  }
}

// The head is another event's; the exchange's number of a reason is a digit.
[[nodiscard]] inline event::MarketEvent mdp_state_of(const MdpInstrument& instrument,
                                                     const MdpState& state,
                                                     event::MarketEvent event,
                                                     std::uint8_t reason = 0) noexcept {
  event.locate = instrument.locate;
  event.trading.symbol = symbol_of_security(instrument.security_id);
  event.trading.state = state.letter;
  event.trading.reason = kBlank4;
  if (reason != 0) event.trading.reason[0] = static_cast<char>('0' + reason % 10);
  return event;
}

// Figures of the day in a snapshot; what has no name of its own keeps the exchange's letter.
[[nodiscard]] constexpr event::StatisticKind mdp_figure(char entry_type,
                                                        std::uint8_t open_close) noexcept {
  constexpr std::uint8_t kIndicativeOpen = 5;
  switch (static_cast<wire::mdp3::EntryType>(entry_type)) {
    case wire::mdp3::EntryType::OpenPrice:
      return open_close == kIndicativeOpen ? event::StatisticKind::IndicativeOpen
                                           : event::StatisticKind::OfficialOpen;
    case wire::mdp3::EntryType::SettlementPrice: return event::StatisticKind::Settlement;
    case wire::mdp3::EntryType::TradingSessionHighPrice: return event::StatisticKind::High;
    case wire::mdp3::EntryType::TradingSessionLowPrice: return event::StatisticKind::Low;
    case wire::mdp3::EntryType::ClearedVolume:
    case wire::mdp3::EntryType::ElectronicVolume: return event::StatisticKind::Volume;
    case wire::mdp3::EntryType::OpenInterest: return event::StatisticKind::OpenInterest;
    default: return event::StatisticKind::Other;
  }
}

}  // namespace ridley::feed
