// SPDX-License-Identifier: Apache-2.0
#include "telemetry/snapshots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/error.hpp"

namespace ridley::telemetry {
namespace {

constexpr std::string_view kHopPrefix = "hop.";

using Line = fmt::memory_buffer;

template <typename... Parts>
void append(Line& line, fmt::format_string<Parts...> format, Parts&&... parts) {
  fmt::format_to(std::back_inserter(line), format, std::forward<Parts>(parts)...);
}

// Symbols come from outside: anything but plain letters is written as an escape.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    const bool plain = code >= 0x20 && code < 0x7F && letter != '"' && letter != '\\';
    if (plain) {
      out += letter;
    } else {
      out += fmt::format("\\u{:04x}", code);
    }
  }
  return out + '"';
}

void append_numbers(Line& line, std::string_view title,
                    const std::vector<CounterReader::Number>& numbers, EntryKind kind) {
  append(line, "\"{}\":{{", title);
  const char* comma = "";
  for (const CounterReader::Number& number : numbers) {
    if (number.kind != kind) continue;
    append(line, "{}{}:{}", comma, quoted(number.name), number.value);
    comma = ",";
  }
  append(line, "}},");
}

void append_hop(Line& line, std::string_view name, const HistogramValues& values) {
  append(line, "{}:{{\"count\":{},\"mean\":{:.1f},\"p50\":{},\"p99\":{},\"p999\":{},\"max\":{}}}",
         quoted(name), values.count(), values.mean(), values.value_at_percentile(50),
         values.value_at_percentile(99), values.value_at_percentile(99.9), values.max());
}

void append_holdings(Line& line, std::span<const Holding> holdings) {
  append(line, "\"positions\":[");
  const char* comma = "";
  for (const Holding& holding : holdings) {
    append(line,
           "{}{{\"symbol\":{},\"position\":{},\"realized_profit_e4\":{},"
           "\"unrealized_profit_e4\":{}}}",
           comma, quoted(holding.symbol), holding.position, holding.realized_profit_e4,
           holding.unrealized_profit_e4);
    comma = ",";
  }
  append(line, "]");
}

}  // namespace

Snapshots::Snapshots(const CounterReader& page, const Options& options)
    : page_{page}, path_{options.lines}, last_utc_ns_{options.start_utc_ns} {
  if (!options.lines.empty()) {
    file_.open(options.lines, std::ios::app);
    if (!file_) throw base::Error::with_exit(EX_CANTCREAT, "cannot open ", options.lines.string());
  }
  if (!options.hlog.empty()) {
    hlog_ = std::make_unique<HlogWriter>(options.hlog, options.start_utc_ns, "Ridley hops, in ns");
  }
}

void Snapshots::write(std::uint64_t utc_ns, std::span<const Holding> holdings) {
  find_hops();
  const auto numbers = page_.numbers();
  Line line;
  append(line, "{{\"utc_ns\":{},\"interval_ns\":{},", utc_ns, utc_ns - last_utc_ns_);
  append_numbers(line, "counters", numbers, EntryKind::Count);
  append_numbers(line, "gauges", numbers, EntryKind::Level);
  append(line, "\"hops\":{{");
  const char* comma = "";
  for (HopInterval& hop : hops_) {
    const HistogramValues values = hop.reader.take(hop.counts);
    append(line, "{}", comma);
    append_hop(line, hop.name, values);
    comma = ",";
    if (hlog_) hlog_->write({hop.name, last_utc_ns_, utc_ns}, values);
  }
  append(line, "}},");
  append_holdings(line, holdings);
  append(line, "}}\n");
  last_utc_ns_ = utc_ns;
  if (!file_.is_open()) return;
  file_.write(line.data(), static_cast<std::streamsize>(line.size())).flush();
  if (!file_) throw base::Error::with_exit(EX_IOERR, "cannot write to ", path_.string());
}

void Snapshots::find_hops() {
  for (const std::string_view full_name : page_.histogram_names()) {
    const bool is_hop = full_name.starts_with(kHopPrefix);
    const std::string name{is_hop ? full_name.substr(kHopPrefix.size()) : full_name};
    if (std::ranges::find(hops_, name, &HopInterval::name) != hops_.end()) continue;
    hops_.push_back({name, page_.histogram_counts(full_name),
                     IntervalReader{page_.histogram(full_name)->shape()}});
  }
}

}  // namespace ridley::telemetry
