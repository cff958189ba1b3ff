// SPDX-License-Identifier: Apache-2.0
#include "simulation/simulate_command.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "simulation/clock.hpp"
#include "simulation/day.hpp"
#include "simulation/minimiser.hpp"
#include "simulation/workers.hpp"

namespace ridley::simulation {
namespace {

using Json = nlohmann::ordered_json;

// Longer lists of findings are of no use to anybody; they are all counted.
constexpr std::size_t kFindingsMax = 20;

struct Found {
  std::uint64_t seed = 0;
  Finding finding;
  std::optional<Places> places;
};

struct Totals {
  DayResult sum;  // of all days; its digest is that of all days, whatever their order
  std::uint64_t seeds = 0;
  std::uint64_t violations = 0;
  std::vector<Found> found;
};

std::optional<Places> places_of(const std::string& text, std::size_t plan_size) {
  if (text.empty()) return std::nullopt;
  Places places;
  const char* at = text.data();
  const char* end = at + text.size();
  while (at <= end) {
    std::size_t place = 0;
    const auto [stopped, error] = std::from_chars(at, end, place);
    const bool grows = places.empty() || place > places.back();
    if (error != std::errc{} || place >= plan_size || !grows || (stopped != end && *stopped != ','))
      throw base::Error::with_exit(EX_USAGE, "simulate: --only ", text,
                                   ": wants growing numbers below ", plan_size, ", as in 0,3,5");
    places.push_back(place);
    at = stopped + 1;
  }
  return places;
}

void add(Totals& totals, std::uint64_t seed, const DayResult& day) {
  ++totals.seeds;
  totals.sum.orders += day.orders;
  totals.sum.executions += day.executions;
  totals.sum.repaired.by_line += day.repaired.by_line;
  totals.sum.repaired.by_request += day.repaired.by_request;
  totals.sum.repaired.by_snapshot += day.repaired.by_snapshot;
  totals.sum.messages += day.messages;
  totals.sum.frames_harmed += day.frames_harmed;
  totals.sum.digest += day.digest * (2 * seed + 1);
  for (std::size_t i = 0; i < kDeeds; ++i) totals.sum.faults[i] += day.faults[i];
  if (!day.finding) return;
  ++totals.violations;
  totals.found.push_back({seed, *day.finding, {}});
}

// Days are done as they come; findings are told in the order of their seeds.
void sort_and_shorten(Totals& totals, const SimulateOptions& options) {
  std::ranges::sort(totals.found, {}, &Found::seed);
  if (totals.found.size() > kFindingsMax) totals.found.resize(kFindingsMax);
  for (Found& found : totals.found) {
    found.places = places_of(options.only, plan_of(found.seed).size());
    if (!options.minimise || found.places) continue;
    found.places = minimise(plan_of(found.seed).size(), [&found](const Places& places) {
      const DayResult day = live_day({.seed = found.seed, .places = places});
      return day.finding && day.finding->rule == found.finding.rule;
    });
    found.finding = *live_day({.seed = found.seed, .places = found.places}).finding;
  }
}

std::string reproducer(const Found& found) {
  std::string line = fmt::format("ridley simulate --first {} --seeds 1", found.seed);
  if (found.places) line += fmt::format(" --only {}", fmt::join(*found.places, ","));
  return line;
}

std::vector<std::string> deeds_of(const Found& found) {
  std::vector<std::string> deeds;
  const Plan plan = plan_of(found.seed);
  for (const PlannedDeed& deed : found.places ? only(plan, *found.places) : plan)
    deeds.push_back(text_of(deed));
  return deeds;
}

std::uint64_t faults_of(const DayResult& day) {
  std::uint64_t faults = 0;
  for (std::size_t i = 0; i < kDeeds; ++i)
    if (is_fault(static_cast<Deed>(i))) faults += day.faults[i];
  return faults;
}

std::string json_text(const Totals& totals) {
  Json faults = Json::object();
  Json operators = Json::object();
  for (std::size_t i = 0; i < kDeeds; ++i) {
    const auto deed = static_cast<Deed>(i);
    (is_fault(deed) ? faults : operators)[std::string{name_of(deed)}] = totals.sum.faults[i];
  }
  Json findings = Json::array();
  for (const Found& found : totals.found) {
    Json row = {{"seed", found.seed},
                {"rule", found.finding.rule},
                {"what", found.finding.what},
                {"at_ns", found.finding.at_ns},
                {"reproduce", reproducer(found)}};
    if (found.places) row["deeds"] = deeds_of(found);
    findings.push_back(std::move(row));
  }
  const Json report = {{"seeds", totals.seeds},
                       {"violations", totals.violations},
                       {"faults_injected", faults_of(totals.sum)},
                       {"faults", faults},
                       {"operator", operators},
                       {"orders", totals.sum.orders},
                       {"executions", totals.sum.executions},
                       {"gaps_repaired", totals.sum.repaired.sum()},
                       {"gaps_repaired_by",
                        {{"line", totals.sum.repaired.by_line},
                         {"request", totals.sum.repaired.by_request},
                         {"snapshot", totals.sum.repaired.by_snapshot}}},
                       {"feed_messages", totals.sum.messages},
                       {"frames_harmed", totals.sum.frames_harmed},
                       {"digest", fmt::format("{:016x}", totals.sum.digest)},
                       {"findings", findings}};
  return report.dump() + "\n";
}

std::string text(const Totals& totals) {
  std::string text = fmt::format(
      "{} days, {} violations\n"
      "{} faults, {} orders, {} executions, {} messages of the feed\n"
      "{} gaps repaired: {} by a line, {} by a request, {} by a snapshot\n",
      totals.seeds, totals.violations, faults_of(totals.sum), totals.sum.orders,
      totals.sum.executions, totals.sum.messages, totals.sum.repaired.sum(),
      totals.sum.repaired.by_line, totals.sum.repaired.by_request, totals.sum.repaired.by_snapshot);
  for (std::size_t i = 0; i < kDeeds; ++i)
    text += fmt::format("  {:<20}{:>12}\n", name_of(static_cast<Deed>(i)), totals.sum.faults[i]);
  text += fmt::format("digest {:016x}\n", totals.sum.digest);
  for (const Found& found : totals.found) {
    text += fmt::format("\nVIOLATION {} at {:.6f} ms: {}\n  {}\n", found.finding.rule,
                        static_cast<double>(found.finding.at_ns) / kMillisecondNs,
                        found.finding.what, reproducer(found));
    if (!found.places) continue;
    for (const std::string& deed : deeds_of(found)) text += "    " + deed + "\n";
  }
  return text;
}

int print_plan(std::uint64_t seed, std::ostream& out) {
  const Plan plan = plan_of(seed);
  for (std::size_t place = 0; place < plan.size(); ++place)
    out << fmt::format("{:>4}  {}\n", place, text_of(plan[place]));
  return EX_OK;
}

}  // namespace

int simulate_command(const SimulateOptions& options, std::ostream& out) {
  if (options.seeds == 0) throw base::Error::with_exit(EX_USAGE, "simulate: no seeds, no days");
  if (options.plan) return print_plan(options.first, out);
  if (!options.only.empty() && options.seeds != 1)
    throw base::Error::with_exit(EX_USAGE, "simulate: --only is for one seed: --seeds 1");
  Totals totals;
  live_days(
      {.first = options.first,
       .seeds = options.seeds,
       .workers = options.workers,
       .places = places_of(options.only, plan_of(options.first).size())},
      [&totals](std::uint64_t seed, const DayResult& day) { return add(totals, seed, day), true; });
  sort_and_shorten(totals, options);
  out << (options.json ? json_text(totals) : text(totals));
  if (!out.flush()) throw base::Error::with_exit(EX_IOERR, "simulate: cannot write the output");
  return totals.violations == 0 ? EX_OK : EX_SOFTWARE;
}

int simulate_command(const SimulateOptions& options) {
  return simulate_command(options, std::cout);
}

}  // namespace ridley::simulation
