// SPDX-License-Identifier: Apache-2.0
// In: the command line of `ridley`. Out: one command of src/control is run; its exit code.
#include <vector>

#include "app/command_line.hpp"
#include "app/operator_commands.hpp"
#include "app/version.hpp"
#include "app/version_command.hpp"
#include "control/config_command.hpp"
#include "control/decode_command.hpp"
#include "control/doctor_command.hpp"
#include "control/topology_command.hpp"

namespace ridley::app {
namespace {

struct Options {
  control::ConfigOptions config;
  control::DecodeOptions decode;
  control::DoctorOptions doctor;
  control::TopologyOptions topology;
  control::OperatorOptions appliance;
  bool version_json = false;
};

Command config_commands(control::ConfigOptions& options) {
  const Option file{"file", &options.file, "Configuration file; - is standard input", true};
  const Option json{"--json", &options.json, "Print JSON"};
  return {"config",
          "Look at a configuration without starting anything.",
          "ridley config check ridley.toml",
          {},
          {},
          {{"show",
            "The effective configuration, and where each value comes from.",
            "ridley config show ridley.toml",
            {file, json},
            [&options] { return control::config_show_command(options); },
            {}},
           {"check",
            "Every problem of the file, or none.",
            "ridley config check ridley.toml --json",
            {file, json},
            [&options] { return control::config_check_command(options); },
            {}},
           {"reference",
            "Every setting with its meaning, as a file to begin with.",
            "ridley config reference > ridley.toml",
            {json},
            [&options] { return control::config_reference_command(options); },
            {}}}};
}

std::vector<Command> offline_commands(Options& options) {
  return {
      {"decode",
       "Every message of a capture or of a file of ITCH messages.",
       "ridley decode day.pcap.gz --json",
       {{"file", &options.decode.file, "pcap, pcapng or ITCH, also .gz, .xz; - is standard input",
         true},
        {"--json", &options.decode.json, "Print JSON, one object a line"},
        {"--count", &options.decode.count, "Print how many there are of each type instead"}},
       [&options] { return control::decode_command(options.decode); },
       {}},
      {"doctor",
       "What is wrong with this machine for trading, and the command for each.",
       "ridley doctor --json",
       {{"--json", &options.doctor.json, "Print JSON"}},
       [&options] { return control::doctor_command(options.doctor); },
       {}},
      config_commands(options.config),
      {"topology",
       "The machine's cores and what an appliance would use them for.",
       "ridley topology --json",
       {{"--hot-core", &options.topology.hot_core, "As engine.hot_core of the configuration"},
        {"--json", &options.topology.json, "Print JSON"}},
       [&options] { return control::topology_command(options.topology); },
       {}},
      {"version",
       "Version and build.",
       "ridley version --json",
       {{"--json", &options.version_json, "Print JSON"}},
       [&options] { return version_command(options.version_json); },
       {}},
  };
}

int run(int count, const char* const* words) {
  Options options;
  std::vector<Command> commands = offline_commands(options);
  for (Command& command : operator_commands(options.appliance)) {
    commands.push_back(std::move(command));
  }
  const Program program{{"ridley",
                         "Tools and operator commands of the trading appliance.",
                         "ridley status --json",
                         {},
                         {},
                         std::move(commands)},
                        kVersion};
  return run_program(program, count, words);
}

}  // namespace
}  // namespace ridley::app

int main(int count, char** words) { return ridley::app::run(count, words); }
