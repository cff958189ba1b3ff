// SPDX-License-Identifier: Apache-2.0
#include "control/broken_name.hpp"

#include <algorithm>
#include <vector>

namespace ridley::control {

void throw_broken_name() { throw BrokenName{}; }

// Beginnings are halved: a long text is looked at a few times, not once for each of its lines.
std::uint32_t first_line_with(std::string_view text,
                              bool (&is_broken)(std::string_view beginning)) {
  std::vector<std::size_t> ends;
  for (std::size_t end = 0; end < text.size(); ends.push_back(end)) {
    end = std::min(text.find('\n', end), text.size() - 1) + 1;
  }
  const auto line = std::ranges::partition_point(
      ends, [&](std::size_t end) { return !is_broken(text.substr(0, end)); });
  return static_cast<std::uint32_t>(line - ends.begin()) + 1;
}

}  // namespace ridley::control
