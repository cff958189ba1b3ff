// SPDX-License-Identifier: Apache-2.0
// `ridley book FILE`: in, a day of TotalView-ITCH 5.0 or a capture of any feed; out, the books at
// its end, or every change of a best price or of an order's place on the way. Cold.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "book/books.hpp"

namespace ridley::control {

struct BookOptions {
  std::string file;           // "-": the standard input
  bool json = false;          // one object a line instead of tables
  std::size_t depth = 0;      // levels a side; 0: all
  bool top_changes = false;   // every change of a top instead of the books at the end
  std::uint64_t follow = 0;   // every change of this order's place in its queue as well; 0: none
  std::string protocol = {};  // of a capture; empty or "auto": that of its first datagram
  book::Limits limits{};
};

// Prints the books to out and complaints to messages. The exit code is 0, or EX_DATAERR when some
// of the input could not be used; what could be is printed all the same. Throws base::Error where
// there is no input or the output takes no more.
[[nodiscard]] int book_command(const BookOptions& options, std::ostream& out,
                               std::ostream& messages);
// The same with the standard output and the standard error.
[[nodiscard]] int book_command(const BookOptions& options);

}  // namespace ridley::control
