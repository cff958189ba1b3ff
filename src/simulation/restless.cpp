// SPDX-License-Identifier: Apache-2.0
#include "simulation/restless.hpp"

#include <algorithm>

namespace ridley::simulation {
namespace {

constexpr std::uint32_t kTickE4 = 100;
constexpr double kBookShare = 0.12;   // of book changes lead to something
constexpr double kTimerShare = 0.15;  // of the timer's calls
constexpr double kOrderShare = 0.08;  // of what it hears of its orders
constexpr double kNewShare = 0.55;    // of what it wants; the rest is for orders it has
constexpr double kWildShare = 0.06;   // of prices, quantities
constexpr std::size_t kMineMax = 64;  // more than may be open

}  // namespace

// The table's functions are plain ones; each finds its object again.
struct Restless::Calls {
  static Restless& self(void* pointer) noexcept { return *static_cast<Restless*>(pointer); }
  static std::uint32_t on_book(void* pointer, const ridley_book_change* change,
                               ridley_order_intent* intents, std::uint32_t) {
    return self(pointer).on_book(*change, intents);
  }
  static std::uint32_t on_trade(void*, const ridley_trade*, ridley_order_intent*, std::uint32_t) {
    return 0;
  }
  static std::uint32_t on_order(void* pointer, std::uint32_t, const ridley_order_event* event,
                                ridley_order_intent* intents, std::uint32_t) {
    return self(pointer).on_order(*event, intents);
  }
  static std::uint32_t on_timer(void* pointer, const ridley_now*, ridley_order_intent* intents,
                                std::uint32_t) {
    return self(pointer).on_timer(intents);
  }
  static std::uint32_t on_feed_lost(void* pointer, const ridley_now*, ridley_order_intent* intents,
                                    std::uint32_t most) {
    return self(pointer).on_feed_lost(intents, most);
  }
};

Restless::Restless(std::uint64_t seed, const std::vector<std::string>& symbols)
    : random_{seed ^ 0x5EED'0000'0000'0000ULL}, markets_(symbols.size()) {
  for (const std::string& symbol : symbols) {
    event::Symbol& padded = symbols_.emplace_back();
    padded.fill(' ');
    std::copy_n(symbol.begin(), std::min(symbol.size(), padded.size()), padded.begin());
  }
  mine_.reserve(2 * kMineMax);
  loaded_.table = {.abi_version = RIDLEY_STRATEGY_ABI_VERSION,
                   .struct_size = sizeof(ridley_strategy_table),
                   .name = "restless",
                   .parameters = nullptr,
                   .parameter_count = 0,
                   .reserved = 0,
                   .create = nullptr,
                   .destroy = nullptr,
                   .on_book = Calls::on_book,
                   .on_trade = Calls::on_trade,
                   .on_order = Calls::on_order,
                   .on_timer = Calls::on_timer,
                   .on_feed_lost = Calls::on_feed_lost,
                   .save_state = nullptr,
                   .restore_state = nullptr};
  loaded_.self = this;
  loaded_.strategy_id = 1;
  loaded_.symbols = symbols_;
}

std::uint32_t Restless::on_book(const ridley_book_change& change,
                                ridley_order_intent* intents) noexcept {
  if (change.instrument >= markets_.size()) return 0;
  Market& market = markets_[change.instrument];
  market = {change.locate, change.bid_price_e4, change.ask_price_e4};
  if (!random_.chance(kBookShare)) return 0;
  want_something(market, intents[0]);
  return 1;
}

std::uint32_t Restless::on_timer(ridley_order_intent* intents) noexcept {
  pulled_ = 0;
  if (!random_.chance(kTimerShare)) return 0;
  const Market& market = markets_[random_.below(static_cast<std::uint32_t>(markets_.size()))];
  if (market.locate == 0) return 0;
  want_something(market, intents[0]);
  return 1;
}

std::uint32_t Restless::on_order(const ridley_order_event& event,
                                 ridley_order_intent* intents) noexcept {
  const auto is_it = [&event](const Mine& mine) { return mine.user_ref == event.user_ref; };
  if (event.kind == RIDLEY_ORDER_EVENT_KIND_SENT && mine_.size() < kMineMax)
    mine_.push_back({event.user_ref, event.locate, event.side});
  if (event.terminal != 0) std::erase_if(mine_, is_it);
  if (event.kind == RIDLEY_ORDER_EVENT_KIND_REPLACED)
    std::erase_if(mine_,
                  [&](const Mine& mine) { return mine.user_ref == event.original_user_ref; });
  // An answer to a refusal could be refused as well, and so on.
  if (event.kind == RIDLEY_ORDER_EVENT_KIND_GATE_REJECTED) return 0;
  if (event.kind == RIDLEY_ORDER_EVENT_KIND_CANCEL_REJECTED) return 0;
  if (!random_.chance(kOrderShare)) return 0;
  const auto market = std::ranges::find(markets_, event.locate, &Market::locate);
  if (market == markets_.end()) return 0;
  want_something(*market, intents[0]);
  return 1;
}

// Takes its orders back, as every strategy should; whether it may do anything else is not asked
// here.
std::uint32_t Restless::on_feed_lost(ridley_order_intent* intents, std::uint32_t most) noexcept {
  std::uint32_t count = 0;
  while (count < most && pulled_ < mine_.size()) {
    const Mine& mine = mine_[pulled_++];
    intents[count] = {};
    intents[count].kind = RIDLEY_INTENT_KIND_CANCEL;
    intents[count].side = mine.side;
    intents[count].locate = mine.locate;
    intents[count].user_ref = mine.user_ref;
    ++count;
  }
  return count;
}

void Restless::want_something(const Market& market, ridley_order_intent& intent) noexcept {
  intent = {};
  intent.locate = market.locate;
  intent.time_in_force = RIDLEY_TIME_IN_FORCE_DAY;
  intent.display = 'Y';
  if (mine_.empty() || random_.chance(kNewShare)) return want_order(market, intent);
  want_change(market, intent);
}

void Restless::want_order(const Market& market, ridley_order_intent& intent) noexcept {
  constexpr std::uint8_t kSides[] = {RIDLEY_SIDE_BUY, RIDLEY_SIDE_BUY, RIDLEY_SIDE_SELL,
                                     RIDLEY_SIDE_SELL_SHORT};
  intent.kind = RIDLEY_INTENT_KIND_NEW;
  intent.side = kSides[random_.below(4)];
  intent.price_e4 = price(market, intent.side);
  intent.quantity = quantity();
  intent.post_only = random_.chance(0.1) ? 1 : 0;
  if (random_.chance(0.15)) intent.time_in_force = RIDLEY_TIME_IN_FORCE_IMMEDIATE_OR_CANCEL;
  if (random_.chance(0.05)) intent.display = 'N';
}

void Restless::want_change(const Market& market, ridley_order_intent& intent) noexcept {
  const Mine& mine = mine_[random_.below(static_cast<std::uint32_t>(mine_.size()))];
  intent.user_ref = mine.user_ref;
  intent.locate = mine.locate;
  intent.side = mine.side;
  if (random_.chance(0.5)) {
    intent.kind = RIDLEY_INTENT_KIND_CANCEL;
    intent.quantity = random_.chance(0.8) ? 0 : 50;
    return;
  }
  const auto other = std::ranges::find(markets_, mine.locate, &Market::locate);
  intent.kind = RIDLEY_INTENT_KIND_REPLACE;
  intent.price_e4 = price(other == markets_.end() ? market : *other, mine.side);
  intent.quantity = quantity();
}

// At the touch or a few ticks to either side of it: some trade at once.
std::uint32_t Restless::price(const Market& market, std::uint8_t side) noexcept {
  const bool buys = side == RIDLEY_SIDE_BUY;
  const std::uint32_t touch = buys ? market.bid_e4 : market.ask_e4;
  const std::uint32_t ticks = random_.chance(kWildShare) ? random_.below(4'000) : random_.below(6);
  const std::uint32_t away = ticks * kTickE4;
  if (touch == 0) return 10'0000;
  const bool up = random_.chance(0.5);
  if (up) return touch + away;
  return touch > away + kTickE4 ? touch - away : kTickE4;
}

std::uint32_t Restless::quantity() noexcept {
  if (random_.chance(kWildShare)) return random_.below(5'000);
  return 10 * (1 + random_.below(20));
}

}  // namespace ridley::simulation
