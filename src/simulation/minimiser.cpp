// SPDX-License-Identifier: Apache-2.0
#include "simulation/minimiser.hpp"

#include <algorithm>
#include <numeric>

namespace ridley::simulation {
namespace {

// All but the places from begin to end.
Places without(const Places& places, std::size_t begin, std::size_t end) {
  Places rest{places.begin(), places.begin() + static_cast<std::ptrdiff_t>(begin)};
  rest.insert(rest.end(), places.begin() + static_cast<std::ptrdiff_t>(end), places.end());
  return rest;
}

// Leaves out every piece of that size that can be. True when there was one.
bool leave_out(Places& places, std::size_t size, const std::function<bool(const Places&)>& shows) {
  bool shorter = false;
  for (std::size_t begin = 0; begin < places.size();) {
    const std::size_t end = std::min(begin + size, places.size());
    Places rest = without(places, begin, end);
    if (shows(rest)) {
      places = std::move(rest);
      shorter = true;
    } else {
      begin = end;
    }
  }
  return shorter;
}

}  // namespace

Places minimise(std::size_t count, const std::function<bool(const Places&)>& shows) {
  Places places(count);
  std::iota(places.begin(), places.end(), std::size_t{0});
  for (std::size_t size = std::max<std::size_t>(count / 2, 1); size > 1; size /= 2)
    (void)leave_out(places, size, shows);
  // What could not go at first may go once something else has gone.
  while (leave_out(places, 1, shows)) {
  }
  return places;
}

}  // namespace ridley::simulation
