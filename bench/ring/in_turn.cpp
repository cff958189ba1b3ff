// SPDX-License-Identifier: Apache-2.0
// Timed: the rings in turn within one process, round by round, so that whatever state the machine
// is in, all of them see it; see measure.hpp.
#include "bench/ring/report.hpp"

namespace ridley::bench {

const Contender kContender =
    ring::contender<ring::RidleyRing, ring::RidleyHotRing, ring::BoostRing, ring::RteRing>(
        "in_turn");

}  // namespace ridley::bench
