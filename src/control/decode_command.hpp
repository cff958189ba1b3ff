// SPDX-License-Identifier: Apache-2.0
// In: a capture (pcap, pcapng) or a file of ITCH messages, plain, gzip or xz. Out: its messages,
// one a line, or how many there are of each type; or the market events that an engine makes of
// them. Cold; one thread.
#pragma once

#include <iosfwd>
#include <string>

namespace ridley::control {

struct DecodeOptions {
  std::string file = "-";  // "-" is the standard input
  bool json = false;       // one object a line
  bool count = false;      // a table by type instead of the messages

  std::string protocol = {};  // of datagrams; empty or "auto": as each says by itself

  // Market events instead of messages, as the software (cpp) or the card's design (rtl) decodes.
  std::string engine = {};
  std::string line = {};     // which datagrams, "233.54.12.111:26477"; empty: those like the first
  bool as_recorded = false;  // frames with anonymous addresses are not repaired
  std::string bitstream = {};  // of the card; empty: Ridley's own
};

// 0, or EX_DATAERR where something was cut off or malformed: its byte and cause went to `messages`
// and everything else to `out`. Throws base::Error where nothing could be read at all, and with
// EX_IOERR where `out` takes no more.
[[nodiscard]] int decode(const DecodeOptions& options, std::ostream& out, std::ostream& messages);

// The same on standard output and error.
[[nodiscard]] int decode_command(const DecodeOptions& options);

}  // namespace ridley::control
