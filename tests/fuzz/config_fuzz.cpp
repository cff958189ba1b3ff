// SPDX-License-Identifier: Apache-2.0
// In: any text as a configuration. Holds the reader to this: it never throws, every problem says
// something and lies within the text, and what is found right reads back the same when it is shown.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "control/config_text.hpp"

using namespace ridley;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  // Files named in the text lie beside one that does not exist.
  const control::CheckedConfig checked = control::check_config(text, "/nonexistent/fuzz.toml");
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  for (const control::Problem& problem : checked.problems) {
    RIDLEY_ASSERT(!problem.text.empty());
    RIDLEY_ASSERT(problem.place.line <= lines + 1);
  }
  if (!checked.problems.empty()) return 0;

  const std::string shown = control::config_toml(checked);
  const control::CheckedConfig again = control::check_config(shown, "/nonexistent/shown.toml");
  RIDLEY_ASSERT(again.problems.empty());
  // From here on everything is written, each value on a line of its own, so nothing moves.
  const std::string twice = control::config_toml(again);
  RIDLEY_ASSERT(control::config_toml(control::check_config(twice, "/nonexistent/twice.toml")) ==
                twice);
  RIDLEY_ASSERT(!control::config_json(again).empty());
  return 0;
}
