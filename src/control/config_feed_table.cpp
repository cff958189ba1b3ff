// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: the settings of [feed] and [recovery]. Cold.
#include "control/config_bounds.hpp"
#include "control/config_table.hpp"
#include "feed/lines.hpp"

namespace ridley::control {
namespace {

const std::vector<ConfigSetting> kFeedSettings{
    {{.table = "feed",
      .key = "port",
      .need = Need::Required,
      .range = {1, kTextMax},
      .example = R"("net_pcap0,rx_pcap=morning.pcap")",
      .purpose = "Port that the market data arrives on, as the nic room names ports."},
     [](Config& config) -> Slot { return &config.feed.port; }},
    {{.table = "feed",
      .key = "groups",
      .need = Need::Required,
      .range = {1, feed::kFeedLinesMax},
      .form = Form::Multicast,
      .example = R"([{ group = "233.54.12.111", port = 26477 }])",
      .purpose =
          "Lines of the feed, A first: each brings the same messages, as a group address and "
          "a UDP port."},
     [](Config& config) -> Slot { return &config.feed.groups; }},
    {{.table = "feed",
      .key = "session_policy",
      .choices = {"follow", "refuse"},
      .purpose = "On another session: \"follow\" empties the books and reads it, \"refuse\" lets "
                 "nothing trade."},
     [](Config& config) -> Slot { return choice(config.feed.session_policy); }},
    {{.table = "feed",
      .key = "verify_udp_checksum",
      .purpose = "Whether datagrams with a wrong UDP checksum are dropped."},
     [](Config& config) -> Slot { return &config.feed.verify_udp_checksum; }},
    {{.table = "feed",
      .key = "first_sequence",
      .range = {0, kSequenceMax},
      .purpose = "Sequence number of the session's first packet; 0 takes the one that comes."},
     [](Config& config) -> Slot { return &config.feed.first_sequence; }},
    {{.table = "feed",
      .key = "hold_ms",
      .range = {1, 10'000},
      .purpose = "How long a missing message may still come; then it is lost and no book is "
                 "believed."},
     [](Config& config) -> Slot { return &config.feed.hold_ms; }},
    {{.table = "feed",
      .key = "hold_packets",
      .range = {0, kHeldPacketsMax},
      .purpose = "Packets that are held meanwhile, 1.5 KB each; 0: what is missing is lost at "
                 "once."},
     [](Config& config) -> Slot { return &config.feed.hold_packets; }},
    {{.table = "recovery",
      .key = "rerequest",
      .range = {0, kServersMax},
      .form = Form::Endpoint,
      .example = R"([])",
      .purpose = "Re-request servers of the feed, \"host:port\", asked in turn."},
     [](Config& config) -> Slot { return &config.recovery.rerequest; }},
    {{.table = "recovery",
      .key = "timeout_ms",
      .range = {1, kMillisecondsMax},
      .purpose = "How long a request waits for its answer before the next server is asked."},
     [](Config& config) -> Slot { return &config.recovery.timeout_ms; }},
    {{.table = "recovery",
      .key = "tries",
      .range = {1, 1'000},
      .purpose = "Requests for one message, over all servers; behind them it is lost."},
     [](Config& config) -> Slot { return &config.recovery.tries; }},
    {{.table = "recovery",
      .key = "glimpse",
      .range = {0, kTextMax},
      .form = Form::Endpoint,
      .example = R"("")",
      .purpose = "GLIMPSE server, \"host:port\": its snapshot makes up for what is lost; empty: "
                 "books stay stale."},
     [](Config& config) -> Slot { return &config.recovery.glimpse; }},
    {{.table = "recovery",
      .key = "username",
      .range = {0, 6},
      .form = Form::Alphanumeric,
      .purpose = "User name of the snapshot's session; empty: that of the order session, and its "
                 "password."},
     [](Config& config) -> Slot { return &config.recovery.username; }},
    {{.table = "recovery",
      .key = "password",
      .range = {0, 10},
      .form = Form::Secret,
      .purpose = "Password of the snapshot's session."},
     [](Config& config) -> Slot { return &config.recovery.password; }},
};

}  // namespace

std::span<const ConfigSetting> feed_settings() { return kFeedSettings; }

}  // namespace ridley::control
