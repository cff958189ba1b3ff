// SPDX-License-Identifier: Apache-2.0
// Timed: one pass over the day in memory from each two-byte length to the next, nothing else: what
// any reader of the file has to do at least. Where a length stands is known only when the one
// before it was read, so each load waits for the last. The file is mapped and touched before.
#include <string>

#include "bench/support/report.hpp"
#include "control/itch_day.hpp"
#include "control/itch_passes.hpp"
#include "control/own_costs.hpp"
#include "feed/blocks.hpp"

namespace ridley::bench {
namespace {

void measure(Report& report, Words words) {
  const control::ItchDay day{std::string{words[0]}};
  const control::DayInMemory in_memory = day.in_memory();
  std::uint64_t length_sum = 0;
  const double ns =
      control::ns_for_each(in_memory.messages, [&] { length_sum = control::walk(in_memory); });
  report.row("message", "ns", ns);
  const std::uint64_t lengths_bytes = in_memory.messages * feed::Blocks::kLengthBytes;
  report.check(length_sum + lengths_bytes == in_memory.bytes.size());
}

}  // namespace

const Contender kContender{
    .task = "itch_decode",
    .name = "walk",
    .timed = "from each message length to the next, in the mapped file; CPU time",
    .words = "DAY",
    .measure = measure};

}  // namespace ridley::bench
