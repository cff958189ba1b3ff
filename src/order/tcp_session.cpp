// SPDX-License-Identifier: Apache-2.0
#include "order/tcp_session.hpp"

#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace ridley::order {
namespace {

constexpr std::size_t kReceiveBytes = 65'536;
// Packets taken from the ring before the socket is looked at again.
constexpr std::size_t kOutboundBatchMax = 64;
constexpr std::uint64_t kMicrosecondNs = 1'000;
// While there is no connection nothing is urgent but a request to stop.
constexpr std::uint64_t kUnconnectedSleepNs = 2'000'000;
constexpr std::uint64_t kWireSleepNs = 50'000;
// How long the peer may take to end its half of the connection when we have ended ours.
constexpr std::uint64_t kGoodbyeNs = 250'000'000;
// Room for one more packet behind this is not waited for: the exchange does not read.
constexpr std::size_t kUnsentBytesMax = 1'048'576;

std::uint64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

void add_one(std::atomic<std::uint64_t>& counter) noexcept {
  counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

TcpSession::TcpSession(TcpSessionSettings settings, base::SpscRing<Outbound>& outbound,
                       base::SpscRing<Inbound>& inbound, DelegatedWire* wire, SequenceFile* file)
    : settings_{std::move(settings)},
      outbound_{outbound},
      inbound_{inbound},
      wire_{wire},
      file_{file},
      soup_{settings_.soup},
      backoff_ns_{settings_.backoff_first_ns},
      received_(kReceiveBytes) {
  if (settings_.token_prefix) older_.emplace(*settings_.token_prefix);
}

void TcpSession::run() {
  // The kernel's default slack of 50 us is longer than the sleeps.
  prctl(PR_SET_TIMERSLACK, 1UL);
  if (wire_ != nullptr) wire_->enter();
  while (!stop_.load(std::memory_order_relaxed)) {
    busy_ = false;
    step(monotonic_ns());
    if (phase_ == Phase::Finished && pending_.kind == InboundKind::None) return;
    if (!busy_) idle();
  }
  shut_down();
}

void TcpSession::step(std::uint64_t now_ns) {
  if (wire_ != nullptr) busy_ = wire_->pump(now_ns);
  for (std::size_t i = 0; i < kOutboundBatchMax && take_outbound(now_ns); ++i) busy_ = true;
  advance(now_ns);
  keep_place();
  if (wire_ == nullptr) return;
  const bool connected = phase_ == Phase::Connected;
  wire_->settle({.logged_in = connected && soup_.logged_in() && told_logged_in_,
                 .connection = connection_,
                 .queued = soup_.output().size()},
                socket_, now_ns);
}

void TcpSession::advance(std::uint64_t now_ns) {
  switch (phase_) {
    case Phase::Waiting:
      if (push_pending() && now_ns >= next_attempt_ns_) start_connect(now_ns);
      return;
    case Phase::Connecting: return finish_connect(now_ns);
    case Phase::Connected: return exchange(now_ns);
    case Phase::Finished: static_cast<void>(push_pending()); return;
  }
}

void TcpSession::start_connect(std::uint64_t now_ns) {
  if (!socket_.start_connect(settings_.host, settings_.port)) {
    return lose(SoupCause::ConnectFailed, now_ns);
  }
  if (wire_ != nullptr) socket_.set_send_buffer(kSendBufferBytes);
  connect_deadline_ns_ = now_ns + settings_.connect_timeout_ns;
  phase_ = Phase::Connecting;
}

void TcpSession::finish_connect(std::uint64_t now_ns) {
  const TcpSocket::Progress progress = socket_.connecting();
  const bool waiting = progress == TcpSocket::Progress::Waiting && now_ns < connect_deadline_ns_;
  if (waiting) return;
  if (progress != TcpSocket::Progress::Connected) return lose(SoupCause::ConnectFailed, now_ns);
  soup_.connected(now_ns);
  phase_ = Phase::Connected;
  busy_ = true;
}

void TcpSession::exchange(std::uint64_t now_ns) {
  beat(now_ns);
  if (!flush()) {
    // What waits for room in the ring counts as delivered and would not be asked for again.
    if (push_pending()) lose(SoupCause::ClosedByPeer, now_ns);
    return;
  }
  // What the peer sent before it closed is delivered first.
  const bool open = take_socket(now_ns);
  const bool all_delivered = deliver(now_ns);
  if (phase_ == Phase::Connected && !open && all_delivered) lose(SoupCause::ClosedByPeer, now_ns);
}

// False when there is none, or none can be taken now.
bool TcpSession::take_outbound(std::uint64_t now_ns) {
  Outbound slot;
  if (soup_.output().size() > kUnsentBytesMax || !outbound_.pop(slot)) return false;
  return take(slot, now_ns);
}

bool TcpSession::take(const Outbound& slot, std::uint64_t now_ns) {
  const bool current = phase_ == Phase::Connected && soup_.logged_in() && told_logged_in_ &&
                       slot.connection == connection_;
  add_one(current ? counters_.packets_sent : counters_.packets_discarded);
  if (wire_ != nullptr && !wire_->took(slot, current, soup_.output().size(), now_ns)) {
    lose(SoupCause::Disagreement, now_ns);
    return false;
  }
  if (current) soup_.send_packet(slot.packet(), now_ns);
  return true;
}

// Where the hot core appends to the stream it does so with heartbeats too: one from here would need
// the stream back.
void TcpSession::beat(std::uint64_t now_ns) {
  if (wire_ == nullptr || wire_->stream_is_ours()) return soup_.poll(now_ns);
  if (!soup_.heartbeat_due(now_ns)) return;
  if (wire_->ask_for_heartbeat(connection_)) soup_.heartbeat_asked_for(now_ns);
}

bool TcpSession::flush() {
  while (!soup_.output().empty()) {
    const TcpSocket::Moved moved = socket_.send(soup_.output());
    if (moved.outcome == TcpSocket::Outcome::Closed) return false;
    if (moved.outcome == TcpSocket::Outcome::TryLater) return true;
    soup_.sent(moved.bytes);
    if (wire_ != nullptr) wire_->gave(moved.bytes);
  }
  return true;
}

// False when the peer has closed. Nothing is read while the ring is full: the exchange's messages
// then wait in the kernel's buffers, and none is dropped.
bool TcpSession::take_socket(std::uint64_t now_ns) {
  if (pending_.kind != InboundKind::None) return true;
  const TcpSocket::Moved moved = socket_.receive(received_);
  if (moved.outcome == TcpSocket::Outcome::Closed) return false;
  if (moved.outcome == TcpSocket::Outcome::TryLater) return true;
  soup_.receive({received_.data(), moved.bytes}, now_ns);
  busy_ = true;
  return true;
}

// Everything that is there, or as much as the ring takes.
bool TcpSession::deliver(std::uint64_t now_ns) {
  while (push_pending()) {
    const std::optional<SoupEvent> event = soup_.next(now_ns);
    if (!event) return true;
    if (!deliver(*event, now_ns)) return true;
  }
  return false;
}

// False when the connection is over.
bool TcpSession::deliver(const SoupEvent& event, std::uint64_t now_ns) {
  pending_.sequence = event.sequence;
  pending_.cause = 0;
  switch (event.kind) {
    case SoupEventKind::LoggedIn: {
      const std::string& session = soup_.session();
      pending_.kind = InboundKind::LoggedIn;
      pending_.connection = ++connection_;
      pending_.length = static_cast<std::uint16_t>(std::min(session.size(), kInboundBytesMax));
      std::memcpy(pending_.bytes.data(), session.data(), pending_.length);
      told_logged_in_ = true;
      kept_sequence_ = 0;  // of another session, perhaps
      logged_in_.store(true, std::memory_order_relaxed);
      settings_.resumes = false;
      backoff_ns_ = settings_.backoff_first_ns;
      add_one(counters_.logins);
      return true;
    }
    case SoupEventKind::Sequenced:
    case SoupEventKind::Unsequenced: return fill_message(event);
    case SoupEventKind::Quiet:
      // OUCH 5.0 can ask instead.
      if (!older_) return true;
      pending_.kind = InboundKind::Quiet;
      pending_.length = 0;
      return true;
    case SoupEventKind::EndOfSession:
      pending_.kind = InboundKind::EndOfSession;
      pending_.length = 0;
      socket_.close();
      logged_in_.store(false, std::memory_order_relaxed);
      phase_ = Phase::Finished;
      return false;
    case SoupEventKind::Broken: lose(event.cause, now_ns); return false;
  }
  return false;
}

// What cannot be said in the hot core's protocol has a number all the same, and is counted there.
bool TcpSession::fill_message(const SoupEvent& event) {
  std::array<std::byte, kTranslatedBytesMax> room;
  const auto message = older_ ? older_->translate(event.payload, room) : event.payload;
  pending_.kind = InboundKind::Message;
  if (message.size() > kInboundBytesMax) add_one(counters_.messages_cut);
  pending_.length = static_cast<std::uint16_t>(std::min(message.size(), kInboundBytesMax));
  std::copy_n(message.begin(), pending_.length, pending_.bytes.begin());
  add_one(counters_.messages_received);
  return true;
}

// Delivered is what the hot core has taken out of the ring.
void TcpSession::keep_place() {
  const std::uint64_t next = soup_.next_sequence();
  const bool delivered = pending_.kind == InboundKind::None && inbound_.size() == 0;
  if (file_ == nullptr || next == kept_sequence_ || !delivered || !told_logged_in_) return;
  kept_sequence_ = next;
  if (!file_->keep(soup_.session(), next)) add_one(counters_.places_lost);
}

// True when nothing waits any more.
bool TcpSession::push_pending() {
  if (pending_.kind == InboundKind::None) return true;
  if (!inbound_.push(pending_)) return false;
  pending_.kind = InboundKind::None;
  counters_.next_sequence.store(soup_.next_sequence(), std::memory_order_relaxed);
  busy_ = true;
  return true;
}

void TcpSession::lose(SoupCause cause, std::uint64_t now_ns) {
  // A FIN of the kernel would stand before bytes that the peer has already.
  if (wire_ != nullptr && wire_->is_ahead()) socket_.abort();
  if (wire_ != nullptr) wire_->lose();
  socket_.close();
  soup_.disconnected();
  cause_.store(cause, std::memory_order_relaxed);
  logged_in_.store(false, std::memory_order_relaxed);
  if (cause == SoupCause::ConnectFailed) add_one(counters_.connects_failed);
  const bool of_yesterday = cause == SoupCause::SessionNotAvailable && settings_.resumes;
  if (of_yesterday) soup_.join_active();
  const bool refused = cause == SoupCause::NotAuthorised ||
                       (cause == SoupCause::SessionNotAvailable && !of_yesterday);
  if (told_logged_in_ || refused) {
    pending_.kind = InboundKind::Disconnected;
    pending_.cause = static_cast<std::uint8_t>(cause);
    pending_.length = 0;
    pending_.sequence = soup_.next_sequence();
  }
  told_logged_in_ = false;
  settings_.resumes = settings_.resumes && !of_yesterday;
  // Asking again with the same password or session would get the same answer.
  phase_ = refused ? Phase::Finished : Phase::Waiting;
  back_off(now_ns);
}

void TcpSession::back_off(std::uint64_t now_ns) {
  next_attempt_ns_ = now_ns + backoff_ns_;
  backoff_ns_ = std::min(2 * backoff_ns_, settings_.backoff_max_ns);
}

void TcpSession::idle() const noexcept {
  const bool connected = phase_ == Phase::Connected;
  if (connected && settings_.idle_us == 0) return;
  const std::uint64_t idle_ns = settings_.idle_us * kMicrosecondNs;
  // Frames of the kernel come whether or not there is a connection.
  if (connected) return socket_.wait(idle_ns, !soup_.output().empty());
  TcpSocket{}.wait(wire_ != nullptr ? std::max(idle_ns, kWireSleepNs) : kUnconnectedSleepNs, false);
}

// Best effort: what is in the ring and the logout go out if the kernel takes them at once.
void TcpSession::shut_down() {
  keep_place();
  const std::uint64_t now_ns = monotonic_ns();
  for (std::size_t i = 0; i < outbound_.capacity() && take_outbound(now_ns); ++i) {
  }
  if (wire_ == nullptr || wire_->stream_is_ours()) soup_.log_out(now_ns);
  if (phase_ == Phase::Connected) static_cast<void>(flush());
  if (wire_ != nullptr) say_goodbye();
  if (pending_.kind == InboundKind::None || push_pending()) {
    lose(SoupCause::ClosedHere, now_ns);
    static_cast<void>(push_pending());
  }
  socket_.close();
  phase_ = Phase::Finished;
}

// The kernel ends a connection by itself, but not without somebody to carry its frames.
void TcpSession::say_goodbye() {
  if (phase_ == Phase::Connected) socket_.end_sending();
  const std::uint64_t end_ns = monotonic_ns() + kGoodbyeNs;
  bool open = phase_ == Phase::Connected;
  while (open && monotonic_ns() < end_ns) {
    wire_->pump(monotonic_ns());
    open = socket_.receive(received_).outcome != TcpSocket::Outcome::Closed;
  }
  wire_->pump(monotonic_ns());
}

}  // namespace ridley::order
