// SPDX-License-Identifier: Apache-2.0
// Timed: what boost's ring does alone; see measure.hpp.
#include "bench/ring/report.hpp"

namespace ridley::bench {

const Contender kContender = ring::contender<ring::BoostRing>("boost");

}  // namespace ridley::bench
