// SPDX-License-Identifier: Apache-2.0
// In: a Verilated design that counts what is reached, before it goes. Out: its counts, in a file of
// its own in the folder that $RIDLEY_COVERAGE names; none where it names none.
#pragma once

#include <stdlib.h>
#include <unistd.h>
#include <verilated_cov.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace ridley::card {

inline void write_coverage(VerilatedContext& context, std::string_view name) {
  constexpr std::string_view kUniquePart = "XXXXXX";
  constexpr std::string_view kSuffix = ".dat";
  const char* folder = std::getenv("RIDLEY_COVERAGE");
  if (folder == nullptr) return;
  std::string file{folder};
  file.append("/").append(name).append("-").append(kUniquePart).append(kSuffix);
  const int descriptor = ::mkstemps(file.data(), static_cast<int>(kSuffix.size()));
  if (descriptor < 0) {
    std::perror(file.c_str());
    std::abort();  // a design whose counts are missing would look untested
  }
  ::close(descriptor);
  // The same module twice in a design: each with its own counts.
  context.coveragep()->forcePerInstance(true);
  context.coveragep()->write(file.c_str());
}

}  // namespace ridley::card
