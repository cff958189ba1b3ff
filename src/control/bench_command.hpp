// SPDX-License-Identifier: Apache-2.0
// `ridley bench itch FILE`: in, a day of TotalView-ITCH 5.0; out, what decoding it and keeping its
// books costs this processor, beside a walk over the message lengths. Cold.
#pragma once

#include <iosfwd>
#include <string>

#include "book/books.hpp"

namespace ridley::control {

struct BenchOptions {
  std::string file;   // "-": the standard input
  bool json = false;  // one object instead of a table
  book::Limits limits{};
};

// Prints the figures to out and complaints to messages. The exit code is 0, or EX_DATAERR when
// messages are too short for their type. Throws base::Error, and prints no figure, where the input
// is cut off, damaged or not there, or the output takes no more.
[[nodiscard]] int bench_itch_command(const BenchOptions& options, std::ostream& out,
                                     std::ostream& messages);
// The same with the standard output and the standard error.
[[nodiscard]] int bench_itch_command(const BenchOptions& options);

}  // namespace ridley::control
