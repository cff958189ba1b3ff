// SPDX-License-Identifier: Apache-2.0
#include "bench/itch_book/map_books.hpp"

#include <algorithm>
#include <iterator>

#include "bench/support/bbo_digest.hpp"

namespace ridley::bench {

using event::EventKind;

bool MapBooks::apply(const event::MarketEvent& event) {
  switch (event.kind) {
    case EventKind::AddOrder:
      insert({.id = event.add.order_id, .quantity = event.add.quantity}, event.add.price_e4,
             {.level = {},
              .order = {},
              .locate = event.locate,
              .buys = event.side == event::Side::Buy});
      return refresh(event.locate);
    case EventKind::ExecuteOrder:
    case EventKind::ExecuteOrderAtPrice:
      return reduce(event.execute.order_id, event.execute.quantity);
    case EventKind::CancelOrder: return reduce(event.cancel.order_id, event.cancel.quantity);
    case EventKind::DeleteOrder: return remove(event.remove.order_id);
    case EventKind::ReplaceOrder: return replace(event.replace);
    case EventKind::Directory:
      highest_listed_ = std::max(highest_listed_, event.locate);
      return false;
    default: return false;
  }
}

void MapBooks::insert(const Order& order, std::uint32_t price_e4, Place place) {
  Instrument& instrument = instruments_[place.locate];
  Levels& levels = place.buys ? instrument.bids : instrument.asks;
  place.level = levels.try_emplace(price_e4).first;
  Level& level = place.level->second;
  level.quantity += order.quantity;
  level.queue.push_back(order);
  place.order = std::prev(level.queue.end());
  places_.emplace(order.id, place);
}

void MapBooks::erase(Places::iterator found) {
  const Place& place = found->second;
  Level& level = place.level->second;
  level.quantity -= place.order->quantity;
  level.queue.erase(place.order);
  if (level.queue.empty()) {
    Instrument& instrument = instruments_[place.locate];
    (place.buys ? instrument.bids : instrument.asks).erase(place.level);
  }
  places_.erase(found);
}

bool MapBooks::reduce(std::uint64_t id, std::uint32_t quantity) {
  const Places::iterator found = places_.find(id);
  if (found == places_.end()) return false;
  const Place& place = found->second;
  const std::uint16_t locate = place.locate;
  if (place.order->quantity <= quantity) {
    erase(found);
  } else {
    place.order->quantity -= quantity;
    place.level->second.quantity -= quantity;
  }
  return refresh(locate);
}

bool MapBooks::remove(std::uint64_t id) {
  const Places::iterator found = places_.find(id);
  if (found == places_.end()) return false;
  const std::uint16_t locate = found->second.locate;
  erase(found);
  return refresh(locate);
}

bool MapBooks::replace(const event::MarketEvent::ReplaceOrder& event) {
  const Places::iterator found = places_.find(event.order_id);
  if (found == places_.end()) return false;
  const Place place = found->second;
  erase(found);
  insert({.id = event.new_order_id, .quantity = event.quantity}, event.price_e4,
         {.level = {}, .order = {}, .locate = place.locate, .buys = place.buys});
  return refresh(place.locate);
}

MapBooks::Best MapBooks::best_bid(const Instrument& instrument) {
  if (instrument.bids.empty()) return {};
  const auto& [price_e4, level] = *instrument.bids.rbegin();
  return {.quantity = level.quantity, .orders = level.queue.size(), .price_e4 = price_e4};
}

MapBooks::Best MapBooks::best_ask(const Instrument& instrument) {
  if (instrument.asks.empty()) return {};
  const auto& [price_e4, level] = *instrument.asks.begin();
  return {.quantity = level.quantity, .orders = level.queue.size(), .price_e4 = price_e4};
}

bool MapBooks::refresh(std::uint16_t locate) {
  Instrument& instrument = instruments_[locate];
  const Best bid = best_bid(instrument);
  const Best ask = best_ask(instrument);
  const bool changed = bid != instrument.bid || ask != instrument.ask;
  instrument.bid = bid;
  instrument.ask = ask;
  return changed;
}

std::uint64_t MapBooks::live_levels() const {
  std::uint64_t sum = 0;
  for (const Instrument& instrument : instruments_) {
    sum += instrument.bids.size() + instrument.asks.size();
  }
  return sum;
}

std::uint64_t MapBooks::bbo_digest() const {
  BboDigest digest;
  for (std::size_t locate = 1; locate <= highest_listed_; ++locate) {
    const Instrument& instrument = instruments_[locate];
    digest.add(instrument.bid.price_e4, instrument.bid.quantity);
    digest.add(instrument.ask.price_e4, instrument.ask.quantity);
  }
  return digest.value();
}

}  // namespace ridley::bench
