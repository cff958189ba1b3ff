// SPDX-License-Identifier: Apache-2.0
// In: a ring between two pinned threads. Out: nanoseconds a value when streaming, and nanoseconds
// from before push() to after pop() when the ring is empty. Cold but for what is measured.
//
// Streaming: the producer pushes as fast as the ring takes; the clock runs on the consumer from its
// first to its last value. One way: the producer stamps the time stamp counter into the value,
// pushes it and waits a random while, so that the consumer is always waiting when the value comes;
// counters of the two cores are synchronised on machines with an invariant one.
#pragma once

#include <immintrin.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/tsc_clock.hpp"

namespace ridley::bench::ring {

// As the side exit has; small enough for the second-level cache.
inline constexpr std::size_t kCapacity = 1024;
inline constexpr std::uint64_t kStreamedValues = 50'000;
inline constexpr std::size_t kStampedValues = 2'000;
// Random, and longer than any handover, so that the consumer is back to waiting.
inline constexpr std::uint64_t kPauseTscMin = 1'000;
inline constexpr std::uint64_t kPauseTscMax = 4'000;

struct Narrow {
  std::uint64_t number;
};
struct Wide {
  std::uint64_t number;
  std::array<std::uint64_t, 7> rest;
};
static_assert(sizeof(Narrow) == 8 && sizeof(Wide) == 64);

struct TwoCores {
  int producer;
  int consumer;
};

// The last two that the program may run on. Asked once, before a thread is pinned to one of them.
inline const TwoCores& two_cores() {
  static const TwoCores cores = [] {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    sched_getaffinity(0, sizeof allowed, &allowed);
    if (CPU_COUNT(&allowed) < 2) throw base::Error{"a ring wants two cores"};
    TwoCores last{};
    for (int core = 0; core < CPU_SETSIZE; ++core) {
      if (CPU_ISSET(core, &allowed)) last = {.producer = core, .consumer = last.producer};
    }
    return last;
  }();
  return cores;
}

inline void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0) {
    std::fprintf(stderr, "cannot run on core %d\n", core);
    std::exit(1);
  }
}

template <typename Produce, typename Consume>
void run_pair(Produce&& produce, Consume&& consume) {
  std::atomic<int> ready{0};
  const auto meet = [&ready] {
    ready.fetch_add(1);
    while (ready.load() < 2) {
    }
  };
  const TwoCores& cores = two_cores();
  std::thread producer{[&] {
    pin(cores.producer);
    meet();
    produce();
  }};
  pin(cores.consumer);
  meet();
  consume();
  producer.join();
}

[[noreturn]] inline void out_of_order() {
  std::fprintf(stderr, "the ring gave a wrong value\n");
  std::exit(1);
}

// Nanoseconds a value.
template <typename Value, typename Ring>
double stream(Ring& ring, const base::TscClock& clock) {
  std::uint64_t first_tsc = 0;
  std::uint64_t last_tsc = 0;
  run_pair(
      [&ring] {
        Value value{};
        for (std::uint64_t i = 0; i < kStreamedValues; ++i) {
          value.number = i;
          while (!ring.push(value)) {
          }
        }
      },
      [&] {
        Value value{};
        for (std::uint64_t i = 0; i < kStreamedValues; ++i) {
          while (!ring.pop(value)) {
          }
          if (value.number != i) out_of_order();
          if (i == 0) first_tsc = base::read_tsc();
        }
        last_tsc = base::read_tsc();
      });
  return static_cast<double>(clock.duration_ns(last_tsc - first_tsc)) / (kStreamedValues - 1);
}

// Nanoseconds of each handover, sorted.
template <typename Value, typename Ring>
std::vector<double> one_way(Ring& ring, const base::TscClock& clock, std::uint64_t seed) {
  std::vector<double> handovers_ns;
  handovers_ns.reserve(kStampedValues);
  run_pair(
      [&ring, seed] {
        std::mt19937_64 random{seed};
        std::uniform_int_distribution<std::uint64_t> pause{kPauseTscMin, kPauseTscMax};
        Value value{};
        for (std::size_t i = 0; i < kStampedValues; ++i) {
          const std::uint64_t until_tsc = base::read_tsc() + pause(random);
          while (base::read_tsc() < until_tsc) {
          }
          value.number = base::read_tsc();
          while (!ring.push(value)) {
          }
        }
      },
      [&] {
        Value value{};
        for (std::size_t i = 0; i < kStampedValues; ++i) {
          while (!ring.pop(value)) {
          }
          _mm_lfence();  // the value is here before the clock is read
          const auto passed = static_cast<std::int64_t>(base::read_tsc() - value.number);
          const double ns = static_cast<double>(
              clock.duration_ns(static_cast<std::uint64_t>(std::max<std::int64_t>(passed, 0))));
          handovers_ns.push_back(ns);
        }
      });
  std::sort(handovers_ns.begin(), handovers_ns.end());
  return handovers_ns;
}

}  // namespace ridley::bench::ring
