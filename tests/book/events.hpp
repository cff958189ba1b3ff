// SPDX-License-Identifier: Apache-2.0
// In: what happens, in test words. Out: the MarketEvent that says it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "event/records.hpp"

namespace ridley::book {

inline event::Symbol symbol_field(std::string_view text) {
  event::Symbol symbol;
  symbol.fill(' ');
  std::copy_n(text.begin(), std::min(text.size(), symbol.size()), symbol.begin());
  return symbol;
}

inline event::MarketEvent event_of(event::EventKind kind, std::uint16_t locate) {
  event::MarketEvent event{};
  event.kind = kind;
  event.locate = locate;
  return event;
}

struct Add {
  std::uint64_t id;
  event::Side side;
  std::uint32_t quantity;
  std::uint32_t price_e4;
  std::uint16_t locate = 1;

  operator event::MarketEvent() const {
    event::MarketEvent event = event_of(event::EventKind::AddOrder, locate);
    event.side = side;
    event.add.order_id = id;
    event.add.quantity = quantity;
    event.add.price_e4 = price_e4;
    return event;
  }
};

struct Execute {
  std::uint64_t id;
  std::uint32_t quantity;
  std::uint16_t locate = 1;

  operator event::MarketEvent() const {
    event::MarketEvent event = event_of(event::EventKind::ExecuteOrder, locate);
    event.execute.order_id = id;
    event.execute.quantity = quantity;
    event.execute.printable = 1;
    return event;
  }
};

struct ExecuteAt {
  std::uint64_t id;
  std::uint32_t quantity;
  std::uint32_t price_e4;
  bool printable = true;
  std::uint16_t locate = 1;

  operator event::MarketEvent() const {
    event::MarketEvent event = event_of(event::EventKind::ExecuteOrderAtPrice, locate);
    event.execute.order_id = id;
    event.execute.quantity = quantity;
    event.execute.price_e4 = price_e4;
    event.execute.printable = printable ? 1 : 0;
    return event;
  }
};

struct Cancel {
  std::uint64_t id;
  std::uint32_t quantity;
  std::uint16_t locate = 1;

  operator event::MarketEvent() const {
    event::MarketEvent event = event_of(event::EventKind::CancelOrder, locate);
    event.cancel.order_id = id;
    event.cancel.quantity = quantity;
    return event;
  }
};

struct Delete {
  std::uint64_t id;
  std::uint16_t locate = 1;

  operator event::MarketEvent() const {
    event::MarketEvent event = event_of(event::EventKind::DeleteOrder, locate);
    event.remove.order_id = id;
    return event;
  }
};

struct Replace {
  std::uint64_t id;
  std::uint64_t new_id;
  std::uint32_t quantity;
  std::uint32_t price_e4;
  std::uint16_t locate = 1;

  operator event::MarketEvent() const {
    event::MarketEvent event = event_of(event::EventKind::ReplaceOrder, locate);
    event.replace.order_id = id;
    event.replace.new_order_id = new_id;
    event.replace.quantity = quantity;
    event.replace.price_e4 = price_e4;
    return event;
  }
};

struct Directory {
  std::uint16_t locate;
  std::string_view symbol;

  operator event::MarketEvent() const {
    event::MarketEvent event = event_of(event::EventKind::Directory, locate);
    event.directory.symbol = symbol_field(symbol);
    event.directory.round_lot_size = 100;
    return event;
  }
};

struct TradingAction {
  std::uint16_t locate;
  char state;

  operator event::MarketEvent() const {
    event::MarketEvent event = event_of(event::EventKind::TradingAction, locate);
    event.trading.state = static_cast<std::uint8_t>(state);
    return event;
  }
};

}  // namespace ridley::book
