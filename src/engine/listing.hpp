// SPDX-License-Identifier: Apache-2.0
// In: a Stock Directory event. Out: what the rooms know by symbol they know by locate from here on.
// Hot core, a few times an instrument and day.
#pragma once

#include "engine/rooms.hpp"
#include "event/records.hpp"

namespace ridley::engine {

inline void list(Rooms& rooms, const event::MarketEvent& event) noexcept {
  rooms.orders.set_symbol(event.locate, event.directory.symbol);
  RollEntry* entry = rooms.roll.find(event.directory.symbol);
  // Said again, it must not undo limits that the operator has changed since.
  if (entry == nullptr || (entry->listed && entry->locate == event.locate)) return;
  entry->listed = true;
  entry->locate = event.locate;
  rooms.gate.set_instrument(event.locate, entry->limits);
  if (entry->restricted) {
    event::Command command{};
    command.kind = event::CommandKind::RestrictSymbol;
    command.locate = event.locate;
    rooms.gate.apply(command);
  }
  if (entry->traded) rooms.strategy.on_directory(event.locate, event.directory.symbol);
}

}  // namespace ridley::engine
