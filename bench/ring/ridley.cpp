// SPDX-License-Identifier: Apache-2.0
// Timed: what ridley's ring does alone; see measure.hpp.
#include "bench/ring/report.hpp"

namespace ridley::bench {

const Contender kContender = ring::contender<ring::RidleyRing>("ridley");

}  // namespace ridley::bench
