// SPDX-License-Identifier: Apache-2.0
// In: what a contender's books say at the end of a day. Out: rows and checks, the same for all of
// them. Cold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bench/support/day_facts.hpp"
#include "bench/support/report.hpp"
#include "control/own_costs.hpp"

namespace ridley::bench {

struct BooksAtEnd {
  double ns_a_message;
  std::uint64_t live_orders;
  std::uint64_t levels;
  std::uint64_t bbo_digest;
  std::uint64_t top_changes;
};

// Without the facts beside the day nothing is checked, and the report says nothing of a check.
inline void report_books(Report& report, const std::string& day, const BooksAtEnd& end) {
  report.row("message", "ns", end.ns_a_message);
  report.row("rss", "MB", control::own_memory_mb());
  report.row("top_changes", "", static_cast<double>(end.top_changes));
  if (const std::optional<DayFacts> facts = facts_beside(day)) {
    report.check(end.live_orders == facts->live_orders && end.levels == facts->levels &&
                 end.bbo_digest == facts->bbo_digest);
  }
  report.digest(end.bbo_digest ^ end.top_changes);
}

}  // namespace ridley::bench
