// SPDX-License-Identifier: Apache-2.0
// Timed: what ridley's ring does alone; see measure.hpp.
#include "bench/ring/report.hpp"

int main(int count, char** words) {
  using namespace ridley::bench::ring;
  return run<RidleyRing>(count, words, "ridley");
}
