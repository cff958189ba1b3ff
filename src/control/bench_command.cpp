// SPDX-License-Identifier: Apache-2.0
#include "control/bench_command.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "control/itch_day.hpp"
#include "control/itch_passes.hpp"
#include "control/own_costs.hpp"

namespace ridley::control {
namespace {

// The short passes are made several times in turn and the middle one counts. Not so the long one:
// books begin empty only once.
constexpr std::size_t kRounds = 3;

struct Figures {
  std::uint64_t messages;
  double walk_ns;  // these per message
  double decode_ns;
  double book_ns;
  AppliedDay applied;
};

double median(std::array<double, kRounds> values) {
  std::ranges::sort(values);
  return values[kRounds / 2];
}

Figures measure(const DayInMemory& day, book::Books& books) {
  std::array<double, kRounds> walks{};
  std::array<double, kRounds> decodings{};
  for (std::size_t round = 0; round < kRounds; ++round) {
    std::uint64_t length_sum = 0;
    walks[round] = ns_for_each(day.messages, [&] { length_sum = walk(day); });
    if (length_sum + day.messages * feed::Blocks::kLengthBytes != day.bytes.size()) {
      throw base::Error{"bench: the lengths in memory are not those of the file"};
    }
    feed::DecodeCounters decoded{};
    decodings[round] = ns_for_each(day.messages, [&] { decoded = decode(day); });
    if (decoded.events + decoded.unknown_types + decoded.truncated != day.messages) {
      throw base::Error{"bench: not every message was decoded"};
    }
  }
  Figures figures{.messages = day.messages,
                  .walk_ns = median(walks),
                  .decode_ns = median(decodings),
                  .book_ns = 0,
                  .applied = {}};
  figures.book_ns = ns_for_each(day.messages, [&] { figures.applied = apply(day, books); });
  return figures;
}

std::string json_text(const Figures& figures, const book::Books& books) {
  return fmt::format(
      R"({{"messages":{},"walk_ns":{:.3f},"decode_ns":{:.3f},"book_ns":{:.3f},)"
      R"("decode_ratio":{:.3f},"book_ratio":{:.3f},"rss_mb":{:.1f},"live_orders":{},"levels":{},)"
      R"("top_changes":{},"bbo_digest":"{:016x}"}})"
      "\n",
      figures.messages, figures.walk_ns, figures.decode_ns, figures.book_ns,
      figures.decode_ns / figures.walk_ns, figures.book_ns / figures.walk_ns, own_memory_mb(),
      books.live_orders(), books.live_levels(), figures.applied.top_changes, books.bbo_digest());
}

std::string text(const Figures& figures, const book::Books& books) {
  return fmt::format(
      "{} messages, CPU time of one thread, input in memory\n"
      "walk over lengths {:>9.2f} ns a message\n"
      "decode            {:>9.2f} ns a message, {:.2f} walks\n"
      "decode and books  {:>9.2f} ns a message, {:.2f} walks\n"
      "{} live orders, {} levels, {} changes of a top, {:.0f} MB without the input\n"
      "bbo digest {:016x}\n",
      figures.messages, figures.walk_ns, figures.decode_ns, figures.decode_ns / figures.walk_ns,
      figures.book_ns, figures.book_ns / figures.walk_ns, books.live_orders(), books.live_levels(),
      figures.applied.top_changes, own_memory_mb(), books.bbo_digest());
}

}  // namespace

int bench_itch_command(const BenchOptions& options, std::ostream& out, std::ostream& messages) {
  const ItchDay day{options.file};
  book::Books books{options.limits};
  const Figures figures = measure(day.in_memory(), books);
  out << (options.json ? json_text(figures, books) : text(figures, books));
  if (!out.flush()) throw base::Error::with_exit(EX_IOERR, "bench: cannot write the output");

  const feed::DecodeCounters& decoded = figures.applied.decoded;
  if (decoded.unknown_types != 0)
    messages << "bench: " << decoded.unknown_types << " messages of unknown types were skipped\n";
  if (decoded.truncated != 0)
    messages << "bench: " << decoded.truncated << " messages are too short for their type\n";
  if (books.counters().out_of_memory != 0)
    messages << "bench: " << books.counters().out_of_memory
             << " orders did not fit into the limits\n";
  return decoded.truncated != 0 ? EX_DATAERR : EX_OK;
}

int bench_itch_command(const BenchOptions& options) {
  return bench_itch_command(options, std::cout, std::cerr);
}

}  // namespace ridley::control
