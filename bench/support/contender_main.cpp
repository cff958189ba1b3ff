// SPDX-License-Identifier: Apache-2.0
// In: the contender that this program is. Out: its report. Cold.
#include "bench/support/report.hpp"

int main(int count, char** words) {
  using namespace ridley::bench;
  return run_contender(count, words, kContender);
}
