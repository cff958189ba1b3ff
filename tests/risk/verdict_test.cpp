// SPDX-License-Identifier: Apache-2.0
// The gate's verdict against the catalogue's formulas, each written down again without a thought
// for speed: the lowest number that fails, on random orders that stand near every edge.
#include <gtest/gtest.h>

#include <random>

#include "gate_fixture.hpp"

namespace ridley::risk {
namespace {

constexpr int kDays = 50;
constexpr int kOrdersADay = 5'000;
// The clock moves in whole tokens, so that the model needs no remainder.
constexpr std::uint64_t kNsPerToken = 10;

struct State {
  Limits limits;
  bool armed = true;
  bool killed = false;
  bool restricted = false;
  std::int64_t position = 0;
  Int128 open_buys = 0;
  Int128 open_sells = 0;
  Int128 open_e4 = 0;
  Int128 executed_e4 = 0;
  Int128 open_orders = 0;
  Int128 tokens = 0;
};

Int128 reference_times_two(const State& state, const event::OrderIntent& intent,
                           const Market& market) {
  const Int128 bid = market.bid_price_e4;
  const Int128 ask = market.ask_price_e4;
  if (state.limits.reference == Reference::Last) return Int128{2} * market.last_price_e4;
  if (state.limits.reference == Reference::Mid) return bid == 0 || ask == 0 ? 0 : bid + ask;
  return 2 * (intent.side == event::Side::Buy ? ask : bid);
}

// Index: the control's number. True: it passes.
std::array<bool, kControlCount + 1> passes(const State& state, const event::OrderIntent& intent,
                                           const Market& market) {
  std::array<bool, kControlCount + 1> pass;
  pass.fill(true);
  const OrderLimits& limits = state.limits.order;
  const Int128 reference = reference_times_two(state, intent, market);
  const Int128 price = intent.price_e4;
  const Int128 quantity = intent.quantity;
  const Int128 notional = price * quantity;
  const bool buy = intent.side == event::Side::Buy;
  const bool short_sale = intent.side == event::Side::SellShort;
  const Int128 tick = price < 10'000 ? limits.sub_dollar_tick_e4 : limits.tick_e4;
  const Int128 distance = 2 * price > reference ? 2 * price - reference : reference - 2 * price;
  const Int128 position = state.position;

  pass[1] = state.armed && !state.killed;
  pass[2] = !market.stale && market.age_ns <= state.limits.age_ns_max && reference != 0;
  pass[5] = !state.restricted;
  pass[6] = !market.halted && price >= market.lower_band_e4 &&
            (market.upper_band_e4 == 0 || price <= market.upper_band_e4);
  pass[7] = !short_sale || (limits.short_sales == Permit::Yes &&
                            (!market.short_sale_restricted || price > market.bid_price_e4));
  pass[8] = price > 0 && price % tick == 0 && quantity > 0 && quantity < 1'000'000;
  pass[9] = reference != 0 && distance * 10'000 <= reference * limits.collar_bps;
  pass[11] = quantity <= limits.quantity_max;
  pass[12] = notional <= static_cast<Int128>(limits.notional_max_e4);
  pass[14] = state.tokens > 0;
  pass[16] = buy ? position + state.open_buys + quantity <= static_cast<Int128>(limits.long_max)
                 : state.open_sells + quantity - position <= static_cast<Int128>(limits.short_max);
  pass[17] = state.executed_e4 + state.open_e4 + notional <=
             static_cast<Int128>(state.limits.gross_max_e4);
  pass[18] = state.open_orders + 1 <= state.limits.open_orders_max;
  return pass;
}

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_{seed} {}
  bool one_in(std::uint64_t n) { return random_() % n == 0; }
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  // The edge, one below it or one above it; sometimes anything.
  std::uint32_t near(std::uint64_t edge) {
    if (one_in(50)) return static_cast<std::uint32_t>(random_());
    return static_cast<std::uint32_t>(edge + below(3) - 1);
  }

 private:
  std::mt19937_64 random_;
};

event::OrderIntent random_intent(Chance& chance) {
  constexpr event::Side kSides[] = {event::Side::Buy, event::Side::Sell, event::Side::SellShort};
  constexpr std::uint32_t kPrices[] = {9'999, 950'000, 999'900, 1'000'000, 1'050'000};
  constexpr std::uint32_t kQuantities[] = {1, 100, 400, 500, 999'999};
  event::OrderIntent intent = buy();
  intent.side = kSides[chance.below(3)];
  const std::uint32_t price = kPrices[chance.below(5)];
  intent.price_e4 = chance.one_in(8) ? chance.near(price) : price;
  intent.quantity = chance.near(kQuantities[chance.below(chance.one_in(10) ? 5 : 4)]);
  return intent;
}

Market random_market(Chance& chance) {
  Market market = open_market();
  market.stale = chance.one_in(60);
  market.halted = chance.one_in(60);
  market.short_sale_restricted = chance.one_in(3);
  market.age_ns = chance.one_in(10) ? chance.near(1'000) : 0;
  if (chance.one_in(40)) market.bid_price_e4 = 0;
  if (chance.one_in(40)) market.ask_price_e4 = 0;
  if (chance.one_in(4)) market.upper_band_e4 = 1'050'000;
  if (chance.one_in(4)) market.lower_band_e4 = 950'000;
  return market;
}

// Tells both that a reservation has traded or was canceled.
void end(RiskGate& gate, State& state, const event::OrderIntent& intent, bool trades) {
  auto event =
      event_of(trades ? event::OrderEventKind::Executed : event::OrderEventKind::Canceled, intent);
  event.released_quantity = intent.quantity;
  event.released_price_e4 = intent.price_e4;
  event.terminal = 1;
  gate.apply(event);
  const bool bought = intent.side == event::Side::Buy;
  const Int128 notional = Int128{intent.price_e4} * intent.quantity;
  (bought ? state.open_buys : state.open_sells) -= intent.quantity;
  state.open_e4 -= notional;
  state.open_orders -= 1;
  if (!trades) return;
  state.executed_e4 += notional;
  state.position += bought ? std::int64_t{intent.quantity} : -std::int64_t{intent.quantity};
}

int lowest_failing(const std::array<bool, kControlCount + 1>& pass) {
  for (std::size_t number = 1; number < pass.size(); ++number) {
    if (!pass[number]) return static_cast<int>(number);
  }
  return 0;
}

using Seen = std::array<int, kControlCount + 1>;

State fresh_state(Reference reference) {
  State state;
  state.limits = wide_limits();
  state.limits.reference = reference;
  state.limits.order.quantity_max = 500;
  state.limits.order.notional_max_e4 = 499'950'000;
  state.limits.order.long_max = 2'000;
  state.limits.order.short_max = 1'500;
  state.limits.gross_max_e4 = 2'500'000'000;
  state.limits.open_orders_max = 6;
  state.limits.burst_messages_max = 50;
  state.limits.ns_per_message = kNsPerToken;
  state.tokens = 50;
  return state;
}

// Now and then the operator changes something.
void command_some(RiskGate& gate, State& state, Chance& chance) {
  if (chance.one_in(200)) {
    state.armed = !state.armed;
    gate.apply(command(state.armed ? event::CommandKind::Arm : event::CommandKind::Disarm));
  }
  if (chance.one_in(200)) {
    state.restricted = !state.restricted;
    auto order = command(state.restricted ? event::CommandKind::RestrictSymbol
                                          : event::CommandKind::UnrestrictSymbol);
    order.locate = 3;
    gate.apply(order);
  }
}

void run_day(Reference reference, Chance& chance, Seen& seen) {
  State state = fresh_state(reference);
  RiskGate gate{state.limits, 16};
  gate.apply(command(event::CommandKind::Arm));
  std::vector<event::OrderIntent> open;
  std::uint64_t now_ns = 0;
  for (int i = 0; i < kOrdersADay; ++i) {
    if (chance.one_in(20)) {
      now_ns += kNsPerToken;
      state.tokens = std::min<Int128>(state.tokens + 1, 50);
    }
    command_some(gate, state, chance);
    const event::OrderIntent intent = random_intent(chance);
    const Market market = random_market(chance);
    const int expected = lowest_failing(passes(state, intent, market));
    const Verdict verdict = gate.check(intent, market, now_ns);
    ASSERT_EQ(verdict.order ? 0 : verdict.reject.control, expected) << "order " << i;
    ++seen[static_cast<std::size_t>(expected)];
    if (verdict.order) {
      open.push_back(intent);
      (intent.side == event::Side::Buy ? state.open_buys : state.open_sells) += intent.quantity;
      state.open_e4 += Int128{intent.price_e4} * intent.quantity;
      state.open_orders += 1;
      state.tokens -= 1;
    }
    if (!open.empty() && chance.one_in(3)) {
      end(gate, state, open.back(), chance.one_in(20));
      open.pop_back();
    }
  }
}

class VerdictTest : public testing::TestWithParam<Reference> {};

TEST_P(VerdictTest, IsTheLowestNumberOfTheCatalogueThatFails) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  Chance chance{seed};
  Seen seen{};
  for (int day = 0; day < kDays; ++day) run_day(GetParam(), chance, seen);
  for (const std::size_t number : {0, 1, 2, 5, 6, 7, 8, 9, 11, 12, 14, 16, 17, 18}) {
    EXPECT_GT(seen[number], 0) << "never met: " << number;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryReference, VerdictTest,
                         testing::Values(Reference::OppositeTouch, Reference::Mid,
                                         Reference::Last));

}  // namespace
}  // namespace ridley::risk
