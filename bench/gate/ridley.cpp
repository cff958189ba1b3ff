// SPDX-License-Identifier: Apache-2.0
// In: 16,384 orders for 500 of 8,000 instruments. Out: the time of RiskGate::check, one after the
// other on one core, when all pass and when one in eight is refused, and that of giving an order's
// reservation back.
#include <benchmark/benchmark.h>

#include "bench/gate/orders.hpp"
#include "bench/support/google_rows.hpp"
#include "bench/support/report.hpp"

namespace ridley::bench::gate {
namespace {

// An order every microsecond.
constexpr std::uint64_t kOrderNs = 1'000;

// One order after the other; then is what comes after its verdict.
template <typename Then>
void check_orders(benchmark::State& state, bool spoiled, risk::RiskGate& gate, Then&& then) {
  const std::vector<Asked> orders = random_orders(spoiled);
  open(gate);
  std::uint64_t now_ns = 1;
  std::size_t at = 0;
  for (auto _ : state) {
    const Asked& asked = orders[at++ % kOrders];
    now_ns += kOrderNs;
    const risk::Verdict verdict = gate.check(asked.intent, asked.market, now_ns);
    benchmark::DoNotOptimize(&verdict);
    then(asked.intent);
    benchmark::ClobberMemory();
  }
}

void check(benchmark::State& state, bool spoiled) {
  risk::RiskGate gate{wide_limits(), kInstruments + 1};
  check_orders(state, spoiled, gate, [](const event::OrderIntent&) {});
  state.counters["refused"] =
      static_cast<double>(gate.rejected()) / static_cast<double>(gate.approved() + gate.rejected());
}

void all_pass(benchmark::State& state) { check(state, false); }
void one_in_eight_refused(benchmark::State& state) { check(state, true); }

void check_and_cancel(benchmark::State& state) {
  risk::RiskGate gate{wide_limits(), kInstruments + 1};
  check_orders(state, false, gate, [&](const event::OrderIntent& intent) {
    event::OrderEvent event{};
    event.kind = event::OrderEventKind::Canceled;
    event.side = intent.side;
    event.locate = intent.locate;
    event.released_quantity = intent.quantity;
    event.released_price_e4 = intent.price_e4;
    event.terminal = 1;
    gate.apply(event);
  });
  if (gate.broken_invariants() != 0) state.SkipWithError("the gate lost count");
}

BENCHMARK(all_pass);
BENCHMARK(one_in_eight_refused);
BENCHMARK(check_and_cancel);

}  // namespace
}  // namespace ridley::bench::gate

const ridley::bench::Contender ridley::bench::kContender{
    .task = "gate",
    .name = "ridley",
    .timed =
        "RiskGate::check of one order, all controls; the row check_and_cancel also the "
        "giving back",
    .measure = run_google_benchmarks};
