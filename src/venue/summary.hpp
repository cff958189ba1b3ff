// SPDX-License-Identifier: Apache-2.0
// In: a day that is over. Out: what happened in it as JSON, by the names that the appliance uses
// for its own side, so that the two can be compared. Cold.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "venue/exchange.hpp"
#include "venue/faulty_line.hpp"
#include "venue/recorded_flow.hpp"

namespace ridley::venue {

// What became of a line's packets.
struct LineTraffic {
  PacketCounts counts;
  std::uint64_t digest = 0;  // of all that arrived
};

struct Traffic {
  std::uint64_t seed = 0;
  std::uint64_t frames = 0;
  std::uint64_t frames_lost = 0;
  std::uint64_t logins = 0;
  std::uint64_t published_digest = 0;  // of the feed and of everything said to accounts
  std::uint64_t snapshots = 0;
  std::uint64_t rerequests = 0;
  std::uint64_t rerequests_answered = 0;
  double seconds = 0;
  std::string session;
  std::string scenario;  // empty: none, and nothing below is told
  std::uint32_t crashes = 0;
  std::vector<LineTraffic> lines;          // with which something was wrong
  const RecordedFlow* recorded = nullptr;  // whose orders they were, if anybody's
};

// Totals over all accounts at the top, each account under its user name.
[[nodiscard]] std::string summary_json(const Exchange& exchange, const Traffic& traffic);

// Where clients and readers find the exchange.
struct Meeting {
  std::uint16_t order_port = 0;
  std::string order_address;
  std::string session;
  std::vector<std::string> groups = {};  // address:port of every line
  std::vector<std::uint16_t> order_ports = {};
  // 0: there is none.
  std::uint16_t glimpse_port = 0;
  std::uint16_t rerequest_port = 0;
  std::uint16_t drop_copy_port = 0;
};

// For whoever started the process: where to connect, as whom, and what trades.
[[nodiscard]] std::string ready_json(const Exchange& exchange, const Meeting& meeting);

// Written beside and renamed, so that whoever waits for the file sees it whole. Throws base::Error.
void write_whole(const std::string& path, const std::string& text);

}  // namespace ridley::venue
