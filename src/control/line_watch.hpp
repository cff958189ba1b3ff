// SPDX-License-Identifier: Apache-2.0
// In: how many packets each line of the feed has brought, and the time. Out: a gauge for each line,
// 1 while it is alive, how often it fell silent, and a sentence for the operator whenever it does,
// or speaks again. The control core.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/street.hpp"
#include "telemetry/counter_page.hpp"
#include "telemetry/counter_reader.hpp"

namespace ridley::control {

// Whoever has nothing to say sends a heartbeat every second; three of them are not lost by chance.
inline constexpr std::uint64_t kLineSilentNs = 3'000'000'000;

class LineWatch {
 public:
  LineWatch(telemetry::CounterPage& page, std::size_t lines) {
    for (std::size_t i = 0; i < lines; ++i)
      lines_.push_back({.name = static_cast<char>('A' + i),
                        .packets_name = engine::line_counters(i) + "packets",
                        .alive = page.gauge(engine::line_counters(i) + "alive"),
                        .silences = page.gauge(engine::line_counters(i) + "silences")});
  }

  [[nodiscard]] std::vector<std::string> look(const telemetry::CounterReader& page,
                                              std::uint64_t now_ns) {
    std::vector<std::string> sentences;
    for (Line& line : lines_) look(line, page, now_ns, sentences);
    return sentences;
  }

 private:
  struct Line {
    char name;
    std::string packets_name;
    telemetry::Gauge alive;
    telemetry::Gauge silences;
    std::int64_t packets = 0;
    std::int64_t silence_count = 0;
    std::uint64_t heard_ns = 0;  // or first looked at
    bool silent = false;         // the operator knows
  };

  static void look(Line& line, const telemetry::CounterReader& page, std::uint64_t now_ns,
                   std::vector<std::string>& sentences) {
    const std::int64_t packets = page.number(line.packets_name).value_or(0);
    const bool speaks = packets != line.packets;
    if (speaks && line.silent)
      sentences.push_back(fmt::format("line {} speaks again, after {:.1f} s", line.name,
                                      static_cast<double>(now_ns - line.heard_ns) / 1e9));
    if (speaks) line.silent = false;
    if (speaks || line.heard_ns == 0) line.heard_ns = now_ns;
    line.packets = packets;
    const bool silent = now_ns - line.heard_ns >= kLineSilentNs;
    if (silent && !line.silent) {
      line.silent = true;
      line.silences.set(++line.silence_count);
      sentences.push_back(
          packets == 0 ? fmt::format("line {} was not heard yet", line.name)
                       : fmt::format("line {} is silent, after {} packets", line.name, packets));
    }
    line.alive.set(packets != 0 && !silent ? 1 : 0);
  }

  std::vector<Line> lines_;
};

}  // namespace ridley::control
