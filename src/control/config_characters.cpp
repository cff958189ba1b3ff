// SPDX-License-Identifier: Apache-2.0
#include "control/config_characters.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ridley::control {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Where a quoted text that begins there has ended. One that never ends is for the parser to name.
std::size_t end_of_text(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  const std::string_view fence = quote == '"' ? "\"\"\"" : "'''";
  const bool long_text = text.substr(begin, 3) == fence;
  std::size_t at = begin + (long_text ? 3 : 1);
  while (at < text.size()) {
    if (quote == '"' && text[at] == '\\') {
      at += 2;
    } else if (!long_text && text[at] == '\n') {
      return at;
    } else if (text[at] != quote || (long_text && text.substr(at, 3) != fence)) {
      ++at;
    } else if (!long_text) {
      return at + 1;
    } else {
      // Two more may stand before the fence.
      const std::size_t end = text.find_first_not_of(quote, at);
      return std::min({end, at + 5, text.size()});
    }
  }
  return text.size();
}

Problem problem_at(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = static_cast<std::uint32_t>(std::ranges::count(before, '\n')) + 1;
  const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return {{line, static_cast<std::uint32_t>(at - begin) + 1},
          "only texts in quotes and comments may have letters beyond ASCII"};
}

}  // namespace

void throw_broken_name() { throw BrokenName{}; }

std::optional<Problem> refused_character(std::string_view text) {
  std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (at < text.size()) {
    if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (text[at] == '"' || text[at] == '\'') {
      at = end_of_text(text, at);
    } else if ((static_cast<unsigned char>(text[at]) & 0x80) != 0) {
      return problem_at(text, at);
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

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
