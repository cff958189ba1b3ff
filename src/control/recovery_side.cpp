// SPDX-License-Identifier: Apache-2.0
#include "control/recovery_side.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/error.hpp"

namespace ridley::control {
namespace {

constexpr std::uint64_t kMillisecondNs = 1'000'000;

engine::Server server_of(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::uint16_t port = 0;
  if (colon != std::string_view::npos)
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  if (colon == std::string_view::npos || colon == 0 || port == 0)
    throw base::Error::with_exit(EX_CONFIG, "'", std::string{text}, "' is not host:port");
  return {.host = std::string{text.substr(0, colon)}, .port = port};
}

event::Symbol padded(std::string_view symbol) {
  event::Symbol padded;
  padded.fill(' ');
  std::copy_n(symbol.begin(), std::min(symbol.size(), padded.size()), padded.begin());
  return padded;
}

}  // namespace

bool recovers(const Config& config) {
  return !config.recovery.rerequest.empty() || !config.recovery.glimpse.empty();
}

engine::RecoverySettings recovery_settings(const Config& config) {
  const RecoveryConfig& own = config.recovery;
  engine::RecoverySettings settings;
  for (const std::string& server : own.rerequest) settings.rerequest.push_back(server_of(server));
  settings.asking.timeout_ns = own.timeout_ms * kMillisecondNs;
  settings.asking.tries_max = own.tries;
  if (!own.glimpse.empty()) settings.glimpse = server_of(own.glimpse);
  const bool named = !own.username.empty();
  settings.login.username = named ? own.username : config.order.username;
  settings.login.password = named ? own.password : config.order.password;
  // Every symbol that has limits of its own is known by its symbol.
  for (const std::string& symbol : config.strategy.symbols)
    settings.symbols.push_back(padded(symbol));
  for (const std::string& symbol : config.risk.restricted)
    settings.symbols.push_back(padded(symbol));
  for (const InstrumentLimits& limits : config.risk.instruments)
    settings.symbols.push_back(padded(limits.symbol));
  return settings;
}

RecoverySide::RecoverySide(const Config& config, engine::RecoveryLink& link,
                           telemetry::CounterPage& page)
    : sockets_{recovery_settings(config)}, recovery_{link, sockets_, recovery_settings(config)} {
  for (const std::string& server : config.recovery.rerequest) servers_.push_back({.name = server});
  page.begin_group();
  const engine::RecoveryCounters& counters = recovery_.counters();
  const auto show = [&](const std::string& name, const std::atomic<std::uint64_t>& counter) {
    shown_.push_back({.counter = &counter, .gauge = page.gauge("recovery." + name)});
  };
  for (std::size_t i = 0; i < counters.servers.size(); ++i) {
    const std::string server = std::to_string(i);
    show(server + ".requests", counters.servers[i].requests);
    show(server + ".answers", counters.servers[i].answers);
    show(server + ".timeouts", counters.servers[i].timeouts);
  }
  show("useless", counters.useless);
  show("exhausted", counters.exhausted);
  show("snapshots", counters.snapshots);
  show("snapshots_failed", counters.snapshots_failed);
  show("snapshot_messages", counters.snapshot_messages);
  show("snapshot_state", counters.snapshot_state);
  show("snapshot_failure", counters.snapshot_failure);
}

void RecoverySide::start() {
  thread_ = std::thread{[this] { recovery_.run(); }};
}

void RecoverySide::stop() {
  recovery_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void RecoverySide::publish() {
  for (Shown& shown : shown_)
    shown.gauge.set(static_cast<std::int64_t>(shown.counter->load(std::memory_order_relaxed)));
}

std::vector<std::string> RecoverySide::look() {
  const engine::RecoveryCounters& counters = recovery_.counters();
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    Server& server = servers_[i];
    const bool answered = counters.servers[i].answers.load() != server.answers;
    const bool timed_out = counters.servers[i].timeouts.load() != server.timeouts;
    server.answers = counters.servers[i].answers.load();
    server.timeouts = counters.servers[i].timeouts.load();
    if (answered && server.silent)
      sentences.push_back("re-request server " + server.name + " answers again");
    if (timed_out && !answered && !server.silent)
      sentences.push_back("re-request server " + server.name + " does not answer");
    server.silent = !answered && (server.silent || timed_out);
  }
  if (const std::uint64_t failed = counters.snapshots_failed.load(); failed != failures_) {
    failures_ = failed;
    const auto why = static_cast<engine::SnapshotFailure>(counters.snapshot_failure.load());
    sentences.push_back("a snapshot came to nothing: " + std::string{engine::name_of(why)});
  }
  if (const std::uint64_t taken = counters.snapshots.load(); taken != snapshots_) {
    snapshots_ = taken;
    sentences.emplace_back("the books are those of a snapshot");
  }
  return sentences;
}

}  // namespace ridley::control
