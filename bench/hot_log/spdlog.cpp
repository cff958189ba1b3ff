// SPDX-License-Identifier: Apache-2.0
// Timed: a call of spdlog's asynchronous logger with the same arguments, into a queue that has room
// and whose thread writes nowhere. What this does on the calling thread (the message is formatted
// there, the clock is read there) is what the hot core must not pay for.
#include <benchmark/benchmark.h>
#include <spdlog/async.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include "bench/hot_log/work.hpp"
#include "bench/support/google_rows.hpp"
#include "bench/support/report.hpp"

namespace ridley::bench::hot_log {
namespace {

template <typename Say>
void call(benchmark::State& state, Say&& say) {
  const std::vector<Said> said = things_said();
  auto pool = std::make_shared<spdlog::details::thread_pool>(8 * kBatch, 1);
  auto sink = std::make_shared<spdlog::sinks::null_sink_mt>();
  const auto logger = std::make_shared<spdlog::async_logger>("bench", sink, pool,
                                                             spdlog::async_overflow_policy::block);
  std::size_t at = 0;
  while (state.KeepRunningBatch(kBatch)) {
    for (std::size_t i = 0; i < kBatch; ++i) say(*logger, said[at++ % kCalls]);
    state.PauseTiming();
    while (pool->queue_size() > 0) std::this_thread::yield();
    state.ResumeTiming();
  }
}

void two_arguments(benchmark::State& state) {
  call(state, [](spdlog::async_logger& logger, const Said& said) {
    logger.warn("feed: {} messages missing before {}; every book is stale", said.missing,
                said.next);
  });
}

void six_arguments(benchmark::State& state) {
  call(state, [](spdlog::async_logger& logger, const Said& said) {
    logger.info("gate: control {} refuses instrument {}, {} shares at {}: limit {}, observed {}",
                said.control, said.locate, said.quantity, said.price_e4, said.limit, said.observed);
  });
}

BENCHMARK(two_arguments);
BENCHMARK(six_arguments);

}  // namespace
}  // namespace ridley::bench::hot_log

const ridley::bench::Contender ridley::bench::kContender{
    .task = "hot_log",
    .name = "spdlog",
    .timed = "one call of the asynchronous logger; CPU time of the calling thread",
    .measure = run_google_benchmarks};
