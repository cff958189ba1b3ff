// SPDX-License-Identifier: Apache-2.0
// In: how many deeds a plan has, and whether a part of them still shows what is looked for. Out: a
// part of which no single deed can be left out (delta debugging). Cold.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace ridley::simulation {

using Places = std::vector<std::size_t>;

// The whole shows it. Asks about as often as the square of what is left, at most.
[[nodiscard]] Places minimise(std::size_t count, const std::function<bool(const Places&)>& shows);

}  // namespace ridley::simulation
