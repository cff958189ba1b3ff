// SPDX-License-Identifier: Apache-2.0
// Timed: what rte_ring's ring does alone; see measure.hpp.
#include "bench/ring/report.hpp"

int main(int count, char** words) {
  using namespace ridley::bench::ring;
  return run<RteRing>(count, words, "rte_ring");
}
