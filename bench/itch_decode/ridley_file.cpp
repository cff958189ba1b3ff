// SPDX-License-Identifier: Apache-2.0
// Timed: one pass over the day in memory that makes a MarketEvent of 64 bytes of each message, all
// 23 types, walking the lengths included; every event has to be in memory whole before the next.
// The file is mapped and touched before. A second pass, not timed, digests all events.
#include <string>

#include "bench/itch_decode/event_digest.hpp"
#include "bench/support/own_costs.hpp"
#include "bench/support/report.hpp"
#include "control/itch_day.hpp"
#include "control/itch_passes.hpp"
#include "feed/blocks.hpp"
#include "feed/decode.hpp"

namespace ridley::bench {
namespace {

std::uint64_t digest_of(const control::DayInMemory& day) {
  constexpr std::uint64_t kFirstSequence = 1;
  EventDigest digest;
  event::MarketEvent event;
  feed::Blocks::Iterator at{day.bytes.data(), kFirstSequence};
  for (std::uint64_t left = day.messages; left > 0; --left, ++at) {
    const feed::Block block = *at;
    if (feed::decode(block.message, block.sequence, event) == feed::Decoded::Event)
      digest.add(event);
  }
  return digest.value();
}

void measure(Report& report, Words words) {
  const control::ItchDay day{std::string{words[0]}};
  const control::DayInMemory in_memory = day.in_memory();
  feed::DecodeCounters decoded{};
  const double ns = ns_for_each(in_memory.messages, [&] { decoded = control::decode(in_memory); });
  report.row("message", "ns", ns);
  report.check(decoded.events == in_memory.messages);
  report.digest(digest_of(in_memory));
}

}  // namespace

const Contender kContender{
    .task = "itch_decode",
    .name = "ridley_file",
    .timed = "every message of the mapped file to a MarketEvent in memory; CPU time",
    .words = "DAY",
    .measure = measure};

}  // namespace ridley::bench
