// SPDX-License-Identifier: Apache-2.0
// In: settings of every room, a loaded strategy, the counter page. Out: the rooms, built and sized
// before start, and what other threads may know of them. Construction is cold; publish() is the hot
// core's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/card_feed.hpp"
#include "engine/rooms.hpp"
#include "order/hot_end.hpp"
#include "telemetry/counter_page.hpp"

namespace ridley::engine {

struct StreetSettings {
  nic::MulticastFilter filter;
  nic::StripChecks checks;
  feed::SequencerOptions sequencer;
  std::uint32_t lines = 1;         // of the feed: A, B, C
  std::uint32_t held_packets = 0;  // ahead of a missing message; 0: a gap is a loss at once
  std::uint64_t hold_ns = 0;       // for as long
  bool recovers = false;           // something asks for what is missing
  book::Limits books;
  risk::Limits limits;
  order::OrderEntrySettings orders;
  Roll roll;  // every symbol that the operator named
};

// Messages between the hot core and the session thread. A cancel of every open order must fit
// beside what was sent just before, and a burst of answers beyond that.
[[nodiscard]] constexpr std::size_t order_ring_slots(std::size_t orders_max) noexcept {
  constexpr std::size_t kSlotsMin = 1024;
  return std::max(kSlotsMin, 2 * orders_max);
}

// Cold: what the names of a line's counters begin with, "feed.a." for the first.
[[nodiscard]] std::string line_counters(std::size_t line);

class Street {
 public:
  Street(StreetSettings settings, const strategy::Loaded& loaded, telemetry::CounterPage& page);
  Street(const Street&) = delete;
  Street& operator=(const Street&) = delete;

  [[nodiscard]] Rooms rooms() noexcept;

  // Before start: shows the card's counters with the others.
  void mirror_card(const CardFeed& card, telemetry::CounterPage& page);

  // Before start: the same of the order connection's hot end.
  void mirror_wire(const order::HotEndCounters& own, telemetry::CounterPage& page);

  // Hot core, now and then: copies counters and positions into the page. Bounded by the number of
  // counters and named symbols.
  void publish() noexcept;

  // The recovery thread's end; none where nothing recovers.
  [[nodiscard]] RecoveryLink* recovery() noexcept { return recovery_.get(); }

  // The session thread's ends.
  [[nodiscard]] base::SpscRing<order::Outbound>& outbound() noexcept { return outbound_; }
  [[nodiscard]] base::SpscRing<order::Inbound>& inbound() noexcept { return inbound_; }

  // The control core's ends.
  [[nodiscard]] base::SpscRing<event::Command>& commands() noexcept { return commands_; }
  [[nodiscard]] base::SpscRing<event::Command>& answers() noexcept { return answers_; }
  [[nodiscard]] SideExit& side_exit() noexcept { return side_exit_; }
  [[nodiscard]] HotLog& log() noexcept { return log_; }

 private:
  struct SymbolGauges {
    const RollEntry* entry;
    telemetry::Gauge locate;
    telemetry::Gauge position;
    telemetry::Gauge cash_e4;
    telemetry::Gauge mark_e4;
    telemetry::Gauge doubts;
  };

  // What is worked out when it is looked at.
  struct LineCounters {
    telemetry::Counter packets;
    telemetry::Counter messages;
    telemetry::Counter won;
    telemetry::Counter duplicates;
    telemetry::Counter lost;
    telemetry::Counter malformed;
  };
  void publish_lines() noexcept;

  void mirror_counters(telemetry::CounterPage& page);
  void mirror_feed(telemetry::CounterPage& page);
  void mirror_lines(telemetry::CounterPage& page);
  void mirror_orders(telemetry::CounterPage& page);
  void make_gauges(telemetry::CounterPage& page);

  base::Arena memory_;  // of the rings: the hot core's ends then lie on huge pages too
  base::SpscRing<order::Outbound> outbound_;
  base::SpscRing<order::Inbound> inbound_;
  base::SpscRing<event::Command> commands_{kCommandsMax};
  base::SpscRing<event::Command> answers_{kCommandsMax};
  SideExit side_exit_{memory_};
  HotLog log_{
      memory_.array<telemetry::LogRecord>(telemetry::kLogRecordsMax, base::kNoFalseSharingBytes)};
  PipelineCounters counters_;
  nic::DatagramReader datagrams_;
  feed::Sequencer sequencer_;
  feed::SequencerCounters sequenced_{};  // as published last
  std::uint64_t hold_ns_;
  book::Books books_;
  std::unique_ptr<RecoveryLink> recovery_;
  risk::RiskGate gate_;
  order::OrderEntry orders_;
  Roll roll_;
  strategy::Strategy strategy_;

  telemetry::HopHistograms hops_;
  LateHistograms late_;
  std::vector<LineCounters> lines_;
  telemetry::CounterMirror mirror_;
  std::vector<SymbolGauges> symbols_;
  telemetry::Gauge armed_;
  telemetry::Gauge killed_;
  telemetry::Gauge order_ready_;
  telemetry::Gauge open_orders_;
  telemetry::Gauge books_stale_;
  telemetry::Gauge log_lost_;
};

}  // namespace ridley::engine
