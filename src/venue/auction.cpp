// SPDX-License-Identifier: Apache-2.0
#include "venue/auction.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace ridley::venue {
namespace {

using event::Side;

std::uint32_t distance(std::uint32_t one, std::uint32_t other) noexcept {
  return one > other ? one - other : other - one;
}

// Shares a price, and those that take any.
struct Curve {
  std::map<std::uint32_t, std::uint64_t> at;
  std::uint64_t market = 0;

  Curve(std::span<const Interest> interests, Side side) {
    for (const Interest& interest : interests) {
      if (interest.side != side) continue;
      (interest.price_e4 == kMarketPrice ? market : at[interest.price_e4]) += interest.quantity;
    }
  }
};

Auction result_of(std::uint32_t price_e4, std::uint64_t demand, std::uint64_t supply) noexcept {
  Auction auction{.price_e4 = price_e4, .paired = std::min(demand, supply)};
  auction.imbalance = std::max(demand, supply) - auction.paired;
  if (demand != 0 || supply != 0) auction.direction = demand > supply ? 'B' : 'S';
  if (auction.paired != 0 && auction.imbalance == 0) auction.direction = 'N';
  return auction;
}

}  // namespace

Auction auction_at(std::span<const Interest> interests, std::uint32_t price_e4) {
  std::uint64_t demand = 0;
  std::uint64_t supply = 0;
  for (const Interest& interest : interests) {
    const bool any = interest.price_e4 == kMarketPrice;
    if (interest.side == Side::Buy && (any || interest.price_e4 >= price_e4)) {
      demand += interest.quantity;
    }
    if (interest.side != Side::Buy && (any || interest.price_e4 <= price_e4)) {
      supply += interest.quantity;
    }
  }
  return result_of(price_e4, demand, supply);
}

Auction find_auction(std::span<const Interest> interests, std::uint32_t reference_e4) {
  Curve buys{interests, Side::Buy};
  Curve sells{interests, Side::Sell};
  std::uint64_t demand = buys.market;
  for (const auto& [price, quantity] : buys.at) demand += quantity;
  std::uint64_t supply = sells.market;
  // Every price at which something changes, upwards: demand falls behind a price, supply rises at
  // it.
  std::map<std::uint32_t, std::uint64_t> prices = buys.at;
  prices.merge(std::map{sells.at});
  if (reference_e4 != 0) prices.try_emplace(reference_e4, 0);
  const auto merit = [reference_e4](const Auction& auction) {
    return std::tuple{~auction.paired, auction.imbalance, distance(auction.price_e4, reference_e4)};
  };
  Auction best;
  for (const auto& [price, unused] : prices) {
    if (const auto found = sells.at.find(price); found != sells.at.end()) supply += found->second;
    const Auction here = result_of(price, demand, supply);
    if (here.paired != 0 && (best.paired == 0 || merit(here) < merit(best))) best = here;
    if (const auto found = buys.at.find(price); found != buys.at.end()) demand -= found->second;
  }
  return best;
}

char price_variation(std::uint32_t near_e4, std::uint32_t reference_e4) noexcept {
  if (near_e4 == 0 || reference_e4 == 0) return ' ';
  const std::uint64_t percent = std::uint64_t{distance(near_e4, reference_e4)} * 100 / reference_e4;
  if (percent < 1) return 'L';
  if (percent < 10) return static_cast<char>('0' + percent);
  if (percent < 20) return 'A';
  return percent < 30 ? 'B' : 'C';
}

}  // namespace ridley::venue
