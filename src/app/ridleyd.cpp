// SPDX-License-Identifier: Apache-2.0
// In: the command line of `ridleyd`. Out: the appliance runs until it is asked to stop, by an
// operator or a signal; its exit code.
#include <malloc.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "app/command_line.hpp"
#include "app/stop_signals.hpp"
#include "app/version.hpp"
#include "base/error.hpp"
#include "control/appliance.hpp"
#include "control/appliance_settings.hpp"
#include "control/config.hpp"
#include "control/config_command.hpp"
#include "control/start_clock.hpp"
#include "nic/dpdk_environment.hpp"
#include "strategy/plugin.hpp"

namespace ridley::app {
namespace {

struct Options {
  std::string file;
  std::string config;
  bool check = false;
  bool verbose = false;
};

// The program beside this one that loads the distribution's drivers.
constexpr const char* kWithDrivers = "ridleyd-drivers";

// The strategy is part of the question whether the appliance could start.
int check(const std::string& file) {
  const control::Config config = control::load_config(file);
  const strategy::Instance instance{
      strategy::Plugin::load(control::find_strategy(config.strategy.object)),
      control::instance_options(config)};
  return control::config_check_command({file, false});
}

// Becomes the program that has the driver, if this one has not. A card's link takes seconds to come
// up; the two milliseconds of a second start are not felt there.
void find_driver(const control::Config& config, const char* const* words) {
  const auto has_driver = [](const std::string& port) {
    return port.empty() || nic::has_driver_for(nic::describe_port(port).kind);
  };
  if (has_driver(config.feed.port) && has_driver(config.order.wire)) return;
  const std::filesystem::path program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / kWithDrivers;
  ::execv(program.c_str(), const_cast<char* const*>(words));
  throw base::Error::with_exit(EX_UNAVAILABLE, "feed.port '", config.feed.port, "' or order.wire '",
                               config.order.wire, "' needs ", program.string(), ": ",
                               std::strerror(errno));
}

int run_appliance(const Options& options, control::Start start, const char* const* words) {
  if (!options.file.empty() && !options.config.empty()) {
    throw base::Error::with_exit(EX_USAGE, "the configuration is named twice: ", options.file,
                                 " and ", options.config);
  }
  const std::string file = options.file.empty() ? options.config : options.file;
  if (file.empty()) throw base::Error::with_exit(EX_USAGE, "the configuration file is missing");
  if (options.check) return check(file);
  const control::Config config = control::load_config(file);
  find_driver(config, words);
  start.verbose = options.verbose;
  start.clock.done("configuration");
  // A connection that breaks is an outcome of its write.
  ::signal(SIGPIPE, SIG_IGN);
  return control::run_appliance(config, stop_on_signals(), start);
}

// The heap grows in few steps and is not given back: each step is a system call, and while the
// street is being built on another core each return interrupts that core.
void keep_heap() noexcept {
  constexpr int kStepBytes = 1 << 20;
  ::mallopt(M_TOP_PAD, kStepBytes);
  ::mallopt(M_TRIM_THRESHOLD, 64 * kStepBytes);
}

int run(int count, const char* const* words) {
  const control::Start start;
  keep_heap();
  Options options;
  const Program program{
      {"ridleyd",
       "The trading appliance: market data in, risk-checked orders out.",
       "ridleyd /etc/ridley/ridley.toml",
       {{"file", &options.file, "Configuration file"},
        {"--config", &options.config, "The same, as an option"},
        {"--check", &options.check, "Only check configuration and strategy, start nothing"},
        {"--verbose", &options.verbose, "Say how long each step of the start took"}},
       [&] { return run_appliance(options, start, words); },
       {}},
      kVersion};
  return run_program(program, count, words);
}

}  // namespace
}  // namespace ridley::app

int main(int count, char** words) { return ridley::app::run(count, words); }
