// SPDX-License-Identifier: Apache-2.0
// Timed: what boost's ring does alone; see measure.hpp.
#include "bench/ring/report.hpp"

int main(int count, char** words) {
  using namespace ridley::bench::ring;
  return run<BoostRing>(count, words, "boost");
}
