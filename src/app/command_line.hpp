// SPDX-License-Identifier: Apache-2.0
// In: a program's commands and options as values, and the words of the command line. Out: the
// options are set, the command is run, and its exit code is one of sysexits.h. Cold code.
//
// Messages go to stderr, data to stdout. Every help begins with an example.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ridley::app {

// Where the value goes. What the pointer holds before is the default and is shown as such.
using Target = std::variant<bool*, std::string*, std::uint16_t*, std::uint32_t*, std::uint64_t*,
                            std::optional<std::uint16_t>*, std::optional<std::uint32_t>*, double*,
                            std::optional<double>*, std::vector<std::string>*>;

struct Option {
  std::string names;  // "--json", "-n,--count"; without dashes it has its place behind the command
  Target target;
  std::string meaning;
  bool required = false;
  std::vector<std::string> choices = {};  // of a text
  std::uint64_t min = 0;                  // of a number
  std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
};

struct Command {
  std::string name;
  std::string summary;
  std::string example;  // a whole line that works
  std::vector<Option> options = {};
  std::function<int()> run = {};  // absent: one of `commands` has to be named
  std::vector<Command> commands = {};
};

// What a program is called and which version answers to --version.
struct Program {
  Command command;
  std::string version;
};

// Parses and runs. Never throws: a wrong command line is EX_USAGE, a base::Error its own exit code,
// anything else EX_SOFTWARE. A standard output that cannot be written is EX_IOERR; one whose reader
// has gone is none of our business and ends quietly.
[[nodiscard]] int run_program(const Program& program, int count, const char* const* words);

}  // namespace ridley::app
