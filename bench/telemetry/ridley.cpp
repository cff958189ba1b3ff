// SPDX-License-Identifier: Apache-2.0
// Timed: one record into a hop's histogram, 16,384 different latencies over six hops; one increment
// of a counter as the rooms count; one counter copied into the shared page, as publish() does.
#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "bench/support/google_rows.hpp"
#include "bench/support/report.hpp"
#include "telemetry/counter.hpp"
#include "telemetry/hdr_histogram.hpp"

namespace ridley::bench::telemetry {
namespace {

using namespace ridley::telemetry;

constexpr std::size_t kLatencies = 16'384;
constexpr std::uint64_t kSeed = 20'261'121;
constexpr std::size_t kCounters = 64;

// Around 300 ns, one in some hundred above 10 us, as hops are.
std::vector<std::uint64_t> latencies_ns() {
  std::mt19937_64 random{kSeed};
  std::lognormal_distribution<double> latency{std::log(300.0), 1.2};
  std::vector<std::uint64_t> latencies(kLatencies);
  for (std::uint64_t& ns : latencies) ns = static_cast<std::uint64_t>(latency(random));
  return latencies;
}

void histogram_record(benchmark::State& state) {
  const std::vector<std::uint64_t> latencies = latencies_ns();
  std::array<std::unique_ptr<HopHistogram>, kHopCount> memory;
  HopHistograms hops;
  for (std::size_t i = 0; i < kHopCount; ++i) {
    memory[i] = std::make_unique<HopHistogram>();
    hops.of[i] = memory[i].get();
  }
  std::size_t at = 0;
  std::size_t hop = 0;
  for (auto _ : state) {
    hops.record(kHops[hop], latencies[at++ % kLatencies]);
    hop = hop + 1 == kHopCount ? 0 : hop + 1;
    benchmark::ClobberMemory();
  }
}

void counter_increment(benchmark::State& state) {
  std::array<std::uint64_t, kCounters> counters{};
  std::size_t at = 0;
  for (auto _ : state) {
    ++counters[at++ % kCounters];
    benchmark::DoNotOptimize(counters.data());
    benchmark::ClobberMemory();
  }
}

void counter_published(benchmark::State& state) {
  std::array<std::uint64_t, kCounters> sources{};
  std::vector<std::atomic<std::uint64_t>> page(kCounters);
  CounterMirror mirror;
  for (std::size_t i = 0; i < kCounters; ++i) mirror.add(sources[i], Counter{page[i]});
  while (state.KeepRunningBatch(kCounters)) {
    ++sources[0];
    mirror.publish();
    benchmark::ClobberMemory();
  }
}

BENCHMARK(histogram_record);
BENCHMARK(counter_increment);
BENCHMARK(counter_published);

}  // namespace
}  // namespace ridley::bench::telemetry

const ridley::bench::Contender ridley::bench::kContender{
    .task = "telemetry",
    .name = "ridley",
    .timed = "one record, one increment, one counter copied to the page; CPU time",
    .measure = run_google_benchmarks};
