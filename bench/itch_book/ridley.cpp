// SPDX-License-Identifier: Apache-2.0
// Timed: one pass over the day in memory: walking, decoding each message to a MarketEvent, applying
// it to full order-by-order books with their queues, and asking whether the top changed. The file
// is mapped and touched before; the books take their memory before.
#include <string>

#include "bench/itch_book/right_books.hpp"
#include "book/books.hpp"
#include "control/itch_day.hpp"
#include "control/itch_passes.hpp"
#include "control/own_costs.hpp"

namespace ridley::bench {
namespace {

void measure(Report& report, Words words) {
  const std::string file{words[0]};
  const control::ItchDay day{file};
  const control::DayInMemory in_memory = day.in_memory();
  book::Books books{book::Limits{}};
  control::AppliedDay applied{};
  const double ns =
      control::ns_for_each(in_memory.messages, [&] { applied = control::apply(in_memory, books); });
  report_books(report, file, books, ns, applied.top_changes);
  report.check(applied.decoded.events == in_memory.messages);
}

}  // namespace

const Contender kContender{
    .task = "itch_book",
    .name = "ridley",
    .timed = "walk, decode, full books order by order, has the top changed; CPU time",
    .words = "DAY",
    .measure = measure};

}  // namespace ridley::bench
