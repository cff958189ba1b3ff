// SPDX-License-Identifier: Apache-2.0
// In: any text as a scenario. Holds the reader to this: it never throws, every problem says
// something and lies within the text, and what is found right is within its bounds.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "venue/scenario.hpp"

using namespace ridley;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const venue::CheckedScenario checked = venue::check_scenario(text, "fuzz.toml");
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  for (const control::Problem& problem : checked.problems) {
    RIDLEY_ASSERT(!problem.text.empty());
    RIDLEY_ASSERT(problem.place.line <= lines + 1);
  }
  if (!checked.problems.empty()) return 0;
  const venue::Scenario& scenario = checked.scenario;
  RIDLEY_ASSERT(!scenario.name.empty());
  RIDLEY_ASSERT(scenario.market.lines >= 1 && scenario.market.lines <= 3);
  for (const venue::ScenarioEvent& event : scenario.events) {
    RIDLEY_ASSERT(event.share >= 0 && event.share <= 1);
    RIDLEY_ASSERT(event.factor > 0);
    RIDLEY_ASSERT(event.packets >= 1 && event.orders >= 1);
  }
  return 0;
}
