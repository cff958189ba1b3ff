// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: a standard output that says when it cannot be written, and ends the program
// quietly when nobody reads it any more, as in `ridley decode day.gz | head`. Cold code.
#pragma once

namespace ridley::app {

// From here on a write to a standard output without a reader ends the process with EX_OK. A broken
// socket stays an error of its write.
void end_quietly_without_reader();

[[nodiscard]] bool standard_output_has_no_reader() noexcept;

// Writes what is buffered. EX_IOERR when it cannot be written and somebody reads.
void finish_standard_output();

}  // namespace ridley::app
