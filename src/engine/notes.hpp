// SPDX-License-Identifier: Apache-2.0
// What the hot core writes down for the operator to read afterwards: a note's number and its
// sentence. Few and seldom: what happens with every message is counted instead. Hot core.
#pragma once

#include <array>
#include <cstdint>

#include "telemetry/hot_log.hpp"

namespace ridley::engine {

enum class Note : std::uint8_t {
  FeedGap,
  FeedSession,
  FeedSilent,
  FeedHeardAgain,
  ShortMessage,
  BookInDoubt,
  GateRefused,
  OrderNotSent,
  OrdersDisagree,
  ConnectionUp,
  ConnectionLost,
  CommandTaken,
  CardDrives,
  CardRefused,
  FeedBehind,
  FeedWhole,
  FeedRecovered,
  InstrumentInDoubt,
  InstrumentTrusted,
};

namespace notes {
using std::uint32_t;
using std::uint64_t;
using telemetry::log_format;
using telemetry::LogPrice;
using telemetry::Severity;

// In the order of Note.
inline constexpr std::array kFormats{
    log_format<uint64_t, uint64_t>(Severity::Warning,
                                   "feed: {} messages missing before {}; every book is stale"),
    log_format<uint64_t>(Severity::Warning, "feed: another session from message {} on; disarmed"),
    log_format<uint64_t>(Severity::Warning, "feed: nothing heard for {} ns; orders withdrawn"),
    log_format<>(Severity::Notice, "feed: heard"),
    log_format<uint64_t>(Severity::Alarm,
                         "feed: message {} is shorter than its type; every book is stale"),
    log_format<uint32_t, uint32_t>(Severity::Warning,
                                   "book: instrument {} is in doubt, outcome {}"),
    log_format<uint32_t, uint32_t, uint32_t, LogPrice, std::int64_t, std::int64_t>(
        Severity::Notice,
        "gate: control {} refuses instrument {}, {} shares at {}: limit {}, observed {}"),
    log_format<uint32_t, uint32_t, uint32_t>(
        Severity::Warning,
        "order: an approved order of instrument {}, {} shares, did not leave: "
        "reason {}"),
    log_format<uint64_t>(
        Severity::Alarm,
        "order: the exchange and we disagree about an order, {} times by now; killed"),
    log_format<uint32_t>(Severity::Notice, "order: connection {} is up"),
    log_format<uint32_t>(Severity::Warning, "order: the connection is down, cause {}; disarmed"),
    log_format<uint32_t, uint32_t, uint32_t, std::int64_t, bool>(
        Severity::Notice, "command: kind {}, scope {}, instrument {}, value {}: taken {}"),
    log_format<uint64_t>(Severity::Notice,
                         "card: its events are used from here on, after {} equal ones"),
    log_format<uint32_t>(Severity::Alarm, "card: not used any more, cause {}"),
    log_format<uint64_t, uint64_t>(
        Severity::Warning, "feed: messages {} to {} are missing; nothing trades without them"),
    log_format<uint64_t>(Severity::Notice, "feed: everything before message {} is here"),
    log_format<uint64_t>(Severity::Notice, "feed: books from a snapshot, whole up to message {}"),
    log_format<uint32_t, uint32_t>(
        Severity::Warning,
        "order: instrument {} is in doubt, causes {}; no new order leaves for it"),
    log_format<uint32_t>(Severity::Notice, "order: instrument {} is in doubt no more"),
};
static_assert(kFormats.size() == static_cast<std::size_t>(Note::InstrumentTrusted) + 1);
}  // namespace notes

using HotLog = telemetry::HotLogOf<notes::kFormats>;

}  // namespace ridley::engine
