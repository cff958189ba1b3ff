// SPDX-License-Identifier: Apache-2.0
// In: a file of a feed and who shall decode it, the software's feed room or the card's design. Out:
// the market events, one a line, or how many there are of each kind. Cold; one thread.
#pragma once

#include <iosfwd>

#include "control/decode_command.hpp"

namespace ridley::control {

// As decode(), with an engine: 0, or EX_DATAERR where something was cut off or malformed. Throws
// base::Error: EX_USAGE when the options contradict each other, EX_UNAVAILABLE when there is no
// card to be simulated.
[[nodiscard]] int decode_events(const DecodeOptions& options, std::ostream& out,
                                std::ostream& messages);

}  // namespace ridley::control
