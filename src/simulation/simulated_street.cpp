// SPDX-License-Identifier: Apache-2.0
#include "simulation/simulated_street.hpp"

#include <algorithm>
#include <utility>

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

SessionLinkSettings link_settings(const StreetOptions& options, Port port,
                                  const ScratchFile& place) {
  SessionLinkSettings settings;
  settings.port = port;
  settings.login.username = port == Port::Orders ? kUser : kCopyUser;
  settings.login.password = kPassword;
  settings.login.dead_peer_ns = options.dead_peer_ns;
  settings.reconnect_ns = options.reconnect_ns;
  settings.place = place.path();
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
          .cancel_on_disconnect = options.market.cancel_on_disconnect,
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
                if (is_running()) frames_.emplace_back(frame.begin(), frame.end());
              }},
      next_strategy_{[&strategy]() -> const strategy::Loaded& { return strategy; }},
      start_ns_{kStartNs + options.start_ns} {
  if (options.start_ns == 0) start_process();
}

void SimulatedStreet::start_process() {
  FirmProcessSettings settings{
      .appliance = appliance_settings(options_, market_.repairs()),
      .orders = link_settings(options_, Port::Orders, order_place_),
      .drop_copy = {},
      .matching = options_.matching,
  };
  if (options_.reads_drop_copy)
    settings.drop_copy = link_settings(options_, Port::DropCopy, copy_place_);
  process_.emplace(settings, next_strategy_(), market_, now_ns_);
  ++processes_;
  next_poll_ns_ = next_session_poll_ns_ = next_recovery_ns_ = now_ns_;
  session_heard_.clear();
}

void SimulatedStreet::end_process(std::uint64_t for_ns) {
  if (!is_running()) return;
  process_.reset();
  market_.disconnect(Port::Orders);
  market_.disconnect(Port::DropCopy);
  market_.repairs().close();
  frames_.clear();
  copies_.clear();
  start_ns_ = now_ns_ + for_ns;
}

void SimulatedStreet::run_until(std::uint64_t elapsed_ns) {
  const std::uint64_t until_ns = kStartNs + elapsed_ns;
  while (now_ns_ < until_ns) step(until_ns);
}

std::uint64_t SimulatedStreet::next_ns() const noexcept {
  std::uint64_t next_ns = market_.next_ns();
  if (is_running()) {
    next_ns = std::min({next_ns, next_session_poll_ns_, next_poll_ns_, next_recovery_ns_,
                        process_->orders.next_ns()});
    if (process_->drop_copy) next_ns = std::min(next_ns, process_->drop_copy->next_ns());
  } else {
    next_ns = std::min(next_ns, start_ns_);
  }
  const Plan& plan = options_.market.plan;
  if (next_deed_ < plan.size()) next_ns = std::min(next_ns, kStartNs + plan[next_deed_].at_ns);
  return std::max(next_ns, now_ns_ + 1);
}

void SimulatedStreet::step(std::uint64_t until_ns) {
  now_ns_ = std::min(next_ns(), until_ns);
  market_.advance(now_ns_);
  do_due_deeds();
  if (!is_running() && now_ns_ >= start_ns_) start_process();
  if (is_running()) step_process();
}

void SimulatedStreet::step_process() {
  process_->orders.move(now_ns_);
  if (process_->drop_copy) process_->drop_copy->move(now_ns_);
  poll_sessions();
  move_frames();
  tell_messages();
  process_->orders.keep_place();
  recover();
  if (is_poll_due()) turn();
}

void SimulatedStreet::recover() {
  if (now_ns_ < next_recovery_ns_) return;
  const engine::Recovery* recovery = process_->appliance.recovery();
  if (recovery == nullptr) {
    next_recovery_ns_ = kNeverNs;
    return;
  }
  process_->appliance.recover();
  const bool busy = process_->appliance.rooms().books.all_stale() ||
                    recovery->state() != engine::SnapshotState::None;
  next_recovery_ns_ = now_ns_ + (busy ? kRecoveryBusyNs : kRecoveryIdleNs);
}

void SimulatedStreet::do_due_deeds() {
  const Plan& plan = options_.market.plan;
  for (; next_deed_ < plan.size() && plan[next_deed_].at_ns <= elapsed_ns(); ++next_deed_)
    if (!is_staged(plan[next_deed_].deed)) do_deed(plan[next_deed_]);
}

void SimulatedStreet::poll_sessions() {
  if (now_ns_ < next_session_poll_ns_) return;
  next_session_poll_ns_ = now_ns_ + kSessionPollNs;
  process_->orders.poll(now_ns_);
  if (process_->drop_copy) read_drop_copy();
}

// As the control core does, now and then.
void SimulatedStreet::read_drop_copy() {
  SessionLink& link = *process_->drop_copy;
  link.poll(now_ns_);
  if (now_ns_ >= copy_slow_until_ns_) {
    copy_slow_until_ns_ = kNeverNs;
    if (auto* const connection = market_.connection(Port::DropCopy))
      connection->impair_down({}, now_ns_);
  }
  for (order::Inbound message; link.heard().pop(message);) {
    process_->check.take(message, now_ns_);
    if (message.kind == order::InboundKind::Message) copies_.push_back(message);
  }
  link.keep_place();
  if (!process_->check.look(now_ns_).kill) return;
  event::Command kill{};
  kill.kind = event::CommandKind::Kill;
  killed_by_copy_ = true;
  (void)command(kill);
}

void SimulatedStreet::break_order_connection(std::uint64_t for_ns) {
  process_->orders.lose(now_ns_, now_ns_ + for_ns);
}

// The session's own news come alone; the exchange's messages come in small crowds.
void SimulatedStreet::tell_messages() {
  base::SpscRing<order::Inbound>& heard = process_->orders.heard();
  while (heard.front() != nullptr) {
    for (std::size_t i = 0; i < kMessagesATurn; ++i) {
      const order::Inbound* const message = heard.front();
      if (message == nullptr) break;
      const bool alone = message->kind != order::InboundKind::Message;
      if (alone && i > 0) break;
      process_->appliance.tell(*message);
      heard.drop_front();
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
  if (news && process_->appliance.frames_waiting() > 0) turn();
  session_heard_ = session;
  process_->appliance.receive(frame);
  const bool full = process_->appliance.frames_waiting() >= nic::kBurstFramesMax;
  if (options_.poll_every_ns == 0 || full || news) turn();
}

void SimulatedStreet::turn(const event::Command* command) {
  const std::uint64_t every_ns =
      options_.poll_every_ns == 0 ? kIdleTurnNs : std::min(options_.poll_every_ns, kIdleTurnNs);
  next_poll_ns_ = now_ns_ + every_ns;
  Turn turn = process_->appliance.turn(command);
  turn.process = processes_;
  turn.killed_by_copy = std::exchange(killed_by_copy_, false);
  turn.copies = copies_;
  done_command_ = turn.command_done;
  for (const order::Outbound& packet : turn.packets) process_->orders.send(packet, now_ns_);
  if (process_->drop_copy)
    for (const event::OrderEvent& event : turn.order_events) process_->check.own(event, now_ns_);
  if (watch_) watch_(turn);
  copies_.clear();
}

bool SimulatedStreet::command(const event::Command& command) {
  if (!is_running()) return false;
  turn(&command);
  return done_command_;
}

bool SimulatedStreet::orders_are_quiet() const noexcept {
  if (!is_running()) return false;
  const SessionLink& orders = process_->orders;
  return orders.is_connected() && orders.is_idle() &&
         process_->appliance.rooms().orders.reconciled() && market_.is_quiet() &&
         orders.next_sequence() == market_.stream().next_sequence();
}

}  // namespace ridley::simulation
