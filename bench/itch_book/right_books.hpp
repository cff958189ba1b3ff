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

// Without the facts beside the day nothing is checked, and the report says nothing of a check.
template <typename Books>
void report_books(Report& report, const std::string& day, const Books& books, double ns_a_message,
                  std::uint64_t top_changes) {
  report.row("message", "ns", ns_a_message);
  report.row("rss", "MB", control::own_memory_mb());
  report.row("top_changes", "", static_cast<double>(top_changes));
  const std::uint64_t digest = books.bbo_digest();
  if (const std::optional<DayFacts> facts = facts_beside(day)) {
    report.check(books.live_orders() == facts->live_orders &&
                 books.live_levels() == facts->levels && digest == facts->bbo_digest);
  }
  report.digest(digest ^ top_changes);
}

}  // namespace ridley::bench
