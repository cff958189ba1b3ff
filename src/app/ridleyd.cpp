// SPDX-License-Identifier: Apache-2.0
// In: the command line of `ridleyd`. Out: the appliance runs until it is asked to stop, by an
// operator or a signal; its exit code.
#include <signal.h>
#include <sysexits.h>

#include "app/command_line.hpp"
#include "app/stop_signals.hpp"
#include "app/version.hpp"
#include "base/error.hpp"
#include "control/appliance.hpp"
#include "control/appliance_settings.hpp"
#include "control/config.hpp"
#include "control/config_command.hpp"
#include "strategy/plugin.hpp"

namespace ridley::app {
namespace {

struct Options {
  std::string file;
  std::string config;
  bool check = false;
};

// The strategy is part of the question whether the appliance could start.
int check(const std::string& file) {
  const control::Config config = control::load_config(file);
  const strategy::Instance instance{
      strategy::Plugin::load(control::find_strategy(config.strategy.object)),
      control::instance_options(config)};
  return control::config_check_command({file, false});
}

int run_appliance(const Options& options) {
  if (!options.file.empty() && !options.config.empty()) {
    throw base::Error::with_exit(EX_USAGE, "the configuration is named twice: ", options.file,
                                 " and ", options.config);
  }
  const std::string file = options.file.empty() ? options.config : options.file;
  if (file.empty()) throw base::Error::with_exit(EX_USAGE, "the configuration file is missing");
  if (options.check) return check(file);
  const control::Config config = control::load_config(file);
  // A connection that breaks is an outcome of its write.
  ::signal(SIGPIPE, SIG_IGN);
  return control::run_appliance(config, stop_on_signals());
}

int run(int count, const char* const* words) {
  Options options;
  const Program program{
      {"ridleyd",
       "The trading appliance: market data in, risk-checked orders out.",
       "ridleyd /etc/ridley/ridley.toml",
       {{"file", &options.file, "Configuration file"},
        {"--config", &options.config, "The same, as an option"},
        {"--check", &options.check, "Only check configuration and strategy, start nothing"}},
       [&options] { return run_appliance(options); },
       {}},
      kVersion};
  return run_program(program, count, words);
}

}  // namespace
}  // namespace ridley::app

int main(int count, char** words) { return ridley::app::run(count, words); }
