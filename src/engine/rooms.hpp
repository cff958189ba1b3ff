// SPDX-License-Identifier: Apache-2.0
// In: the rooms of one street, built before start by engine::Street. Out: what the pipeline walks
// through. The hot core alone touches them once it runs, but for the rings' other ends.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/spsc_ring.hpp"
#include "book/books.hpp"
#include "engine/notes.hpp"
#include "engine/recovery_link.hpp"
#include "engine/roll.hpp"
#include "engine/side_exit.hpp"
#include "event/records.hpp"
#include "feed/sequencer.hpp"
#include "nic/datagram.hpp"
#include "order/order_entry.hpp"
#include "order/slots.hpp"
#include "risk/risk_gate.hpp"
#include "strategy/strategy.hpp"
#include "telemetry/hdr_histogram.hpp"

namespace ridley::engine {

// An operator gives a handful of commands a second at most.
inline constexpr std::size_t kCommandsMax = 64;

// Messages of the order connection in one turn: as many as a burst has frames, so that neither side
// keeps the other waiting.
inline constexpr std::size_t kOrderMessagesPerTurnMax = nic::kBurstFramesMax;

// The strategy's timer. A shorter one would be felt between two frames of a burst.
inline constexpr std::uint64_t kTimerNs = 1'000'000;

// What the pipeline counts itself; everything else is counted by the room it happens in.
struct PipelineCounters {
  std::uint64_t turns = 0;
  std::uint64_t frames = 0;
  std::uint64_t messages = 0;
  std::uint64_t unknown_types = 0;    // newer than this decoder: skipped
  std::uint64_t short_messages = 0;   // shorter than their type: every book stale
  std::uint64_t intents_dropped = 0;  // more than one turn may want
  std::uint64_t commands = 0;
  std::uint64_t commands_refused = 0;
};

// How late each line was with what another had brought; nothing for a line that there is not.
struct LateHistograms {
  std::array<telemetry::HopHistogram*, feed::kFeedLinesMax> of{};

  void record(const feed::Late& late) noexcept {
    if (late.line < of.size() && of[late.line] != nullptr) of[late.line]->record(late.ns);
  }
};

struct Rooms {
  nic::DatagramReader& datagrams;
  feed::Sequencer& sequencer;
  book::Books& books;
  strategy::Strategy& strategy;
  risk::RiskGate& gate;
  order::OrderEntry& orders;
  base::SpscRing<order::Inbound>& order_messages;
  Roll& roll;
  SideExit& side_exit;
  HotLog& log;
  telemetry::HopHistograms& hops;
  LateHistograms& late;
  std::uint64_t hold_ns;   // how long a missing message is waited for
  RecoveryLink* recovery;  // none: what is missing can only come on a line
  base::SpscRing<event::Command>& commands;
  base::SpscRing<event::Command>& answers;  // the same commands, value 1: done, 0: refused
  PipelineCounters& counters;
};

}  // namespace ridley::engine
