// SPDX-License-Identifier: Apache-2.0
// Timed: one pass over the day in memory: walking, decoding each message as Ridley does, applying
// it to books of std::map, std::list and std::unordered_map that keep the same queues, and asking
// whether the top changed. The file is mapped and touched before; the containers take their memory
// as they go, which is part of what they cost.
#include <string>

#include "bench/itch_book/map_books.hpp"
#include "bench/itch_book/right_books.hpp"
#include "control/itch_day.hpp"
#include "feed/blocks.hpp"
#include "feed/decode.hpp"

namespace ridley::bench {
namespace {

std::uint64_t apply(const control::DayInMemory& day, MapBooks& books) {
  constexpr std::uint64_t kFirstSequence = 1;
  std::uint64_t top_changes = 0;
  event::MarketEvent event;
  feed::Blocks::Iterator at{day.bytes.data(), kFirstSequence};
  for (std::uint64_t left = day.messages; left > 0; --left, ++at) {
    const feed::Block block = *at;
    if (feed::decode(block.message, block.sequence, event) == feed::Decoded::Event) {
      top_changes += books.apply(event) ? 1 : 0;
    }
  }
  return top_changes;
}

void measure(Report& report, Words words) {
  const std::string file{words[0]};
  const control::ItchDay day{file};
  const control::DayInMemory in_memory = day.in_memory();
  MapBooks books;
  std::uint64_t top_changes = 0;
  const double ns = ns_for_each(in_memory.messages, [&] { top_changes = apply(in_memory, books); });
  report_books(report, file,
               {.ns_a_message = ns,
                .live_orders = books.live_orders(),
                .levels = books.levels(),
                .bbo_digest = books.bbo_digest(),
                .top_changes = top_changes});
}

}  // namespace

const Contender kContender{
    .task = "itch_book",
    .name = "map",
    .timed = "the same with std::map, std::list and std::unordered_map; CPU time",
    .words = "DAY",
    .measure = measure};

}  // namespace ridley::bench
