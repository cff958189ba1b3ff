// SPDX-License-Identifier: Apache-2.0
// In: the command line. Out: a simulated exchange until its time is over or a signal ends its day,
// and an exit code of sysexits.h. Everything else is in src/venue.
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "base/error.hpp"
#include "venue/venue_process.hpp"

namespace {

using ridley::venue::Options;

std::atomic<int> stop_requests{0};

// The first signal ends the day, the second the process.
extern "C" void on_signal(int number) {
  if (stop_requests.fetch_add(1) > 0) ::_exit(128 + number);
}

void listen_to_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
}

void describe(CLI::App& app, Options& options) {
  app.add_option("--seed", options.seed, "Of everything that is random; same seed, same market");
  app.add_option("--instruments", options.instruments, "How many, 1 to 65535");
  app.add_option("--rate", options.messages_per_second, "Feed messages a second on average");
  app.add_option("--seconds", options.seconds, "Of trading; without it until a signal");
  app.add_option("--start", options.start, "Time of day of the first message, HH:MM:SS");
  app.add_option("--halt", options.halts, "SYMBOL@AT+FOR: halted AT seconds after start, FOR long");
  app.add_option("--feed-port", options.feed_port, "Wire of the feed: net_vhost0,iface=PATH, ...");
  app.add_option("--group", options.group, "Multicast ADDRESS:PORT of the feed");
  app.add_option("--source", options.source, "Source ADDRESS:PORT of the feed");
  app.add_option("--session", options.session, "Session of feed and streams, up to 10 characters");
  app.add_option("--record", options.records, "Write FILE.pcap or FILE.itch; may be repeated");
  app.add_flag("--wait-for-link", options.wait_for_link, "Begin when the feed has a reader");
  app.add_option("--wait-for-login", options.wait_for_login_s,
                 "Then wait so many seconds at most for a client");
  app.add_option("--order-port", options.order_port, "TCP port for OUCH over SoupBinTCP; 0: any");
  app.add_option("--order-address", options.order_address, "Address to listen on");
  app.add_option("--account", options.accounts, "user:password:firm; may be repeated");
  app.add_flag("--cancel-on-disconnect", options.cancel_on_disconnect,
               "Cancel an account's orders when its connection is lost");
  app.add_option("--run-folder", options.run_folder,
                 "Folder for ready.json and summary.json; waits for link and login");
  app.add_option("--summary", options.summary, "Write the summary to this file");
  app.add_flag("--json", options.json, "Print the summary as JSON and nothing else");
}

void show_progress(const ridley::venue::Progress& progress) {
  std::fprintf(stderr, "\r\033[K%.0f s, %llu messages, %llu logins", progress.seconds,
               static_cast<unsigned long long>(progress.messages),
               static_cast<unsigned long long>(progress.logins));
}

int run(Options options) {
  if (!options.run_folder.empty()) {
    options.wait_for_link = true;
    if (options.wait_for_login_s == 0) options.wait_for_login_s = 5;
  }
  const bool json = options.json;
  const bool shows_progress = !json && ::isatty(STDERR_FILENO) == 1;
  ridley::venue::VenueProcess venue{options};
  listen_to_signals();
  if (!json) {
    std::fprintf(stderr, "ridley-venue: seed %llu, %u instruments, order port %u\n",
                 static_cast<unsigned long long>(options.seed), options.instruments,
                 venue.order_port());
  }
  venue.run(stop_requests, [&](const ridley::venue::Progress& progress) {
    if (shows_progress) show_progress(progress);
  });
  if (shows_progress) std::fputs("\r\033[K", stderr);
  if (json || options.summary.empty()) std::fputs(venue.summary().c_str(), stdout);
  return std::fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}

}  // namespace

int main(int argument_count, char** arguments) {
  CLI::App app{"A simulated exchange: OUCH orders in, an ITCH feed out."};
  app.set_version_flag("--version", "ridley-venue 0.1.0");
  Options options;
  describe(app, options);
  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EX_OK : EX_USAGE;
  }
  try {
    return run(options);
  } catch (const ridley::base::Error& error) {
    std::fprintf(stderr, "ridley-venue: %s\n", error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ridley-venue: %s\n", error.what());
    return EX_SOFTWARE;
  }
}
