// SPDX-License-Identifier: Apache-2.0
// Timed: one pass over the day in memory: walking, decoding each message as Ridley does, applying
// it to books of std::map, std::list and std::unordered_map that keep the same queues, and asking
// whether the top changed. The file is mapped and touched before; the containers take their memory
// as they go, which is part of what they cost.
#include <string>

#include "bench/itch_book/map_books.hpp"
#include "bench/itch_book/right_books.hpp"
#include "control/itch_day.hpp"
#include "control/itch_passes.hpp"
#include "control/own_costs.hpp"

namespace ridley::bench {
namespace {

void measure(Report& report, Words words) {
  const std::string file{words[0]};
  const control::ItchDay day{file};
  const control::DayInMemory in_memory = day.in_memory();
  MapBooks books;
  std::uint64_t top_changes = 0;
  const double ns = control::ns_for_each(in_memory.messages, [&] {
    control::for_each_event(in_memory, [&](const event::MarketEvent& event) {
      top_changes += books.apply(event) ? 1 : 0;
    });
  });
  report_books(report, file, books, ns, top_changes);
}

}  // namespace

const Contender kContender{
    .task = "itch_book",
    .name = "map",
    .timed = "walk, decode, books of std::map and std::list, has the top changed; CPU time",
    .words = "DAY",
    .measure = measure};

}  // namespace ridley::bench
