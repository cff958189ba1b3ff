// SPDX-License-Identifier: Apache-2.0
// In: which rings, how many rounds. Out: each measured in turn, round by round, and a line of JSON
// a ring: medians and minima over the rounds. Cold.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "ring/contenders.hpp"
#include "ring/measure.hpp"

namespace ridley::bench::ring {

// A round is a few milliseconds: one that another process disturbs is one of many.
inline constexpr unsigned kRounds = 101;

struct Figures {
  std::vector<double> streamed_ns;
  std::vector<double> one_way_p50_ns;
  std::vector<double> one_way_p99_ns;
  std::vector<double> one_way_min_ns;
};

inline double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

inline double least_of(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

template <typename Value, template <typename> class Ring>
void measure_round(const base::TscClock& clock, std::uint64_t seed, Figures& figures) {
  // Made anew: where its memory lies has a part in how fast it is.
  {
    Ring<Value> ring{kCapacity};
    figures.streamed_ns.push_back(stream<Value>(ring, clock));
  }
  Ring<Value> ring{kCapacity};
  const std::vector<double> handovers_ns = one_way<Value>(ring, clock, seed);
  figures.one_way_min_ns.push_back(handovers_ns.front());
  figures.one_way_p50_ns.push_back(handovers_ns[handovers_ns.size() / 2]);
  figures.one_way_p99_ns.push_back(handovers_ns[handovers_ns.size() * 99 / 100]);
}

template <typename Value>
void print(const char* contender, const Figures& figures) {
  std::printf(
      "{\"task\":\"ring\",\"contender\":\"%s\",\"value_bytes\":%zu,\"capacity\":%zu,\"rounds\":%zu,"
      "\"stream_ns_median\":%.2f,\"stream_ns_min\":%.2f,\"one_way_p50_ns_median\":%.1f,"
      "\"one_way_p50_ns_min\":%.1f,\"one_way_p99_ns_median\":%.1f,\"one_way_ns_min\":%.1f}\n",
      contender, sizeof(Value), kCapacity, figures.streamed_ns.size(),
      median_of(figures.streamed_ns), least_of(figures.streamed_ns),
      median_of(figures.one_way_p50_ns), least_of(figures.one_way_p50_ns),
      median_of(figures.one_way_p99_ns), least_of(figures.one_way_min_ns));
}

template <typename Value, template <typename> class... Rings>
void compare(unsigned rounds) {
  const base::TscClock clock = base::TscClock::calibrate(100'000);
  std::vector<Figures> figures(sizeof...(Rings));
  for (unsigned round = 0; round < rounds; ++round) {
    std::size_t at = 0;
    (measure_round<Value, Rings>(clock, round, figures[at++]), ...);
  }
  std::size_t at = 0;
  (print<Value>(Rings<Value>::kName, figures[at++]), ...);
}

template <template <typename> class... Rings>
int run(int count, char** words) {
  const unsigned rounds =
      count > 1 ? static_cast<unsigned>(std::strtoul(words[1], nullptr, 10)) : kRounds;
  compare<Narrow, Rings...>(rounds);
  compare<Wide, Rings...>(rounds);
  return 0;
}

}  // namespace ridley::bench::ring
