// SPDX-License-Identifier: Apache-2.0
// In: the command line. Out: a simulated exchange until its time is over or a signal ends its day,
// and an exit code of sysexits.h. Everything else is in src/venue.
#include <sysexits.h>
#include <unistd.h>

#include <cstdio>

#include "app/command_line.hpp"
#include "app/stop_signals.hpp"
#include "app/version.hpp"
#include "venue/venue_process.hpp"

namespace ridley::app {
namespace {

std::vector<Option> market_options(venue::Options& options) {
  return {
      {"--scenario", &options.scenario_file,
       "FILE.toml that scripts the day; what stands on the command line goes before its market"},
      {"--seed", &options.seed, "Of everything that is random; same seed, same market"},
      {"--instruments", &options.instruments, "How many, 1 to 65535"},
      {"--rate", &options.messages_per_second, "Feed messages a second on average"},
      {"--flow", &options.flow,
       "Who trades: makers, zero-intelligence, hawkes, or the orders of a recording: ITCH, a "
       "capture, "
       "LOBSTER messages, CME order by order (DBN); - is the standard input"},
      {"--speed", &options.speed, "Of a recorded flow: 1, 2, 4, 8 times its own"},
      {"--seconds", &options.seconds, "Of trading; without it until a signal"},
      {"--start", &options.start, "Time of day of the first message, HH:MM:SS"},
      {"--halt", &options.halts,
       "SYMBOL@AT+FOR[+QUOTING]: halted AT seconds after start, FOR long, QUOTING of it for "
       "orders"},
      {"--open", &options.open, "Time of day of the opening cross, HH:MM:SS; at once if past"},
      {"--close", &options.close, "Time of day of the closing cross; without it the end"},
      {"--market-rules", &options.market_rules,
       "Price bands with pauses, market-wide circuit breakers, short-sale price test"},
      {"--pause", &options.pause_s, "Seconds of a pause; a breaker's halt is three times that"},
      {"--feed-port", &options.feed_ports,
       "Wire of the feed: net_vhost0,iface=PATH, ...; again for another. All lines are on each, "
       "or those named before a colon: B:net_vhost0,iface=PATH"},
      {"--group", &options.group, "Multicast ADDRESS:PORT of the feed"},
      {"--line", &options.more_groups,
       "Multicast ADDRESS:PORT of a second line (B), and again of a third; cut differently"},
      {"--source", &options.source, "Source ADDRESS:PORT of the feed"},
      {"--session", &options.session, "Session of feed and streams, up to 10 characters"},
      {"--record", &options.records, "Write FILE.pcap or FILE.itch; may be repeated"},
      {"--glimpse-port", &options.glimpse_port, "TCP port for GLIMPSE snapshots; 0: any"},
      {"--rerequest-port", &options.rerequest_port, "UDP port for MoldUDP64 re-requests; 0: any"},
      {"--history", &options.history_mb, "MB of messages that can be requested again"},
      {"--wait-for-link", &options.wait_for_link, "Begin when the feed has a reader"},
      {"--wait-for-login", &options.wait_for_login_s,
       "Then wait so many seconds at most for a client"},
  };
}

std::vector<Option> order_options(venue::Options& options) {
  return {
      {"--order-port", &options.order_port, "TCP port for OUCH over SoupBinTCP; 0: any"},
      {"--order-ports", &options.order_ports, "That many in a row; accounts choose with port=N"},
      {"--drop-copy-port", &options.drop_copy_port, "TCP port for copies of executions; 0: any"},
      {"--drop-copy", &options.drop_copies,
       "user:password:firm of a reader of drop copies, without firm for all; may be repeated"},
      {"--order-address", &options.order_address, "Address to listen on"},
      {"--account", &options.accounts,
       "user:password:firm[,cancel][,ouch42][,port=N][,shares=N][,dollars=N][,away=BPS][,rate=N][,"
       "orders=N]; may be repeated"},
      {"--cancel-on-disconnect", &options.cancel_on_disconnect,
       "Cancel an account's orders when its connection is lost"},
      {"--run-folder", &options.run_folder,
       "Folder for ready.json and summary.json; waits for link and login"},
      {"--summary", &options.summary, "Write the summary to this file"},
      {"--json", &options.json, "Print the summary as JSON and nothing else"},
  };
}

void show_progress(const venue::Progress& progress) {
  std::fprintf(stderr, "\r\033[K%.0f s, %llu messages, %llu logins", progress.seconds,
               static_cast<unsigned long long>(progress.messages),
               static_cast<unsigned long long>(progress.logins));
}

int run_venue(venue::Options options) {
  if (!options.run_folder.empty()) {
    options.wait_for_link = true;
    if (options.wait_for_login_s == 0) options.wait_for_login_s = 5;
  }
  read_scenario(options);
  const bool json = options.json;
  const bool shows_progress = !json && ::isatty(STDERR_FILENO) == 1;
  venue::VenueProcess venue{options};
  const std::atomic<bool>& stop = stop_on_signals();
  if (!json) {
    std::fprintf(stderr, "ridley-venue: seed %llu, %u instruments",
                 static_cast<unsigned long long>(options.seed), options.instruments);
    if (options.order_port) std::fprintf(stderr, ", order port %u", venue.order_port());
    std::fputs("\n", stderr);
  }
  venue.run(stop, [&](const venue::Progress& progress) {
    if (shows_progress) show_progress(progress);
  });
  if (shows_progress) std::fputs("\r\033[K", stderr);
  if (json || options.summary.empty()) std::fputs(venue.summary().c_str(), stdout);
  if (!json) std::printf("digest %016llx\n", static_cast<unsigned long long>(venue.digest()));
  return EX_OK;
}

int run(int count, const char* const* words) {
  venue::Options options;
  std::vector<Option> all = market_options(options);
  for (Option& option : order_options(options)) all.push_back(std::move(option));
  const Program program{{"ridley-venue",
                         "A simulated exchange: OUCH orders in, an ITCH feed out.",
                         "ridley-venue --seconds 10 --order-port 26400 --record day.pcap",
                         std::move(all),
                         [&options] { return run_venue(options); },
                         {}},
                        kVersion};
  return run_program(program, count, words);
}

}  // namespace
}  // namespace ridley::app

int main(int count, char** words) { return ridley::app::run(count, words); }
