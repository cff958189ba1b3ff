// SPDX-License-Identifier: Apache-2.0
// In: the command line. Out: a card, until a signal ends it, and an exit code of sysexits.h.
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <exception>

#include "base/error.hpp"
#include "xrt_sim/card.hpp"
#include "xrt_sim/frame_source.hpp"
#include "xrt_sim/options.hpp"
#include "xrt_sim/server.hpp"

namespace ridley::xrt_sim {
namespace {

// Between two looks at the hosts: some tens of microseconds.
constexpr std::uint32_t kBusyCycles = 64;
// So that what counts cycles moves, though nothing happens.
constexpr std::uint32_t kIdleCycles = 16;
constexpr int kIdleMs = 20;
// A source that says nothing by itself has room for some hundred frames until it is asked, and a
// recording keeps its pace as well as that.
constexpr int kPolledMs = 1;

std::atomic<bool> stop_wanted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "it is written in a signal's action");

void on_signal(int number) {
  if (stop_wanted.exchange(true)) ::_exit(128 + number);
}

void stop_on_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  for (const int number : {SIGTERM, SIGINT}) ::sigaction(number, &action, nullptr);
}

void say_counts(const Card& card) {
  const CardCounts& counts = card.counts();
  const double rate =
      counts.busy_seconds > 0 ? static_cast<double>(counts.busy_cycles) / counts.busy_seconds : 0;
  std::fprintf(stderr,
               "ridley-card-sim: %llu + %llu frames, %llu records, %llu lost writes, %llu cycles, "
               "%.0f cycles a second when busy\n",
               static_cast<unsigned long long>(card.frames(0)),
               static_cast<unsigned long long>(card.frames(1)),
               static_cast<unsigned long long>(counts.records),
               static_cast<unsigned long long>(counts.lost_writes),
               static_cast<unsigned long long>(counts.cycles), rate);
}

int run(const Options& options) {
  stop_on_signals();
  FrameSources sources{options.ports};
  std::vector<int> files;
  int idle_ms = kIdleMs;
  for (std::size_t port = 0; port < sources.size(); ++port) {
    if (sources[port].file() >= 0) files.push_back(sources[port].file());
    const bool paced = sources[port].recorded() && options.clock == ClockKind::Free;
    if (sources[port].polled() || paced) idle_ms = kPolledMs;
  }
  Card card{CardClock::make(options.clock, sources)};
  Server server{options.socket, card, files};
  std::fprintf(stderr, "ridley-card-sim: ports %s and %s, clock %s, listening at %s (process %d)\n",
               options.ports[0].c_str(), options.ports[1].c_str(),
               options.clock == ClockKind::Frames ? "frames" : "free", server.path().c_str(),
               static_cast<int>(::getpid()));
  while (!stop_wanted.load(std::memory_order_relaxed)) {
    const bool busy = card.busy();
    const bool asked = server.serve(busy ? 0 : idle_ms);
    if (busy) {
      card.run_busy(kBusyCycles);
    } else {
      // An access runs the cycles that it takes by itself.
      card.run_idle(asked ? 1 : kIdleCycles);
    }
  }
  say_counts(card);
  return EX_OK;
}

int main_of(int count, char** words) {
  try {
    const Options options = read_options(count, words);
    if (options.help) return std::fputs(kHelp, stdout) < 0 ? EX_IOERR : EX_OK;
    return run(options);
  } catch (const base::Error& error) {
    std::fprintf(stderr, "ridley-card-sim: %s\n", error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ridley-card-sim: %s\n", error.what());
    return EX_SOFTWARE;
  }
}

}  // namespace
}  // namespace ridley::xrt_sim

int main(int count, char** words) { return ridley::xrt_sim::main_of(count, words); }
