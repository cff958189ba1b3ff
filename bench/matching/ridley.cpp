// SPDX-License-Identifier: Apache-2.0
// In: 16,384 different orders, again and again. Out: the time of one operation of the venue's
// matching engine, without risk checks and without publication: limit orders of which every other
// one crosses, and orders added and deleted behind the touch. Of one instrument, and spread over
// 1,000.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <vector>

#include "bench/support/google_rows.hpp"
#include "bench/support/report.hpp"
#include "venue/matching_engine.hpp"

namespace ridley::bench::matching {
namespace {

using event::Side;
using venue::MatchingEngine;
using venue::NewOrder;
using venue::Submission;

constexpr std::size_t kOrders = 16'384;
constexpr std::uint64_t kSeed = 20'261'121;
constexpr std::uint32_t kMiddle_e4 = 1'000'000;
constexpr std::uint32_t kTick_e4 = 100;
// Live at a time in the add and delete rows; a day's crowd of one instrument.
constexpr std::size_t kLive = 1'024;

std::uint32_t below(std::mt19937_64& random, std::uint32_t end) {
  return static_cast<std::uint32_t>(random() % end);
}

NewOrder order_of(std::mt19937_64& random, std::uint16_t instruments) {
  NewOrder order;
  order.locate = static_cast<std::uint16_t>(1 + below(random, instruments));
  order.side = below(random, 2) == 0 ? Side::Buy : Side::Sell;
  order.quantity = 1 + below(random, 500);
  order.owner = {1 + below(random, 16), below(random, 1'000'000)};
  return order;
}

// Two at a time: one rests within 20 ticks of the middle, the next takes as much of the same side,
// so that the book stays as large as it is.
std::vector<NewOrder> crossing_orders(std::uint16_t instruments) {
  std::mt19937_64 random{kSeed};
  std::vector<NewOrder> orders;
  while (orders.size() < kOrders) {
    NewOrder order = order_of(random, instruments);
    const bool buys = order.side == Side::Buy;
    const std::uint32_t away = (1 + below(random, 20)) * kTick_e4;
    order.price_e4 = buys ? kMiddle_e4 - away : kMiddle_e4 + away;
    orders.push_back(order);
    const std::uint32_t reach = (20 + below(random, 10)) * kTick_e4;
    order.side = buys ? Side::Sell : Side::Buy;
    order.price_e4 = buys ? kMiddle_e4 - reach : kMiddle_e4 + reach;
    orders.push_back(order);
  }
  return orders;
}

// On their own side of the middle, nine of ten within 8 ticks: nobody meets anybody.
std::vector<NewOrder> passive_orders(std::uint16_t instruments) {
  std::mt19937_64 random{kSeed};
  std::vector<NewOrder> orders;
  for (std::size_t i = 0; i < kOrders; ++i) {
    NewOrder order = order_of(random, instruments);
    const std::uint32_t ticks = 1 + below(random, below(random, 10) == 0 ? 64 : 8);
    order.price_e4 =
        order.side == Side::Buy ? kMiddle_e4 - ticks * kTick_e4 : kMiddle_e4 + ticks * kTick_e4;
    orders.push_back(order);
  }
  return orders;
}

std::unique_ptr<MatchingEngine> engine_for(std::uint16_t instruments) {
  return std::make_unique<MatchingEngine>(venue::limits_for(instruments));
}

// Every share asked for traded, rests, or was canceled.
void crossing(benchmark::State& state) {
  const auto instruments = static_cast<std::uint16_t>(state.range(0));
  const std::vector<NewOrder> orders = crossing_orders(instruments);
  const auto engine = engine_for(instruments);
  std::uint64_t asked = 0;
  std::uint64_t executed = 0;
  for (const NewOrder& order : passive_orders(instruments)) {
    (void)engine->submit(order);
    asked += order.quantity;
  }
  std::uint64_t fills = 0;
  std::size_t at = 0;
  for (auto _ : state) {
    const NewOrder& order = orders[at++ % kOrders];
    const Submission submission = engine->submit(order);
    benchmark::DoNotOptimize(&submission);
    asked += order.quantity;
    executed += submission.executed_quantity;
    fills += submission.fills.size();
  }
  std::uint64_t resting = 0;
  for (std::uint16_t locate = 1; locate <= instruments; ++locate) {
    for (const Side side : {Side::Buy, Side::Sell}) {
      engine->for_each_order(locate, side, [&](const venue::RestingOrder& order) {
        resting += order.quantity;
        return true;
      });
    }
  }
  if (asked != 2 * executed + resting || engine->refused() != 0)
    state.SkipWithError("shares were lost");
  state.counters["fills_an_order"] =
      static_cast<double>(fills) / static_cast<double>(state.iterations());
}

// An iteration is two operations: one order comes, and one of those that rest goes.
void add_and_delete(benchmark::State& state) {
  const auto instruments = static_cast<std::uint16_t>(state.range(0));
  const std::vector<NewOrder> orders = passive_orders(instruments);
  const auto engine = engine_for(instruments);
  std::mt19937_64 random{kSeed + 1};
  std::vector<std::uint32_t> victims;
  for (std::size_t i = 0; i < kOrders; ++i) victims.push_back(below(random, kLive));
  std::vector<std::uint64_t> live;
  for (std::size_t i = 0; i < kLive; ++i) live.push_back(engine->submit(orders[i]).reference);
  std::size_t at = 0;
  for (auto _ : state) {
    std::uint64_t& place = live[victims[at % kOrders]];
    const std::uint64_t reference = engine->submit(orders[at % kOrders]).reference;
    const venue::Reduction gone = engine->reduce(place, 0xFFFF'FFFF);
    benchmark::DoNotOptimize(&gone);
    place = reference;
    ++at;
  }
  if (engine->resting_count() != kLive) state.SkipWithError("an order was lost");
}

BENCHMARK(crossing)->Arg(1)->Arg(1'000);
BENCHMARK(add_and_delete)->Arg(1)->Arg(1'000);

}  // namespace
}  // namespace ridley::bench::matching

const ridley::bench::Contender ridley::bench::kContender{
    .task = "matching",
    .name = "ridley",
    .timed =
        "MatchingEngine::submit of one limit order; the rows add_and_delete one order added and "
        "one deleted",
    .measure = run_google_benchmarks};
