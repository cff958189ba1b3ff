// SPDX-License-Identifier: Apache-2.0
// In: answers of the exchange in the order in which they came about. Out: another order that an
// exchange could have: what concerns one order keeps its sequence. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "venue/random.hpp"

namespace ridley::simulation {

// Returns how many changed places.
std::uint64_t shuffle_acks(std::vector<std::vector<std::byte>>& messages, venue::Random& random);

}  // namespace ridley::simulation
