// SPDX-License-Identifier: Apache-2.0
// Timed: what rte_ring's ring does alone; see measure.hpp.
#include "bench/ring/report.hpp"

namespace ridley::bench {

const Contender kContender = ring::contender<ring::RteRing>("rte_ring");

}  // namespace ridley::bench
