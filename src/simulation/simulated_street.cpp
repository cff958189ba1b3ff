// SPDX-License-Identifier: Apache-2.0
#include "simulation/simulated_street.hpp"

#include <algorithm>

#include "venue/instruments.hpp"

namespace ridley::simulation {
namespace {

// The hot core turns at least that often, for its timers.
constexpr std::uint64_t kIdleTurnNs = engine::kTimerNs;
// The session thread looks for heartbeats and silence that often.
constexpr std::uint64_t kSessionPollNs = 5 * kMillisecondNs;
// Messages of the exchange that one turn may find waiting.
constexpr std::size_t kMessagesATurn = 8;

order::SoupClientSettings client_settings(const MarketSettings& market) {
  order::SoupClientSettings settings;
  settings.username = kUser;
  settings.password = kPassword;
  settings.heartbeat_ns = market.heartbeat_ns;
  settings.dead_peer_ns = market.dead_peer_ns;
  return settings;
}

ApplianceSettings appliance_settings(const StreetOptions& options) {
  return {.traded = traded_symbols(options),
          .session_policy = options.session_policy,
          .limits = options.limits};
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
      appliance_{appliance_settings(options), strategy, now_ns_},
      session_{client_settings(options.market)},
      to_exchange_{options.order_latency_ns},
      to_firm_{options.order_latency_ns},
      feed_path_{options.feed_latency_ns},
      market_{options.market,
              [this](std::span<const std::byte> frame) { feed_path_.send(frame, now_ns_); }} {}

void SimulatedStreet::run_until(std::uint64_t elapsed_ns) {
  const std::uint64_t until_ns = kStartNs + elapsed_ns;
  while (now_ns_ < until_ns) step(until_ns);
}

std::uint64_t SimulatedStreet::next_ns() const noexcept {
  std::uint64_t next_ns = std::min({market_.next_ns(), to_exchange_.next_ns(), to_firm_.next_ns(),
                                    next_session_poll_ns_, next_poll_ns_});
  if (options_.poll_every_ns == 0) next_ns = std::min(next_ns, feed_path_.next_ns());
  if (options_.reconnects && !session_.is_connected()) next_ns = std::min(next_ns, connect_ns_);
  return std::max(next_ns, now_ns_ + 1);
}

void SimulatedStreet::step(std::uint64_t until_ns) {
  now_ns_ = std::min(next_ns(), until_ns);
  if (now_ns_ >= market_.next_ns()) market_.advance(now_ns_);
  connect_if_due();
  move_order_bytes();
  poll_session();
  move_frames();
  tell_messages();
  if (is_poll_due()) turn();
}

void SimulatedStreet::connect_if_due() {
  if (!options_.reconnects || session_.is_connected() || now_ns_ < connect_ns_) return;
  connect_ns_ = now_ns_ + options_.reconnect_ns;
  if (market_.connect(now_ns_)) session_.connected(now_ns_);
}

void SimulatedStreet::move_order_bytes() {
  if (!session_.is_connected()) return;
  to_exchange_.send(session_.take_output(), now_ns_);
  if (to_exchange_.next_ns() <= now_ns_) market_.receive(to_exchange_.take(now_ns_), now_ns_);
  to_firm_.send(market_.take_output(), now_ns_);
  if (to_firm_.next_ns() <= now_ns_) session_.receive(to_firm_.take(now_ns_), now_ns_);
  if (market_.hung_up() || !session_.is_connected()) lose_connection(0);
}

void SimulatedStreet::poll_session() {
  if (now_ns_ < next_session_poll_ns_) return;
  next_session_poll_ns_ = now_ns_ + kSessionPollNs;
  const bool connected = session_.is_connected();
  session_.poll(now_ns_);
  if (connected && !session_.is_connected()) lose_connection(0);
}

// What arrived before the end is heard by both sides; the rest never is.
void SimulatedStreet::lose_connection(std::uint64_t percent_arriving) {
  market_.receive(to_exchange_.cut(percent_arriving), now_ns_);
  const std::vector<std::byte> last_words = to_firm_.cut(percent_arriving);
  if (session_.is_connected()) {
    session_.receive(last_words, now_ns_);
    session_.disconnected();
  }
  market_.disconnect();
  connect_ns_ = std::max(connect_ns_, now_ns_ + options_.reconnect_ns);
}

void SimulatedStreet::break_order_connection(std::uint64_t percent_arriving, std::uint64_t for_ns) {
  if (session_.is_connected()) lose_connection(percent_arriving);
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
  while (const auto frame = feed_path_.take(now_ns_)) {
    // What another session begins with changes too much to be watched together with anything else.
    const bool news = frame->session() != session_heard_;
    if (news && appliance_.frames_waiting() > 0) turn();
    session_heard_ = frame->session();
    appliance_.receive(frame->bytes, frame->whole);
    const bool full = appliance_.frames_waiting() >= nic::kBurstFramesMax;
    if (options_.poll_every_ns == 0 || full || news) turn();
  }
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

void SimulatedStreet::heal() {
  feed_path_.heal(now_ns_);
  market_.heal();
  to_exchange_.slow_down(0, 0);
  to_firm_.slow_down(0, 0);
  connect_ns_ = std::min(connect_ns_, now_ns_ + options_.reconnect_ns);
}

bool SimulatedStreet::orders_are_quiet() const noexcept {
  return session_.is_connected() && session_.is_idle() && appliance_.rooms().orders.ready() &&
         to_exchange_.empty() && to_firm_.empty() && !market_.has_held_acks() &&
         session_.next_sequence() == market_.stream().next_sequence();
}

std::array<std::uint64_t, kDeeds> SimulatedStreet::faults() const {
  std::array<std::uint64_t, kDeeds> faults = done_;
  for (std::size_t i = 0; i < kDeeds; ++i) faults[i] += feed_path_.suffered()[i];
  const auto set = [&faults](Deed deed, std::uint64_t value) {
    faults[static_cast<std::size_t>(deed)] = value;
  };
  set(Deed::RejectStorm, market_.counts().rejected);
  set(Deed::AcksOutOfOrder, market_.counts().shuffled);
  set(Deed::UnsolicitedCancels, market_.counts().canceled);
  return faults;
}

}  // namespace ridley::simulation
