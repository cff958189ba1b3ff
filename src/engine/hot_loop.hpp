// SPDX-License-Identifier: Apache-2.0
// In: a port, a street, until told to finish. Out: nothing is left to do, or it was told to. The
// hot core's only loop; the functions are compiled as hot code in hot_loop.cpp for each kind of
// port.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/tsc_clock.hpp"
#include "engine/card_feed.hpp"
#include "engine/membership.hpp"
#include "engine/street.hpp"
#include "nic/capture_port.hpp"
#include "nic/dpdk_port.hpp"
#include "order/hot_end.hpp"

namespace ridley::engine {

// Counters reach the page this often: far more often than anybody reads them, far too seldom to
// be felt.
inline constexpr std::uint64_t kPublishNs = 10'000'000;

using WireEnd = order::HotEnd<nic::DpdkPort>;

struct HotLoop {
  const base::TscClock& clock;
  Street& street;
  Membership& membership;
  CardFeed* card = nullptr;         // none: the port alone
  WireEnd* wire = nullptr;          // none: the session thread sends the orders
  bool yields = false;              // gives its core away when there is nothing to do
  const std::atomic<bool>& finish;  // leave at once, whatever is still open
  std::atomic<bool>& finished;      // set when the loop has ended
};

// A capture in place of a wire, paced by the machine's clock.
using ReplayPort = nic::CapturePort<nic::TscReplayClock>;

// Returns when a Stop command is carried out and no order is open, or when told to finish.
void run_hot_loop(nic::DpdkPort& port, const HotLoop& loop) noexcept;
void run_hot_loop(ReplayPort& port, const HotLoop& loop) noexcept;

}  // namespace ridley::engine
