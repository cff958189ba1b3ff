// SPDX-License-Identifier: Apache-2.0
// Timed: a log call of the hot core with the caller's timestamp, with two and with six arguments,
// all different, into a ring that has room, which is emptied every 1,000 calls, outside of the
// timing; and into one that has none.
#include <benchmark/benchmark.h>

#include "bench/hot_log/work.hpp"
#include "bench/support/google_rows.hpp"
#include "bench/support/report.hpp"
#include "engine/notes.hpp"

namespace ridley::bench::hot_log {
namespace {

using engine::Note;

void write_two(engine::HotLog& log, const Said& said) {
  log.write<Note::FeedGap>(said.ns, said.missing, said.next);
}

void write_six(engine::HotLog& log, const Said& said) {
  log.write<Note::GateRefused>(said.ns, said.control, said.locate, said.quantity,
                               telemetry::LogPrice{said.price_e4}, said.limit, said.observed);
}

template <void (*kWrite)(engine::HotLog&, const Said&)>
void call(benchmark::State& state) {
  const std::vector<Said> said = things_said();
  engine::HotLog log;
  telemetry::LogRecord record;
  std::size_t at = 0;
  while (state.KeepRunningBatch(kBatch)) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      kWrite(log, said[at++ % kCalls]);
      benchmark::ClobberMemory();
    }
    state.PauseTiming();
    while (log.pop(record)) benchmark::DoNotOptimize(record);
    state.ResumeTiming();
  }
  if (log.lost() != 0) state.SkipWithError("the ring was full");
}

// Nobody empties the ring: the record is lost and counted.
void no_room(benchmark::State& state) {
  const std::vector<Said> said = things_said();
  engine::HotLog log;
  std::size_t at = 0;
  for (auto _ : state) {
    write_two(log, said[at++ % kCalls]);
    benchmark::ClobberMemory();
  }
}

BENCHMARK(call<write_two>)->Name("two_arguments");
BENCHMARK(call<write_six>)->Name("six_arguments");
BENCHMARK(no_room);

}  // namespace
}  // namespace ridley::bench::hot_log

const ridley::bench::Contender ridley::bench::kContender{
    .task = "hot_log",
    .name = "ridley",
    .timed = "one call with the caller's timestamp; CPU time of the calling thread",
    .measure = run_google_benchmarks};
