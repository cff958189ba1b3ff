// SPDX-License-Identifier: Apache-2.0
// In: symbols, a shipped strategy, the clock of the hop stamps. Out: a street on memory ports,
// logged in and armed, with an exchange that answers every order at once: frames go in, orders come
// out. Rooms, plug-in, settings and counter page are the product's. Cold but for poll().
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "engine/pipeline.hpp"
#include "engine/street.hpp"
#include "nic/memory_port.hpp"
#include "strategy/plugin.hpp"
#include "telemetry/counter_page.hpp"

namespace ridley::bench {

struct ArmedStreetOptions {
  std::string strategy = "imbalance_taker";
  strategy::Parameters parameters = {};
  std::vector<std::string> symbols;
  book::Limits books = {};
  // Groups of the feed, one behind the other.
  std::uint32_t lines = 1;
  std::uint32_t held_packets = 0;
  std::uint64_t hold_ns = 0;
  bool recovers = false;
};

// Everything but the pipeline, which knows the kind of clock.
class StreetSetUp {
 public:
  explicit StreetSetUp(const ArmedStreetOptions& options);

  [[nodiscard]] engine::Street& street() noexcept { return street_; }
  [[nodiscard]] nic::MemoryLink& wire() noexcept { return wire_; }

  // What the session thread and the control core would put into their rings.
  void log_in();
  void answer_account_query();
  void arm();
  [[nodiscard]] bool armed();

  // Takes the orders out of the outbound ring and answers each: accepted, and executed or, every
  // other one, cancelled. Returns how many there were.
  std::size_t answer_orders();

 private:
  void push(std::span<const std::byte> message);
  void answer(std::span<const std::byte> enter_order);

  telemetry::CounterPage page_;
  strategy::Instance instance_;
  engine::Street street_;
  nic::MemoryLink wire_{8};
  std::uint64_t executions_ = 0;
};

template <engine::HopClock Clock>
class ArmedStreet {
 public:
  // Throws base::Error when it cannot be armed.
  ArmedStreet(const ArmedStreetOptions& options, Clock clock, std::uint64_t now_ns)
      : set_up_{options}, pipeline_{set_up_.wire().right(), set_up_.street().rooms(), clock} {
    set_up_.log_in();
    (void)pipeline_.poll(now_ns);
    set_up_.answer_account_query();
    (void)pipeline_.poll(now_ns);
    set_up_.arm();
    (void)pipeline_.poll(now_ns);
    if (!set_up_.armed()) throw base::Error{"the street cannot be armed"};
  }

  // The frame is in the port's memory from here on, stamped with that time.
  void offer(std::span<const std::byte> frame, std::uint64_t now_ns) noexcept {
    nic::MemoryPort& port = set_up_.wire().left();
    port.set_send_stamp({.ns = now_ns,
                         .error_ns = 0,
                         .source = event::TimeSource::Tsc,
                         .domain = event::ClockDomain::Utc,
                         .reserved = 0});
    (void)port.send(frame);
  }

  std::size_t poll(std::uint64_t now_ns) noexcept { return pipeline_.poll(now_ns); }

  std::size_t answer_orders() { return set_up_.answer_orders(); }

  [[nodiscard]] engine::Rooms rooms() noexcept { return set_up_.street().rooms(); }
  [[nodiscard]] engine::Street& street() noexcept { return set_up_.street(); }

 private:
  StreetSetUp set_up_;
  engine::Pipeline<nic::MemoryPort, Clock> pipeline_;
};

}  // namespace ridley::bench
