// SPDX-License-Identifier: Apache-2.0
// In: who wants to buy and sell in a cross, and at what price. Out: the price at which most shares
// change hands, and what is left over there. Pure functions; any core.
//
// The price is that of the most shares; among several the one with the smallest imbalance, then the
// one nearest to the reference, then the lower one. It is an order's limit or the reference.
#pragma once

#include <cstdint>
#include <span>

#include "event/records.hpp"

namespace ridley::venue {

// The price of an order that takes any (OUCH 5.0, section 1).
inline constexpr std::uint32_t kMarketPrice = 0x7FFF'FFFF;

struct Interest {
  event::Side side;
  std::uint32_t price_e4;
  std::uint32_t quantity;
};

struct Auction {
  std::uint32_t price_e4 = 0;  // 0: nobody meets anybody
  std::uint64_t paired = 0;    // shares that can trade
  std::uint64_t imbalance = 0;
  char direction = 'O';  // as NOII has it: B, S, N, or O for nothing to pair
};

[[nodiscard]] Auction auction_at(std::span<const Interest> interests, std::uint32_t price_e4);
[[nodiscard]] Auction find_auction(std::span<const Interest> interests, std::uint32_t reference_e4);

// How far one price is from another, as NOII spells it.
[[nodiscard]] char price_variation(std::uint32_t near_e4, std::uint32_t reference_e4) noexcept;

}  // namespace ridley::venue
