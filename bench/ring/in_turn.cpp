// SPDX-License-Identifier: Apache-2.0
// Timed: the rings in turn within one process, round by round, so that whatever state the machine
// is in, all of them see it; see measure.hpp.
#include "bench/ring/report.hpp"

int main(int count, char** words) {
  using namespace ridley::bench::ring;
  return run<RidleyRing, RidleyHotRing, BoostRing, RteRing>(count, words, "in_turn");
}
