// SPDX-License-Identifier: Apache-2.0
// In: the command line of `ridley`. Out: one command of src/control is run; its exit code.
#include <vector>

#include "app/card_commands.hpp"
#include "app/command_line.hpp"
#include "app/operator_commands.hpp"
#include "app/version.hpp"
#include "app/version_command.hpp"
#include "control/bench_command.hpp"
#include "control/book_command.hpp"
#include "control/card_command.hpp"
#include "control/config_command.hpp"
#include "control/decode_command.hpp"
#include "control/doctor_command.hpp"
#include "control/log_command.hpp"
#include "control/topology_command.hpp"
#include "simulation/simulate_command.hpp"

namespace ridley::app {
namespace {

struct Options {
  control::DecodeOptions decode;
  control::BookOptions book;
  control::BenchOptions bench;
  control::CardOptions card;
  control::ConfigOptions config;
  control::DoctorOptions doctor;
  control::LogOptions log;
  control::TopologyOptions topology;
  control::OperatorOptions appliance;
  simulation::SimulateOptions simulate;
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

Command decode_command(control::DecodeOptions& options) {
  return {"decode",
          "The messages of a recorded day, one a line.",
          "ridley decode day.itch.gz --json | head",
          {{"file", &options.file, "ITCH file or capture, also .gz and .xz; - is standard input"},
           {"--json", &options.json, "Print one JSON object a line"},
           {"--count", &options.count, "Count the messages of each type instead"},
           {"--protocol",
            &options.protocol,
            "What the datagrams of a capture carry; auto: as each says by itself",
            false,
            {"auto", "itch", "pitch", "iex-deep", "cme-mdp3", "cme-mdp3-orders"}},
           {"--engine",
            &options.engine,
            "Print market events: as the software decodes (cpp), or the card's design (rtl)",
            false,
            {"cpp", "rtl"}},
           {"--line", &options.line, "Events of this ADDRESS:PORT, not of the first datagram's"},
           {"--as-recorded", &options.as_recorded, "Do not repair frames with anonymous addresses"},
           {"--bitstream", &options.bitstream, "Design of the simulated card, an xclbin"}},
          [&options] { return control::decode_command(options); },
          {}};
}

Command book_command(control::BookOptions& options) {
  return {
      "book",
      "The books at the end of a recorded day, changes of best prices, or one order's queue.",
      "ridley book day.itch.gz --depth 5",
      {{"file", &options.file, "ITCH file or capture, also .gz and .xz; - is standard input", true},
       {"--json", &options.json, "Print one JSON object a line"},
       {"--depth", &options.depth, "Levels to print a side; 0: all"},
       {"--protocol",
        &options.protocol,
        "What the capture carries; auto: as its first datagram says",
        false,
        {"auto", "itch", "pitch", "iex-deep", "cme-mdp3", "cme-mdp3-orders"}},
       {"--top-changes", &options.top_changes, "Print every change of a best price instead"},
       {"--follow", &options.follow, "Print where this order of the feed stands in its queue"},
       {"--orders-max", &options.limits.orders_max, "Orders that may rest at one time"},
       {"--levels-max", &options.limits.levels_max, "Price levels at one time"}},
      [&options] { return control::book_command(options); },
      {}};
}

Command bench_commands(control::BenchOptions& options) {
  return {
      "bench",
      "What work costs on this machine.",
      "ridley bench itch day.itch",
      {},
      {},
      {{"itch",
        "Decoding a recorded day and keeping its books: CPU time a message, beside a bare walk.",
        "ridley bench itch day.itch --json",
        {{"file", &options.file, "ITCH file, also .gz and .xz; - is standard input", true},
         {"--json", &options.json, "Print one JSON object"},
         {"--orders-max,--order-limit", &options.limits.orders_max,
          "Orders that may rest at one time"},
         {"--levels-max,--level-limit", &options.limits.levels_max, "Price levels at one time"}},
        [&options] { return control::bench_itch_command(options); },
        {}}}};
}

Command log_commands(control::LogOptions& options) {
  return {"log",
          "Look at what the hot core wrote down.",
          "ridley log cat events.rlog",
          {},
          {},
          {{"cat",
            "The entries of a binary log, one a line.",
            "ridley log cat events.rlog --severity warning",
            {{"file", &options.file, "Log file, also .gz and .xz; - is standard input", true},
             {"--json", &options.json, "Print one JSON object a line"},
             {"--from", &options.from, "Nothing before this time of UTC, 2026-11-21T14:30:00"},
             {"--to", &options.to, "Nothing after it"},
             {"--severity",
              &options.severity,
              "Nothing of a lower one",
              false,
              {"debug", "notice", "warning", "alarm"}}},
            [&options] { return control::log_cat_command(options); },
            {}}}};
}

Command simulate_command(simulation::SimulateOptions& options) {
  Option seeds{"--seeds", &options.seeds, "How many days, one a seed"};
  seeds.min = 1;
  return {"simulate",
          "Simulated days on which everything goes wrong, and whether any rule was broken.",
          "ridley simulate --seeds 1000 --json",
          {seeds,
           {"--first", &options.first, "The first day's seed"},
           {"--json", &options.json, "Print one JSON object"},
           {"--minimise", &options.minimise, "Shorten what leads to each violation"},
           {"--only", &options.only, "Deeds of the plan that are done, of one seed: 0,3,5"},
           {"--plan", &options.plan, "Print the plan of the first seed instead"},
           {"--workers", &options.workers, "Processes; 0: one a core"}},
          [&options] { return simulation::simulate_command(options); },
          {}};
}

std::vector<Command> offline_commands(Options& options) {
  return {
      decode_command(options.decode),
      book_command(options.book),
      bench_commands(options.bench),
      {"doctor",
       "What is wrong with this machine for trading, and the command for each.",
       "ridley doctor --json",
       {{"--json", &options.doctor.json, "Print JSON"}},
       [&options] { return control::doctor_command(options.doctor); },
       {}},
      log_commands(options.log),
      card_commands(options.card),
      config_commands(options.config),
      simulate_command(options.simulate),
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
