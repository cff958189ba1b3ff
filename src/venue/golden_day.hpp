// SPDX-License-Identifier: Apache-2.0
// In: a seed. Out: golden vectors for a card: the frames of a short day of this exchange on two
// lines, and everything that networks and broken senders do to them, with the records that the
// software's rooms give. The same seed gives the same vectors. Cold.
#pragma once

#include <cstdint>

#include "card/golden.hpp"

namespace ridley::venue {

struct GoldenDayOptions {
  std::uint64_t seed = 1;
  std::uint32_t packets = 400;  // of the feed, at the most; what goes wrong comes beside them
};

[[nodiscard]] card::GoldenVectors golden_day(const GoldenDayOptions& options);

}  // namespace ridley::venue
