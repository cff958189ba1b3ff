// SPDX-License-Identifier: Apache-2.0
// In: how many packets each line of the feed has brought, and the time. Out: a gauge for each line,
// 1 while it is alive. The control core.
#pragma once

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
      lines_.push_back({.packets_name = engine::line_counters(i) + "packets",
                        .alive = page.gauge(engine::line_counters(i) + "alive")});
  }

  void look(const telemetry::CounterReader& page, std::uint64_t now_ns) {
    for (Line& line : lines_) {
      const std::int64_t packets = page.number(line.packets_name).value_or(0);
      if (packets != line.packets) line.heard_ns = now_ns;
      line.packets = packets;
      line.alive.set(packets != 0 && now_ns - line.heard_ns < kLineSilentNs ? 1 : 0);
    }
  }

 private:
  struct Line {
    std::string packets_name;
    telemetry::Gauge alive;
    std::int64_t packets = 0;
    std::uint64_t heard_ns = 0;
  };
  std::vector<Line> lines_;
};

}  // namespace ridley::control
