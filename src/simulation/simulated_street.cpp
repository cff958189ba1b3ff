// SPDX-License-Identifier: Apache-2.0
#include "simulation/simulated_street.hpp"

#include <algorithm>

#include "nic/udp_frame.hpp"
#include "venue/instruments.hpp"

namespace ridley::simulation {
namespace {

// The hot core turns at least that often, for its timers.
constexpr std::uint64_t kIdleTurnNs = engine::kTimerNs;
// The session thread looks for heartbeats and silence that often.
constexpr std::uint64_t kSessionPollNs = 5 * kMillisecondNs;
// The recovery core looks at its rings that often while something is missing, and else in between.
constexpr std::uint64_t kRecoveryBusyNs = 100 * kMicrosecondNs;
constexpr std::uint64_t kRecoveryIdleNs = kMillisecondNs;
constexpr std::uint64_t kAnswerTimeoutNs = 4 * kMillisecondNs;
constexpr std::uint64_t kSnapshotTimeoutNs = 100 * kMillisecondNs;
constexpr std::uint64_t kSnapshotBackoffNs = 20 * kMillisecondNs;
// Messages of the exchange that one turn may find waiting.
constexpr std::size_t kMessagesATurn = 8;

order::SoupClientSettings client_settings(const StreetOptions& options) {
  order::SoupClientSettings settings;
  settings.username = kUser;
  settings.password = kPassword;
  settings.dead_peer_ns = options.dead_peer_ns;
  return settings;
}

// As a frame's MoldUDP64 header names it; nothing when the frame is too short to say.
std::string_view session_of(std::span<const std::byte> frame) noexcept {
  constexpr std::size_t kPayloadAt = nic::udp_payload_at({});
  constexpr std::size_t kNameBytes = 10;
  if (frame.size() < kPayloadAt + kNameBytes) return {};
  return {reinterpret_cast<const char*>(frame.data()) + kPayloadAt, kNameBytes};
}

// Names of servers are for sockets; here they only count.
engine::RecoverySettings recovery_settings(const StreetOptions& options) {
  engine::RecoverySettings settings;
  if (options.asks_again) settings.rerequest.resize(kRerequestServers);
  if (options.takes_snapshots) settings.glimpse.emplace();
  settings.asking.timeout_ns = kAnswerTimeoutNs;
  settings.login.username = kUser;
  settings.login.password = kPassword;
  settings.login.dead_peer_ns = options.dead_peer_ns;
  for (const std::string& symbol : traded_symbols(options)) {
    event::Symbol& padded = settings.symbols.emplace_back();
    padded.fill(' ');
    std::copy_n(symbol.begin(), std::min(symbol.size(), padded.size()), padded.begin());
  }
  settings.connect_timeout_ns = kSnapshotTimeoutNs;
  settings.snapshot_timeout_ns = kSnapshotTimeoutNs;
  settings.backoff_first_ns = kSnapshotBackoffNs;
  settings.backoff_max_ns = 4 * kSnapshotBackoffNs;
  return settings;
}

ApplianceSettings appliance_settings(const StreetOptions& options, RepairServers& repairs) {
  const bool recovers = options.asks_again || options.takes_snapshots;
  return {.traded = traded_symbols(options),
          .session_policy = options.session_policy,
          .limits = options.limits,
          .lines = options.market.lines,
          .held_packets = options.held_packets,
          .hold_ns = options.hold_ns,
          .recovery = recovery_settings(options),
          .repairs = recovers ? &repairs : nullptr};
}

}  // namespace

std::vector<std::string> traded_symbols(const StreetOptions& options) {
  const venue::Instruments instruments{options.market.instruments};
  std::vector<std::string> symbols;
  for (std::uint16_t locate = 1; locate <= options.traded; ++locate)
    symbols.emplace_back(instruments.symbol(locate));
  return symbols;
}

SimulatedStreet::SimulatedStreet(const StreetOptions& options, const strategy::Loaded& strategy,
                                 Watch watch)
    : options_{options},
      watch_{std::move(watch)},
      market_{options.market,
              [this](std::span<const std::byte> frame) {
                if (elapsed_ns() >= options_.start_ns)
                  frames_.emplace_back(frame.begin(), frame.end());
              }},
      appliance_{appliance_settings(options, market_.repairs()), strategy, now_ns_},
      session_{client_settings(options)} {}

void SimulatedStreet::run_until(std::uint64_t elapsed_ns) {
  const std::uint64_t until_ns = kStartNs + elapsed_ns;
  while (now_ns_ < until_ns) step(until_ns);
}

std::uint64_t SimulatedStreet::next_ns() const noexcept {
  std::uint64_t next_ns =
      std::min({market_.next_ns(), next_session_poll_ns_, next_poll_ns_, next_recovery_ns_});
  if (!session_.is_connected()) next_ns = std::min(next_ns, connect_ns_);
  const Plan& plan = options_.market.plan;
  if (next_deed_ < plan.size()) next_ns = std::min(next_ns, kStartNs + plan[next_deed_].at_ns);
  return std::max(next_ns, now_ns_ + 1);
}

void SimulatedStreet::step(std::uint64_t until_ns) {
  now_ns_ = std::min(next_ns(), until_ns);
  market_.advance(now_ns_);
  do_due_deeds();
  connect_if_due();
  move_order_bytes();
  poll_session();
  move_frames();
  tell_messages();
  recover();
  if (is_poll_due()) turn();
}

void SimulatedStreet::recover() {
  if (now_ns_ < next_recovery_ns_) return;
  const engine::Recovery* recovery = appliance_.recovery();
  if (recovery == nullptr) {
    next_recovery_ns_ = kNeverNs;
    return;
  }
  appliance_.recover();
  const bool busy =
      appliance_.rooms().books.all_stale() || recovery->state() != engine::SnapshotState::None;
  next_recovery_ns_ = now_ns_ + (busy ? kRecoveryBusyNs : kRecoveryIdleNs);
}

void SimulatedStreet::do_due_deeds() {
  const Plan& plan = options_.market.plan;
  for (; next_deed_ < plan.size() && plan[next_deed_].at_ns <= elapsed_ns(); ++next_deed_)
    if (!is_staged(plan[next_deed_].deed)) do_deed(plan[next_deed_]);
}

void SimulatedStreet::connect_if_due() {
  if (session_.is_connected() || now_ns_ < connect_ns_) return;
  connect_ns_ = now_ns_ + options_.reconnect_ns;
  if (market_.connect(now_ns_)) session_.connected(now_ns_);
}

void SimulatedStreet::move_order_bytes() {
  if (!session_.is_connected()) return;
  const std::size_t taken = std::min(market_.room(), session_.output().size());
  if (taken > 0) {
    market_.receive(session_.output().first(taken), now_ns_);
    session_.sent(taken);
  }
  const std::vector<std::byte> arrived = market_.take_output(now_ns_);
  if (!arrived.empty()) session_.receive(arrived, now_ns_);
  if (market_.hung_up() || !session_.is_connected()) lose_connection();
}

void SimulatedStreet::poll_session() {
  if (now_ns_ < next_session_poll_ns_) return;
  next_session_poll_ns_ = now_ns_ + kSessionPollNs;
  const bool connected = session_.is_connected();
  session_.poll(now_ns_);
  if (connected && !session_.is_connected()) lose_connection();
}

void SimulatedStreet::lose_connection() {
  if (session_.is_connected()) session_.disconnected();
  market_.disconnect();
  connect_ns_ = std::max(connect_ns_, now_ns_ + options_.reconnect_ns);
}

void SimulatedStreet::break_order_connection(std::uint64_t for_ns) {
  lose_connection();
  connect_ns_ = std::max(connect_ns_, now_ns_ + for_ns);
}

// The session's own news come alone; the exchange's messages come in small crowds.
void SimulatedStreet::tell_messages() {
  std::deque<order::Inbound>& messages = session_.messages();
  while (!messages.empty()) {
    for (std::size_t i = 0; i < kMessagesATurn && !messages.empty(); ++i) {
      const bool alone = messages.front().kind != order::InboundKind::Message;
      if (alone && i > 0) break;
      appliance_.tell(messages.front());
      messages.pop_front();
      if (alone) break;
    }
    turn();
  }
}

void SimulatedStreet::move_frames() {
  if (options_.poll_every_ns != 0 && !is_poll_due()) return;
  for (; !frames_.empty(); frames_.pop_front()) receive_frame(frames_.front());
}

// What another session begins with changes too much to be watched together with anything else.
void SimulatedStreet::receive_frame(std::span<const std::byte> frame) {
  const std::string_view session = session_of(frame);
  const bool news = session != session_heard_;
  if (news && appliance_.frames_waiting() > 0) turn();
  session_heard_ = session;
  appliance_.receive(frame);
  const bool full = appliance_.frames_waiting() >= nic::kBurstFramesMax;
  if (options_.poll_every_ns == 0 || full || news) turn();
}

void SimulatedStreet::turn(const event::Command* command) {
  const std::uint64_t every_ns =
      options_.poll_every_ns == 0 ? kIdleTurnNs : std::min(options_.poll_every_ns, kIdleTurnNs);
  next_poll_ns_ = now_ns_ + every_ns;
  const Turn& turn = appliance_.turn(command);
  done_command_ = turn.command_done;
  for (const order::Outbound& packet : turn.packets) session_.send(packet, now_ns_);
  if (watch_) watch_(turn);
}

bool SimulatedStreet::command(const event::Command& command) {
  turn(&command);
  return done_command_;
}

bool SimulatedStreet::orders_are_quiet() const noexcept {
  return session_.is_connected() && session_.is_idle() && appliance_.rooms().orders.ready() &&
         market_.is_quiet() && session_.next_sequence() == market_.stream().next_sequence();
}

}  // namespace ridley::simulation
