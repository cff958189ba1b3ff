// SPDX-License-Identifier: Apache-2.0
// In: how many rounds. Out: the rings measured in turn within one process, so that whatever
// state the machine is in, all of them see it.
#include "ring/report.hpp"

int main(int count, char** words) {
  using namespace ridley::bench::ring;
  return run<RidleyRing, RidleyHotRing, BoostRing, RteRing>(count, words);
}
