// SPDX-License-Identifier: Apache-2.0
#include "control/drop_copy_side.hpp"

namespace ridley::control {
namespace {

// The session thread waits when the ring is full, and so does the exchange then.
constexpr std::size_t kInboundSlots = 4'096;
constexpr std::size_t kOutboundSlots = 1;
constexpr std::uint64_t kMillisecondNs = 1'000'000;
// It need not be quick: the limits of matching are milliseconds.
constexpr std::uint32_t kIdleUs = 1'000;

order::TcpSessionSettings session_of(const DropCopyConfig& config,
                                     const std::optional<order::StreamPlace>& found) {
  order::TcpSessionSettings settings;
  settings.host = config.host;
  settings.port = config.port;
  settings.idle_us = kIdleUs;
  settings.soup.username = config.username;
  settings.soup.password = config.password;
  settings.soup.next_sequence = 0;
  if (found) settings.resume(*found);
  return settings;
}

}  // namespace

DropCopySide::DropCopySide(const Config& config, const std::optional<order::TokenPrefix>& prefix,
                           telemetry::CounterPage& page)
    : file_{config.drop_copy_path()},
      check_{config.order.username,
             prefix,
             {.match_within_ns = config.drop_copy.match_within_ms * kMillisecondNs,
              .kill_after_ns = config.drop_copy.kill_after_ms * kMillisecondNs}},
      nothing_{kOutboundSlots},
      inbound_{kInboundSlots},
      session_{session_of(config.drop_copy, file_.found()), nothing_, inbound_, nullptr, &file_} {
  page.begin_group();
  gauges_ = {.connected = page.gauge("drop_copy.connected"),
             .matched = page.gauge("drop_copy.matched"),
             .unmatched = page.gauge("drop_copy.unmatched"),
             .alerts = page.gauge("drop_copy.alerts"),
             .others = page.gauge("drop_copy.of_others"),
             .malformed = page.gauge("drop_copy.malformed")};
}

void DropCopySide::start() {
  thread_ = std::thread{[this] { session_.run(); }};
}

void DropCopySide::stop() {
  session_.request_stop();
  if (thread_.joinable()) thread_.join();
}

DropCopySide::Look DropCopySide::look(std::uint64_t now_ns) {
  for (order::Inbound slot; inbound_.pop(slot);) check_.take(slot, now_ns);
  Look look = check_.look(now_ns);
  publish();
  return look;
}

void DropCopySide::publish() {
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  const ExecutionMatch& match = check_.match();
  gauges_.connected.set(check_.connected() ? 1 : 0);
  gauges_.matched.set(number(match.counters().matched));
  gauges_.unmatched.set(number(match.unmatched()));
  gauges_.alerts.set(number(match.counters().alerts));
  gauges_.others.set(number(check_.of_others()));
  gauges_.malformed.set(number(check_.malformed()));
}

}  // namespace ridley::control
