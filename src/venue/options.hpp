// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: everything an operator can choose about the simulated exchange, with its
// defaults. The command line fills it in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "venue/account.hpp"
#include "venue/scenario.hpp"
#include "venue/trading_day.hpp"

namespace ridley::venue {

struct Options {
  std::string scenario_file;  // of a day that goes wrong
  Scenario scenario;          // what it says

  // The market.
  std::uint64_t seed = 1;
  std::uint32_t instruments = 100;
  double messages_per_second = 20'000;  // of the feed; 0 = the opening book stands still
  std::string flow = "makers";          // or zero-intelligence, hawkes, a recording's file
  double speed = 1;                     // of a recorded flow
  std::optional<double> seconds;        // of trading; without it until a signal
  std::string start = "09:30:00";       // time of day at which the first message is sent
  std::vector<std::string> halts;       // SYMBOL@AT+FOR[+QUOTING] in seconds
  std::string open;                     // time of day of the open; empty: when the book stands
  std::string close;                    // time of day of the close; empty: when the day ends
  bool market_rules = false;            // price bands, circuit breakers, short-sale price test
  double pause_s = 300;                 // of a limit state; three times that of a breaker

  // The feed.
  std::vector<std::string> feed_ports;  // as FeedWire has them
  std::string group = "233.54.12.111:26477";
  std::vector<std::string> more_groups;  // of the lines B and C; each is cut differently
  std::string source = "10.20.30.1:26400";
  std::optional<std::uint16_t> glimpse_port;    // 0 = any free one, as for all ports
  std::optional<std::uint16_t> rerequest_port;  // UDP
  std::uint32_t history_mb = 256;               // of messages that can be asked for again
  std::string session;                          // up to ten characters; empty = made from the time
  std::vector<std::string> records;             // FILE.pcap, FILE.itch
  bool wait_for_link = false;
  double wait_for_login_s = 0;  // at most, for the first client

  // Orders.
  std::optional<std::uint16_t> order_port;  // 0 = any free one; without it no orders are taken
  std::uint32_t order_ports = 1;            // that many in a row; an account belongs to one of them
  std::string order_address = "127.0.0.1";
  std::optional<std::uint16_t> drop_copy_port;
  std::vector<std::string> drop_copies;  // user:password:firm, an empty firm for all
  std::vector<std::string> accounts;  // user:password:firm, then ",cancel", ",shares=100" and more
  bool cancel_on_disconnect = false;

  // Results.
  std::string run_folder;  // ready.json and summary.json go there
  std::string summary;
  bool json = false;  // the summary on standard output, and nothing else
};

// The account there is when none is named.
inline constexpr const char* kDefaultAccount = "RIDLEY:TURTLE:RDLY";

// Each throws base::Error (EX_USAGE) with what would have been right.
[[nodiscard]] AccountSettings parse_account(const std::string& text);
[[nodiscard]] Halt parse_halt(const std::string& text);
[[nodiscard]] std::uint64_t parse_time_of_day_ns(const std::string& text);
[[nodiscard]] MarketRules rules_of(const Options& options);
// Who trades: one of the flows, or what is recorded in a file.
void choose_flow(const Options& options, TradingDaySettings& settings);

// Reads the scenario's file if there is one. Its market is taken where the options are the
// defaults: what the command line says goes before.
void read_scenario(Options& options);

// All that can be known to be wrong before anything is opened.
void check(const Options& options);

}  // namespace ridley::venue
