// SPDX-License-Identifier: Apache-2.0
// In: how many rounds. Out: what rte_ring's ring does alone, a line of JSON for each width of
// value.
#include "ring/report.hpp"

int main(int count, char** words) {
  return ridley::bench::ring::run<ridley::bench::ring::RteRing>(count, words);
}
