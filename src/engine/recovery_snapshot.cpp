// SPDX-License-Identifier: Apache-2.0
// The snapshot's half of the recovery core: one attempt after the other, until one is taken.
#include <algorithm>

#include "engine/recovery.hpp"

namespace ridley::engine {

void Recovery::enter(SnapshotState state) noexcept {
  state_ = state;
  counters_.snapshot_state.store(static_cast<std::uint64_t>(state), std::memory_order_relaxed);
}

bool Recovery::snapshot(std::uint64_t now_ns) {
  if (!settings_.glimpse) return false;
  // Acquire: what the hot core wrote before it passed the turn is whole.
  const SnapshotTurn turn = link_.turn.load(std::memory_order_acquire);
  if (turn == SnapshotTurn::Broken) {
    link_.turn.store(SnapshotTurn::None, std::memory_order_relaxed);
    if (state_ != SnapshotState::Waiting) fail(SnapshotFailure::Overtaken, now_ns);
    return true;
  }
  switch (state_) {
    case SnapshotState::None:
      if (wants_snapshot()) enter(SnapshotState::Waiting);
      return state_ != SnapshotState::None;
    case SnapshotState::Waiting: wait(turn, now_ns); return false;
    case SnapshotState::Tapping:
      if (turn != SnapshotTurn::Tapped) return false;
      join_.begin(link_.tapped_from);
      connect(now_ns);
      return true;
    case SnapshotState::Connecting:
    case SnapshotState::Reading: return read(now_ns);
    case SnapshotState::Joining: return join(now_ns);
    case SnapshotState::Offered:
      if (turn == SnapshotTurn::Taken) finish();
      return false;
  }
  return false;
}

// Until the next attempt, or until nobody wants one.
void Recovery::wait(SnapshotTurn turn, std::uint64_t now_ns) {
  if (turn == SnapshotTurn::Enough) return;
  if (turn == SnapshotTurn::Tapped) pass_over_taps();
  if (wants_snapshot()) {
    if (now_ns >= deadline_ns_) begin(now_ns);
  } else if (turn == SnapshotTurn::Tapped) {
    // Unless the hot core breaks it in this moment. Relaxed: nothing is handed over.
    SnapshotTurn tapped = SnapshotTurn::Tapped;
    link_.turn.compare_exchange_strong(tapped, SnapshotTurn::Enough, std::memory_order_relaxed);
  } else {
    enter(SnapshotState::None);
  }
}

// Behind an attempt that failed the hot core goes on tapping, and the next one begins where it is.
void Recovery::begin(std::uint64_t now_ns) {
  if (link_.turn.load(std::memory_order_relaxed) == SnapshotTurn::Tapped) {
    pass_over_taps();
    join_.begin(join_.tapped_end());
    return connect(now_ns);
  }
  while (link_.taps.pop(packet_)) {
  }
  enter(SnapshotState::Tapping);
  pass_turn(link_, SnapshotTurn::Wanted);
}

void Recovery::connect(std::uint64_t now_ns) {
  if (!wire_.start_connect()) return fail(SnapshotFailure::NotConnected, now_ns);
  soup_.emplace(settings_.login);
  logged_in_ = false;
  deadline_ns_ = now_ns + settings_.connect_timeout_ns;
  enter(SnapshotState::Connecting);
}

bool Recovery::read(std::uint64_t now_ns) {
  const bool reading = state_ == SnapshotState::Reading;
  const bool in_time = now_ns < deadline_ns_;
  if (!take_taps() || !in_time) {
    fail(reading || in_time ? SnapshotFailure::TooSlow : SnapshotFailure::NotConnected, now_ns);
    return true;
  }
  if (reading) return read_socket(now_ns);
  using Progress = order::TcpSocket::Progress;
  const Progress progress = wire_.connecting();
  if (progress == Progress::Waiting) return false;
  if (progress == Progress::Failed) {
    fail(SnapshotFailure::NotConnected, now_ns);
    return true;
  }
  soup_->connected(now_ns);
  deadline_ns_ = now_ns + settings_.snapshot_timeout_ns;
  enter(SnapshotState::Reading);
  return true;
}

bool Recovery::read_socket(std::uint64_t now_ns) {
  using Outcome = order::TcpSocket::Outcome;
  soup_->poll(now_ns);
  while (!soup_->output().empty()) {
    const order::TcpSocket::Moved moved = wire_.send(soup_->output());
    if (moved.outcome != Outcome::Done) break;
    soup_->sent(moved.bytes);
  }
  const order::TcpSocket::Moved moved = wire_.receive(received_);
  if (moved.outcome == Outcome::Done)
    soup_->receive(std::span<const std::byte>{received_}.first(moved.bytes), now_ns);
  while (const auto event = soup_->next(now_ns)) {
    if (const auto failure = take_snapshot(*event)) {
      fail(*failure, now_ns);
      return true;
    }
    if (!join_.is_whole()) continue;
    counters_.snapshot_messages.fetch_add(join_.messages(), std::memory_order_relaxed);
    wire_.close();
    enter(SnapshotState::Joining);
    return true;
  }
  // What was sent before the connection closed was read first.
  if (moved.outcome == Outcome::Closed)
    fail(logged_in_ ? SnapshotFailure::CutShort : SnapshotFailure::NotLoggedIn, now_ns);
  return moved.outcome == Outcome::Done;
}

std::optional<SnapshotFailure> Recovery::take_snapshot(const order::SoupEvent& event) {
  switch (event.kind) {
    case order::SoupEventKind::LoggedIn: logged_in_ = true; return std::nullopt;
    case order::SoupEventKind::Quiet: return std::nullopt;
    case order::SoupEventKind::Sequenced:
      if (join_.take(event.payload)) return std::nullopt;
      return SnapshotFailure::Unusable;
    case order::SoupEventKind::Unsequenced: return SnapshotFailure::Unusable;
    case order::SoupEventKind::EndOfSession: return SnapshotFailure::CutShort;
    case order::SoupEventKind::Broken: break;
  }
  if (event.cause == order::SoupCause::PeerSilent) return SnapshotFailure::TooSlow;
  return logged_in_ ? SnapshotFailure::Unusable : SnapshotFailure::NotLoggedIn;
}

bool Recovery::take_taps() {
  while (link_.taps.pop(packet_))
    if (!join_.tap(packet_.span())) return false;
  return true;
}

void Recovery::pass_over_taps() {
  (void)take_taps();
  join_.drop();
}

bool Recovery::join(std::uint64_t now_ns) {
  if (!take_taps() || now_ns >= deadline_ns_) {
    fail(SnapshotFailure::TooSlow, now_ns);
    return true;
  }
  const SnapshotJoin::Hole hole = join_.hole();
  older_.want(link_.session, hole.from, hole.end, now_ns);
  if (older_.take_exhausted() || (hole.from != hole.end && settings_.rerequest.empty())) {
    fail(SnapshotFailure::Hole, now_ns);
    return true;
  }
  if (!join_.is_level()) return false;
  // Unless the hot core breaks it in this moment. Release: the shadow is whole.
  SnapshotTurn tapped = SnapshotTurn::Tapped;
  if (link_.turn.compare_exchange_strong(tapped, SnapshotTurn::Offered, std::memory_order_release,
                                         std::memory_order_relaxed))
    enter(SnapshotState::Offered);
  return true;
}

// Again after a while, each time a longer one; not for who has asked for it without need.
void Recovery::fail(SnapshotFailure failure, std::uint64_t now_ns) {
  asked_.store(false, std::memory_order_relaxed);
  counters_.snapshot_failure.store(static_cast<std::uint64_t>(failure), std::memory_order_relaxed);
  counters_.snapshots_failed.fetch_add(1, std::memory_order_relaxed);
  wire_.close();
  join_.drop();
  older_.want(link_.session, 0, 0, now_ns);
  deadline_ns_ = now_ns + backoff_ns_;
  backoff_ns_ = std::min(2 * backoff_ns_, settings_.backoff_max_ns);
  enter(SnapshotState::Waiting);
}

void Recovery::finish() {
  asked_.store(false, std::memory_order_relaxed);
  counters_.snapshot_failure.store(0, std::memory_order_relaxed);
  counters_.snapshots.fetch_add(1, std::memory_order_relaxed);
  backoff_ns_ = settings_.backoff_first_ns;
  deadline_ns_ = 0;
  link_.shadow->restart();
  link_.turn.store(SnapshotTurn::None, std::memory_order_relaxed);
  enter(SnapshotState::None);
}

}  // namespace ridley::engine
