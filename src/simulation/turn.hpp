// SPDX-License-Identifier: Apache-2.0
// What went into one turn of the hot core and what came out of it, for whoever watches. Valid until
// the next turn.
#pragma once

#include <cstdint>
#include <span>

#include "event/records.hpp"
#include "order/slots.hpp"

namespace ridley::simulation {

struct Turn {
  std::uint64_t now_ns = 0;
  std::uint32_t process = 1;  // of the firm, counted from 1
  // Heard first, in this order.
  const event::Command* command = nullptr;  // at most one
  bool command_done = false;
  bool killed_by_copy = false;                    // the command is the drop copy's
  std::span<const order::Inbound> messages = {};  // of the order connection
  std::uint32_t frames = 0;                       // of the feed, damaged ones as well
  std::span<const order::Inbound> copies = {};    // read from the drop copy since the last turn
  // Then said.
  std::span<const order::Outbound> packets = {};
  std::span<const event::OrderEvent> order_events = {};
  std::span<const event::RejectRecord> rejects = {};
};

}  // namespace ridley::simulation
