// SPDX-License-Identifier: Apache-2.0
// Timed: one pass over the day in memory that makes a MarketEvent of 64 bytes of each message, all
// 23 types, walking the lengths included; every event has to be in memory whole before the next.
// The file is mapped and touched before. A second pass, not timed, digests all events.
#include <string>

#include "bench/itch_decode/event_digest.hpp"
#include "bench/support/report.hpp"
#include "control/itch_day.hpp"
#include "control/itch_passes.hpp"
#include "control/own_costs.hpp"

namespace ridley::bench {
namespace {

void measure(Report& report, Words words) {
  const control::ItchDay day{std::string{words[0]}};
  const control::DayInMemory in_memory = day.in_memory();
  feed::DecodeCounters decoded{};
  const double ns =
      control::ns_for_each(in_memory.messages, [&] { decoded = control::decode(in_memory); });
  report.row("message", "ns", ns);
  report.check(decoded.events == in_memory.messages);
  EventDigest digest;
  control::for_each_event(in_memory, [&](const event::MarketEvent& event) { digest.add(event); });
  report.digest(digest.value());
}

}  // namespace

const Contender kContender{
    .task = "itch_decode",
    .name = "ridley_file",
    .timed = "every message of the mapped file to a MarketEvent in memory; CPU time",
    .words = "DAY",
    .measure = measure};

}  // namespace ridley::bench
