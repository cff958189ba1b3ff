// SPDX-License-Identifier: Apache-2.0
#include "venue/crosses.hpp"

#include <algorithm>
#include <tuple>

namespace ridley::venue {
namespace {

using event::Side;

// As many as the accounts of a day could want; 100 bytes each.
constexpr std::size_t kCrossOrdersMax = 1U << 20;

std::vector<Interest> interests_of(const std::vector<CrossFill>& orders) {
  std::vector<Interest> interests;
  interests.reserve(orders.size());
  for (const CrossFill& order : orders)
    interests.push_back({order.side, order.price_e4, order.quantity});
  return interests;
}

// Who trades first on one side: the better price, then who is displayed, then who was earlier.
bool goes_before(const CrossFill& one, const CrossFill& other) {
  const auto rank = [](const CrossFill& order) {
    if (order.price_e4 == kMarketPrice) return std::uint32_t{0};
    return order.side == Side::Buy ? ~order.price_e4 : order.price_e4;
  };
  return std::tuple{rank(one), !one.displayed, one.reference} <
         std::tuple{rank(other), !other.displayed, other.reference};
}

bool takes(const CrossFill& order, std::uint32_t price_e4) noexcept {
  if (order.price_e4 == kMarketPrice) return true;
  return order.side == Side::Buy ? order.price_e4 >= price_e4 : order.price_e4 <= price_e4;
}

}  // namespace

std::uint64_t Crosses::enter(const CrossOrder& order) {
  if (orders_.size() == kCrossOrdersMax) return 0;
  const std::uint64_t reference = engine_.take_reference();
  orders_.emplace(reference, order);
  places_[order.locate].push_back(reference);
  return reference;
}

std::uint32_t Crosses::reduce(std::uint64_t reference, std::uint32_t quantity) {
  const auto found = orders_.find(reference);
  if (found == orders_.end()) return 0;
  const std::uint32_t taken = std::min(quantity, found->second.quantity);
  found->second.quantity -= taken;
  if (found->second.quantity > 0) return taken;
  const auto place = places_.find(found->second.locate);
  std::erase(place->second, reference);
  if (place->second.empty()) places_.erase(place);
  orders_.erase(found);
  return taken;
}

bool Crosses::has_interest(std::uint16_t locate, CrossType type) const {
  const std::uint32_t bid = engine_.best_e4(locate, Side::Buy);
  const std::uint32_t ask = engine_.best_e4(locate, Side::Sell);
  return (bid != 0 && ask != 0 && bid >= ask) || !waiting(locate, type).empty();
}

Imbalance Crosses::imbalance(std::uint16_t locate, CrossType type, std::uint32_t last_e4) const {
  const std::vector<Interest> all = interests_of(candidates(locate, type));
  const std::uint32_t bid = engine_.displayed_best_e4(locate, Side::Buy);
  const std::uint32_t ask = engine_.displayed_best_e4(locate, Side::Sell);
  Imbalance result;
  result.near_e4 = find_auction(all, last_e4).price_e4;
  result.far_e4 = find_auction(interests_of(waiting(locate, type)), last_e4).price_e4;
  std::uint32_t reference = result.near_e4 == 0 ? last_e4 : result.near_e4;
  // What can be seen bounds the reference while the book is not crossed.
  if (bid != 0 && ask != 0 && bid < ask) reference = std::clamp(reference, bid, ask);
  if (reference != 0) result.at_reference = auction_at(all, reference);
  return result;
}

Auction Crosses::find(std::uint16_t locate, CrossType type, std::uint32_t last_e4) const {
  if (!has_interest(locate, type)) return {};
  return find_auction(interests_of(candidates(locate, type)), last_e4);
}

Crosses::Outcome Crosses::run(std::uint16_t locate, CrossType type, const Auction& auction) {
  Outcome outcome{.auction = auction, .fills = {}, .left_over = {}};
  std::vector<CrossFill> orders;
  if (auction.paired > 0) orders = candidates(locate, type);
  std::ranges::sort(orders, goes_before);
  for (const Side side : {Side::Buy, Side::Sell}) {
    std::uint64_t left = auction.paired;
    for (CrossFill fill : orders) {
      if (fill.side != side || left == 0 || !takes(fill, auction.price_e4)) continue;
      fill.quantity = static_cast<std::uint32_t>(std::min<std::uint64_t>(fill.quantity, left));
      left -= fill.quantity;
      outcome.fills.push_back(fill);
    }
  }
  for (const CrossFill& fill : outcome.fills) {
    if (fill.in_book) {
      (void)engine_.reduce(fill.reference, fill.quantity);
    } else {
      (void)reduce(fill.reference, fill.quantity);
    }
  }
  outcome.left_over = waiting(locate, type);
  for (const CrossFill& order : outcome.left_over) (void)reduce(order.reference, order.quantity);
  return outcome;
}

std::vector<CrossFill> Crosses::candidates(std::uint16_t locate, CrossType type) const {
  std::vector<CrossFill> all = waiting(locate, type);
  for (const Side side : {Side::Buy, Side::Sell}) {
    engine_.for_each_order(locate, side, [&](const RestingOrder& order) {
      all.push_back({.reference = order.reference,
                     .side = side,
                     .price_e4 = order.price_e4,
                     .quantity = order.quantity,
                     .owner = order.owner,
                     .displayed = order.displayed(),
                     .in_book = true});
      return true;
    });
  }
  return all;
}

std::vector<CrossFill> Crosses::waiting(std::uint16_t locate, CrossType type) const {
  std::vector<CrossFill> found;
  const auto place = places_.find(locate);
  if (place == places_.end()) return found;
  for (const std::uint64_t reference : place->second) {
    const CrossOrder& order = orders_.at(reference);
    if (order.type != type) continue;
    found.push_back({.reference = reference,
                     .side = order.side,
                     .price_e4 = order.price_e4,
                     .quantity = order.quantity,
                     .owner = order.owner,
                     .displayed = false,
                     .in_book = false});
  }
  return found;
}

}  // namespace ridley::venue
