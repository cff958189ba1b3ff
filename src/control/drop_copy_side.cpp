// SPDX-License-Identifier: Apache-2.0
#include "control/drop_copy_side.hpp"

#include <fmt/format.h>

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

std::string sentence_of(const ExecutionMatch::Alert& alert) {
  const std::string what = fmt::format("match {}, order {}, {} shares at {}.{:04}",
                                       alert.key.match_number, alert.key.user_ref, alert.quantity,
                                       alert.price_e4 / 10'000, alert.price_e4 % 10'000);
  switch (alert.mismatch) {
    case Mismatch::NotOurs: return "the drop copy has an execution that we do not know: " + what;
    case Mismatch::NotCopied: return "the drop copy lacks an execution of ours: " + what;
    case Mismatch::Different: return "the drop copy says otherwise of an execution: " + what;
    case Mismatch::TooMany: return "the drop copy and we have too many executions unmatched";
  }
  return what;
}

}  // namespace

DropCopySide::DropCopySide(const Config& config, const std::optional<order::TokenPrefix>& prefix,
                           telemetry::CounterPage& page)
    : account_{config.order.username},
      file_{config.drop_copy_path()},
      reader_{prefix},
      match_{{.match_within_ns = config.drop_copy.match_within_ms * kMillisecondNs,
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
  Look look;
  for (order::Inbound slot; inbound_.pop(slot);) take(slot, now_ns, look);
  for (const ExecutionMatch::Alert& alert : match_.look(now_ns))
    look.alerts.push_back(sentence_of(alert));
  const bool wanted = match_.wants_kill(now_ns);
  look.kill = wanted && !killed_;
  killed_ = wanted;
  publish();
  return look;
}

void DropCopySide::take(const order::Inbound& slot, std::uint64_t now_ns, Look& look) {
  switch (slot.kind) {
    case order::InboundKind::Message: {
      const auto execution = reader_.read(slot.message());
      if (!execution) return;
      if (order::same_name(execution->account, account_)) return match_.copied(*execution, now_ns);
      ++others_;
      return;
    }
    case order::InboundKind::LoggedIn: connected_ = true; break;
    case order::InboundKind::Disconnected:
    case order::InboundKind::EndOfSession:
      if (connected_) look.alerts.emplace_back("the drop copy's connection is lost");
      connected_ = false;
      break;
    case order::InboundKind::Quiet:
    case order::InboundKind::None: return;
  }
  match_.connected(connected_, now_ns);
}

void DropCopySide::publish() {
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  gauges_.connected.set(connected_ ? 1 : 0);
  gauges_.matched.set(number(match_.counters().matched));
  gauges_.unmatched.set(number(match_.unmatched()));
  gauges_.alerts.set(number(match_.counters().alerts));
  gauges_.others.set(number(others_));
  gauges_.malformed.set(number(reader_.malformed()));
}

}  // namespace ridley::control
