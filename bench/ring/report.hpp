// SPDX-License-Identifier: Apache-2.0
// In: which rings. Out: each measured in turn, round by round, and the medians and minima over the
// rounds. Cold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/ring/contenders.hpp"
#include "bench/ring/measure.hpp"
#include "bench/support/report.hpp"

namespace ridley::bench::ring {

// A round is a few milliseconds: one that another process disturbs is one of many.
inline constexpr unsigned kRounds = 51;

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

// Prefixed with the ring's name where one program measures several.
template <typename Value>
void add_rows(Report& report, const std::string& prefix, const Figures& figures) {
  const std::string name = prefix + std::to_string(sizeof(Value)) + "_bytes_";
  report.row(name + "stream", "ns", median_of(figures.streamed_ns));
  report.row(name + "stream_least", "ns", least_of(figures.streamed_ns));
  report.row(name + "one_way_p50", "ns", median_of(figures.one_way_p50_ns));
  report.row(name + "one_way_p50_least", "ns", least_of(figures.one_way_p50_ns));
  report.row(name + "one_way_p99", "ns", median_of(figures.one_way_p99_ns));
}

template <typename Value, template <typename> class... Rings>
void compare(Report& report, unsigned rounds) {
  const base::TscClock clock = base::TscClock::calibrate(100'000);
  std::vector<Figures> figures(sizeof...(Rings));
  for (unsigned round = 0; round < rounds; ++round) {
    std::size_t at = 0;
    (measure_round<Value, Rings>(clock, round, figures[at++]), ...);
  }
  const auto prefix = [](const char* name) {
    return sizeof...(Rings) == 1 ? std::string{} : std::string{name} + "_";
  };
  std::size_t at = 0;
  (add_rows<Value>(report, prefix(Rings<Value>::kName), figures[at++]), ...);
}

// A ring that gives a wrong value ends the program.
template <template <typename> class... Rings>
Contender contender(std::string_view name) {
  return {.task = "ring",
          .name = name,
          .timed =
              "two pinned cores; stream: a value at full speed; one way: before push to after pop "
              "of a consumer that waits; medians and minima over the rounds",
          .measure = [](Report& report, Words) {
            compare<Narrow, Rings...>(report, kRounds);
            compare<Wide, Rings...>(report, kRounds);
            report.check(true);
          }};
}

}  // namespace ridley::bench::ring
