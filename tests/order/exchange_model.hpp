// SPDX-License-Identifier: Apache-2.0
// The exchange as the protocol's rules describe it, in maps: takes order messages, gives the
// numbered stream of answers. Executions, cancels and breaks happen when the test says so.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <iterator>
#include <map>
#include <span>
#include <vector>

#include "order_fixture.hpp"

namespace ridley::order {

struct ModelOrder {
  std::uint32_t open = 0;
  std::uint32_t executed = 0;  // of the chain
  std::uint64_t price_e4 = 0;
  char side = 'B';
};

struct ModelTrade {
  std::uint64_t match_number = 0;
  std::uint32_t user_ref = 0;
  std::uint32_t quantity = 0;
  std::uint64_t price_e4 = 0;
  char side = 'B';
};

class ExchangeModel {
 public:
  std::deque<Message> stream;  // not yet taken by the client
  std::map<std::uint32_t, ModelOrder> live;
  std::int64_t position = 0;
  std::int64_t cash_e4 = 0;
  std::uint64_t quantity_rejects = 0;

  void take(std::span<const std::byte> message) {
    switch (static_cast<char>(message[0])) {
      case 'O': return enter(ouch::EnterOrder{message.data(), message.size()});
      case 'U': return replace(ouch::ReplaceOrder{message.data(), message.size()});
      case 'X': {
        const ouch::CancelOrder cancel{message.data(), message.size()};
        const auto found = live.find(cancel.user_ref_num());
        if (found == live.end() || cancel.quantity() >= found->second.open) return;
        return reduce(found->first, found->second.open - cancel.quantity());
      }
      case 'Q': return stream.push_back(query_response(last_used_ + 1));
      default: FAIL() << "the client sent a message of an unknown type";
    }
  }

  // Each picks one of what there is by a random number; nothing happens when there is none.
  void execute_some(std::uint32_t random) {
    if (live.empty()) return;
    const std::uint32_t user_ref = pick(random);
    ModelOrder& order = live[user_ref];
    const std::uint32_t quantity = (random >> 8) % order.open + 1;
    const std::uint64_t price = order.price_e4 - random % 3 * 100;
    const ModelTrade trade{++last_match_, user_ref, quantity, price, order.side};
    stream.push_back(executed(user_ref, quantity, trade.match_number, price));
    trades_.push_back(trade);
    settle(trade, 1);
    order.executed += quantity;
    order.open -= quantity;
    if (order.open == 0) live.erase(user_ref);
  }

  void cancel_some(std::uint32_t random) {
    if (live.empty()) return;
    const std::uint32_t user_ref = pick(random);
    reduce(user_ref, (random >> 8) % live[user_ref].open + 1);
  }

  void break_some(std::uint32_t random) {
    if (trades_.empty()) return;
    const auto at = trades_.begin() + static_cast<std::ptrdiff_t>(random % trades_.size());
    Message message = blank<ouch::BrokenTrade>();
    ouch::BrokenTradeWriter{message.data()}
        .user_ref_num(at->user_ref)
        .match_number(at->match_number)
        .broken_trade_reason('E');
    stream.push_back(message);
    settle(*at, -1);
    trades_.erase(at);
  }

  void cancel_everything() {
    while (!live.empty()) reduce(live.begin()->first, live.begin()->second.open);
  }

 private:
  bool use(std::uint32_t user_ref) {
    if (user_ref <= last_used_) return false;
    last_used_ = user_ref;
    return true;
  }

  // Prices tell the test's wishes: 1 to reject, 2 to accept dead, by the cents.
  static bool wants_reject(std::uint64_t price) { return price % 1'000 == 100; }
  static bool wants_dead(std::uint64_t price) { return price % 1'000 == 200; }

  void enter(const ouch::EnterOrder& message) {
    const std::uint32_t user_ref = message.user_ref_num();
    if (!use(user_ref)) return;
    if (wants_reject(message.price())) return stream.push_back(rejected(user_ref, 0x0007));
    const bool dead = wants_dead(message.price());
    stream.push_back(accepted(user_ref, message.quantity(), dead ? 'D' : 'L'));
    if (!dead) live[user_ref] = {message.quantity(), 0, message.price(), message.side()};
  }

  void replace(const ouch::ReplaceOrder& message) {
    const auto found = live.find(message.orig_user_ref_num());
    const std::uint32_t user_ref = message.user_ref_num();
    if (found == live.end() || !use(user_ref)) return;
    if (wants_reject(message.price())) {
      // Half of the rejects are for the quantity and end the original, too.
      const bool quantity = message.quantity() % 2 == 0;
      stream.push_back(rejected(user_ref, quantity ? 0x0013 : 0x001D));
      if (!quantity) return;
      ++quantity_rejects;
      reduce(found->first, found->second.open);
      return;
    }
    const ModelOrder original = found->second;
    if (message.quantity() <= original.executed) return reduce(found->first, original.open);
    const std::uint32_t open = message.quantity() - original.executed;
    const bool dead = wants_dead(message.price());
    stream.push_back(replaced(found->first, user_ref, open, dead ? 'D' : 'L'));
    live.erase(found);
    if (!dead) live[user_ref] = {open, original.executed, message.price(), original.side};
  }

  void reduce(std::uint32_t user_ref, std::uint32_t decrement) {
    ModelOrder& order = live[user_ref];
    stream.push_back(canceled(user_ref, decrement));
    order.open -= decrement;
    if (order.open == 0) live.erase(user_ref);
  }

  void settle(const ModelTrade& trade, std::int64_t direction) {
    const std::int64_t quantity = (trade.side == 'B' ? direction : -direction) * trade.quantity;
    position += quantity;
    cash_e4 -= quantity * static_cast<std::int64_t>(trade.price_e4);
  }

  std::uint32_t pick(std::uint32_t random) const {
    return std::next(live.begin(), static_cast<std::ptrdiff_t>(random % live.size()))->first;
  }

  std::vector<ModelTrade> trades_;
  std::uint32_t last_used_ = 0;
  std::uint64_t last_match_ = 0;
};

}  // namespace ridley::order
