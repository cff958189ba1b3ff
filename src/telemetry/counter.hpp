// SPDX-License-Identifier: Apache-2.0
// In: increments from one thread. Out: numbers in the shared page that any process may read at the
// same time. Hot: a load, an addition and a store, no locked instruction.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ridley::telemetry {

// A place in a counter page, or nowhere that anybody looks: a room counts alike with and without a
// page. One thread writes it. Copies name the same place.
template <typename Value>
class Cell {
 public:
  Cell() noexcept = default;
  explicit Cell(std::atomic<Value>& place) noexcept : place_{&place} {}

  // Relaxed: one writer, and a reader needs no order between two numbers.
  void add(Value amount = 1) noexcept { set(value() + amount); }
  void set(Value value) noexcept { place_->store(value, std::memory_order_relaxed); }
  [[nodiscard]] Value value() const noexcept { return place_->load(std::memory_order_relaxed); }

 private:
  static inline std::atomic<Value> nowhere_{0};
  std::atomic<Value>* place_ = &nowhere_;
};

using Counter = Cell<std::uint64_t>;  // only grows
using Gauge = Cell<std::int64_t>;     // goes up and down

// Rooms count in plain structs of their own. A mirror copies them into the page when told to, once
// a burst: the rooms need not know of the page, and its lines are touched only then.
class CounterMirror {
 public:
  // Cold, before the hot core starts. The source outlives the mirror.
  void add(const std::uint64_t& source, Counter counter) { pairs_.push_back({&source, counter}); }

  // Hot, on the thread that writes the sources. Bounded by the number of added pairs.
  void publish() noexcept {
    for (Pair& pair : pairs_) pair.counter.set(*pair.source);
  }

  [[nodiscard]] std::size_t size() const noexcept { return pairs_.size(); }

 private:
  struct Pair {
    const std::uint64_t* source;
    Counter counter;
  };

  std::vector<Pair> pairs_;
};

}  // namespace ridley::telemetry
