// SPDX-License-Identifier: Apache-2.0
// Everything but orders: trading states, restrictions, reference data, and the answers about them.
#include <algorithm>

#include "book/books.hpp"

namespace ridley::book {
namespace {

using event::EventKind;

// A market we do not know counts as our own.
constexpr std::uint8_t market_bit(std::uint8_t market_code) noexcept {
  switch (market_code) {
    case 'B': return 2;  // Nasdaq Texas
    case 'X': return 4;  // PSX
    default: return kNasdaqBit;
  }
}

constexpr TradingState trading_state(std::uint8_t code) noexcept {
  switch (code) {
    case 'H': return TradingState::Halted;
    case 'P': return TradingState::Paused;
    case 'Q': return TradingState::QuotationOnly;
    case 'T': return TradingState::Trading;
    case 'A': return TradingState::AcceptingOrders;
    case 'S': return TradingState::Suspended;
    default: return TradingState::Unknown;
  }
}

constexpr Session session_of(std::uint8_t code) noexcept {
  switch (code) {
    case 'O': return Session::StartOfMessages;
    case 'S': return Session::StartOfSystemHours;
    case 'Q': return Session::StartOfMarketHours;
    case 'M': return Session::EndOfMarketHours;
    case 'E': return Session::EndOfSystemHours;
    case 'C': return Session::EndOfMessages;
    default: return Session::Unknown;
  }
}

}  // namespace

Books::Packed Books::apply_reference(const Event& event) noexcept {
  constexpr Locate kEverybody = 0;
  switch (event.kind) {
    case EventKind::SystemEvent:
      session_ = session_of(event.system.event_code);
      return packed_state(kEverybody);
    case EventKind::CircuitBreakerLevels:
      breaker_levels_ = {event.breaker_levels.level_1_e8, event.breaker_levels.level_2_e8,
                         event.breaker_levels.level_3_e8};
      return packed_state(kEverybody);
    case EventKind::CircuitBreakerStatus:
      breached_level_ = event.breaker_status.level;
      ++breakers_seen_;
      return packed_state(kEverybody);
    case EventKind::Directory:
    case EventKind::TradingAction:
    case EventKind::ShortSaleRestriction:
    case EventKind::AuctionCollar:
    case EventKind::OperationalHalt: break;
    default: return packed(event.locate, false, Outcome::NoEffect);
  }
  if (event.locate >= instruments_max_)
    return packed(event.locate, false, doubt(event.locate, Outcome::LocateBeyondLimit));
  apply_to(references_[event.locate], event);
  return packed_state(event.locate);
}

void Books::apply_to(Reference& reference, const Event& event) noexcept {
  switch (event.kind) {
    case EventKind::Directory:
      reference.symbol = event.directory.symbol;
      reference.round_lot_size = event.directory.round_lot_size;
      reference.listed = true;
      highest_listed_ = std::max(highest_listed_, event.locate);
      break;
    case EventKind::TradingAction:
      reference.state = trading_state(event.trading.state);
      reference.breakers_seen = breakers_seen_;
      // A collar belongs to the auction that ends a pause; trading means that it is over.
      if (reference.state == TradingState::Trading) reference.collar = {};
      break;
    case EventKind::ShortSaleRestriction:
      // '0' is the only code that frees; an unknown one restricts.
      reference.short_sale_restricted = event.short_sale.action != '0';
      break;
    case EventKind::AuctionCollar:
      reference.collar = {event.collar.reference_price_e4, event.collar.upper_price_e4,
                          event.collar.lower_price_e4, event.collar.extension};
      break;
    case EventKind::OperationalHalt: {
      // Only a clear "trading resumed" ends a halt.
      const std::uint8_t bit = market_bit(event.halt.market_code);
      const unsigned others = reference.markets_halted & ~unsigned{bit};
      reference.markets_halted =
          static_cast<std::uint8_t>(event.halt.action == 'T' ? others : others | bit);
      break;
    }
    default: break;
  }
}

TradingState Books::state(Locate locate) const noexcept {
  const Reference& reference = references_[place_of(locate)];
  if (reference.state == TradingState::Unknown) return TradingState::Unknown;
  return reference.breakers_seen == breakers_seen_ ? reference.state : TradingState::Halted;
}

std::string_view Books::symbol(Locate locate) const noexcept {
  const Reference& reference = references_[place_of(locate)];
  if (!reference.listed) return {};
  std::size_t length = reference.symbol.size();
  while (length > 0 && reference.symbol[length - 1] == ' ') --length;
  return {reference.symbol.data(), length};
}

std::optional<Locate> Books::locate_of(std::string_view symbol) const noexcept {
  for (std::uint32_t locate = 0; locate <= highest_listed_; ++locate) {
    if (listed(static_cast<Locate>(locate)) && this->symbol(static_cast<Locate>(locate)) == symbol)
      return static_cast<Locate>(locate);
  }
  return std::nullopt;
}

template <typename Visitor>
void Books::for_each_level(Visitor&& visit) const noexcept {
  for (const Instrument& instrument : instruments_) {
    for (const Ladder& ladder : instrument.ladders) {
      for (const NodeIndex level : ladders_.levels(ladder)) visit(nodes_[level].level);
    }
  }
}

std::uint32_t Books::live_orders() const noexcept {
  std::uint32_t live = 0;
  for_each_level([&](const Level& level) { live += level.orders; });
  return live;
}

std::uint32_t Books::live_levels() const noexcept {
  std::uint32_t live = 0;
  for_each_level([&](const Level& level) { live += level.orders != 0 ? 1 : 0; });
  return live;
}

std::uint64_t Books::bbo_digest() const noexcept {
  // FNV-1a's numbers over 64-bit words, with a shift so that high bits count as well.
  std::uint64_t digest = 1469598103934665603ULL;
  const auto mix = [&digest](std::uint64_t value) {
    digest = (digest ^ value) * 1099511628211ULL;
    digest ^= digest >> 29;
  };
  for (std::uint32_t locate = 1; locate <= highest_listed_; ++locate) {
    const Top top = this->top(static_cast<Locate>(locate));
    mix(top.bid_price_e4);
    mix(top.bid_quantity);
    mix(top.ask_price_e4);
    mix(top.ask_quantity);
  }
  return digest;
}

void Books::restart() noexcept {
  nodes_.clear();
  orders_.clear();
  ladders_.clear();
  followers_.clear();
  std::ranges::fill(instruments_, Instrument{});
  std::ranges::fill(references_, Reference{});
  breaker_levels_ = {};
  breakers_seen_ = 0;
  highest_listed_ = 0;
  session_ = Session::Unknown;
  breached_level_ = 0;
  stale_ &= kBehind;
}

}  // namespace ridley::book
