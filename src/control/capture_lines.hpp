// SPDX-License-Identifier: Apache-2.0
// In: datagrams of a capture, and whose numbers each has. Out: by which line it came: the first
// address that brings numbers is line A, the next one B, every further one C. Cold; one thread.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "feed/lines.hpp"
#include "nic/address.hpp"
#include "nic/datagram.hpp"

namespace ridley::control {

class CaptureLines {
 public:
  // unit: where several sequences share a capture.
  [[nodiscard]] feed::LineNumber line_of(std::uint16_t unit, const nic::Datagram& datagram) {
    const Address address{datagram.destination_ip, datagram.destination_port};
    std::vector<Address>& lines = lines_[unit];
    const auto found = std::ranges::find(lines, address);
    const auto index = static_cast<std::size_t>(found - lines.begin());
    if (found == lines.end()) lines.push_back(address);
    return static_cast<feed::LineNumber>(std::min(index, feed::kFeedLinesMax - 1));
  }

  // A sentence about each line that lost something, where there are several. The health of a
  // unit's line is asked for.
  template <typename HealthOf>
  void complain(std::vector<std::string>& complaints, HealthOf&& health_of) const {
    for (const auto& [unit, lines] : lines_) {
      const std::size_t count = std::min(lines.size(), feed::kFeedLinesMax);
      for (std::size_t line = 0; count > 1 && line < count; ++line) {
        const feed::LineHealth& health = health_of(unit, static_cast<feed::LineNumber>(line));
        if (health.lost() == 0) continue;
        complaints.push_back(
            fmt::format("line {}, {}:{}, did not bring {} messages", static_cast<char>('A' + line),
                        nic::format_ipv4(lines[line].first), lines[line].second, health.lost()));
      }
    }
  }

 private:
  using Address = std::pair<std::uint32_t, std::uint16_t>;

  std::map<std::uint16_t, std::vector<Address>> lines_;
};

}  // namespace ridley::control
