// SPDX-License-Identifier: Apache-2.0
// In: an exchange at one moment. Out: its GLIMPSE 5.0 snapshot as the messages of a stream, and the
// number of the feed's next message behind them. Cold.
#pragma once

#include "order/soup_server.hpp"
#include "venue/exchange.hpp"

namespace ridley::venue {

// Sheet glimpse-5.0, section 2: system events, directory, states, displayed orders (each side's
// best price first, and at one price the oldest first), end.
void append_snapshot(const Exchange& exchange, order::SoupStream& stream);

}  // namespace ridley::venue
