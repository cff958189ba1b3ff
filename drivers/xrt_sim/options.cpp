// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/options.hpp"

#include <sysexits.h>

#include <string_view>

#include "base/error.hpp"
#include "xrt_sim/message_socket.hpp"

namespace ridley::xrt_sim {
namespace {

using base::Error;

ClockKind clock_of(std::string_view text) {
  if (text == "frames") return ClockKind::Frames;
  if (text == "free") return ClockKind::Free;
  throw Error::with_exit(EX_USAGE, "--clock is \"", text, "\", not frames or free");
}

void set(Options& options, std::string_view name, const std::string& value) {
  if (name == "--port0") {
    options.ports[0] = value;
  } else if (name == "--port1") {
    options.ports[1] = value;
  } else if (name == "--socket") {
    options.socket = value;
  } else if (name == "--clock") {
    options.clock = clock_of(value);
  } else {
    throw Error::with_exit(EX_USAGE, "unknown option ", name, "; see --help");
  }
}

}  // namespace

Options read_options(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    std::string_view word = words[i];
    if (word == "--help" || word == "-h") {
      options.help = true;
      return options;
    }
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
    if (equals != std::string_view::npos) {
      set(options, word.substr(0, equals), std::string{word.substr(equals + 1)});
    } else if (i + 1 < count) {
      set(options, word, words[++i]);
    } else {
      throw Error::with_exit(EX_USAGE, word, " needs a value; see --help");
    }
  }
  if (options.socket.empty()) options.socket = socket_path();
  return options;
}

}  // namespace ridley::xrt_sim
