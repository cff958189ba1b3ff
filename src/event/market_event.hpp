// SPDX-License-Identifier: Apache-2.0
// What decoders and books must agree on about a market event and its record cannot say by itself.
// Constants; any core.
#pragma once

#include <cstdint>

#include "event/records.hpp"

namespace ridley::event {

// Bits of MarketEvent::flags.
inline constexpr auto kIncomplete = static_cast<std::uint16_t>(EventFlag::Incomplete);
inline constexpr auto kByOrder = static_cast<std::uint16_t>(EventFlag::ByOrder);
inline constexpr auto kRecovered = static_cast<std::uint16_t>(EventFlag::Recovered);
inline constexpr auto kImplied = static_cast<std::uint16_t>(EventFlag::Implied);
inline constexpr auto kAfterLoss = static_cast<std::uint16_t>(EventFlag::AfterLoss);

// Of ModifyOrder::keeps_priority, where a feed leaves it to the exchange's rule: the order stays
// where it is unless its price changes or its quantity grows.
inline constexpr std::uint8_t kKeepsUnlessItGrows = 2;

// Stands for a price that no event holds: a decoder says so in a doubt as well, where it knows the
// instrument. Whoever modifies an order to it makes its book stale.
inline constexpr std::uint32_t kPriceBeyond = 0xFFFF'FFFF;

// Where feeds name symbols: an instrument that got no locate. In doubt, clear_book and what the
// exchange says of the whole day it means every instrument.
inline constexpr std::uint16_t kNoLocate = 0;

}  // namespace ridley::event
