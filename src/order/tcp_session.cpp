// SPDX-License-Identifier: Apache-2.0
#include "order/tcp_session.hpp"

#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
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

}  // namespace

TcpSession::TcpSession(TcpSessionSettings settings, base::SpscRing<Outbound>& outbound,
                       base::SpscRing<Inbound>& inbound, DelegatedWire* wire, SequenceFile* file)
    : settings_{std::move(settings)},
      outbound_{outbound},
      wire_{wire},
      session_{settings_, inbound, file},
      backoff_ns_{settings_.backoff_first_ns},
      received_(kReceiveBytes) {}

void TcpSession::run() {
  // The kernel's default slack of 50 us is longer than the sleeps.
  prctl(PR_SET_TIMERSLACK, 1UL);
  if (wire_ != nullptr) wire_->enter();
  while (!stop_.load(std::memory_order_relaxed)) {
    busy_ = false;
    step(monotonic_ns());
    if (phase_ == Phase::Finished && !session_.waits()) return;
    if (!busy_) idle();
  }
  shut_down();
}

void TcpSession::step(std::uint64_t now_ns) {
  if (wire_ != nullptr) busy_ = wire_->pump(now_ns);
  for (std::size_t i = 0; i < kOutboundBatchMax && take_outbound(now_ns); ++i) busy_ = true;
  advance(now_ns);
  session_.keep_place();
  busy_ = session_.take_moved() || busy_;
  if (wire_ == nullptr) return;
  wire_->settle({.logged_in = phase_ == Phase::Connected && session_.is_up(),
                 .connection = session_.connection(),
                 .queued = session_.soup().output().size()},
                socket_, now_ns);
}

void TcpSession::advance(std::uint64_t now_ns) {
  switch (phase_) {
    case Phase::Waiting:
      if (session_.push_waiting() && now_ns >= next_attempt_ns_) start_connect(now_ns);
      return;
    case Phase::Connecting: return finish_connect(now_ns);
    case Phase::Connected: return exchange(now_ns);
    case Phase::Finished: static_cast<void>(session_.push_waiting()); return;
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
  session_.connected(now_ns);
  phase_ = Phase::Connected;
  busy_ = true;
}

void TcpSession::exchange(std::uint64_t now_ns) {
  beat(now_ns);
  if (!flush()) return lose(SoupCause::ClosedByPeer, now_ns);
  // What the peer sent before it closed is delivered first.
  const bool open = take_socket(now_ns);
  switch (session_.deliver(now_ns)) {
    case SoupSession::Delivery::All:
      if (!open) lose(SoupCause::ClosedByPeer, now_ns);
      return;
    case SoupSession::Delivery::RingFull: return;
    case SoupSession::Delivery::Ended:
      socket_.close();
      phase_ = Phase::Finished;
      return;
    case SoupSession::Delivery::Broken: return lose(session_.cause(), now_ns);
  }
}

// False when there is none, or none can be taken now.
bool TcpSession::take_outbound(std::uint64_t now_ns) {
  Outbound slot;
  if (session_.soup().output().size() > kUnsentBytesMax || !outbound_.pop(slot)) return false;
  return take(slot, now_ns);
}

bool TcpSession::take(const Outbound& slot, std::uint64_t now_ns) {
  const bool current = session_.accepts(slot);
  if (wire_ != nullptr && !wire_->took(slot, current, session_.soup().output().size(), now_ns)) {
    lose(SoupCause::Disagreement, now_ns);
    return false;
  }
  if (current) session_.send(slot, now_ns);
  return true;
}

// Where the hot core appends to the stream it does so with heartbeats too: one from here would need
// the stream back.
void TcpSession::beat(std::uint64_t now_ns) {
  SoupClient& soup = session_.soup();
  if (wire_ == nullptr || wire_->stream_is_ours()) return soup.poll(now_ns);
  if (!soup.heartbeat_due(now_ns)) return;
  if (wire_->ask_for_heartbeat(session_.connection())) soup.heartbeat_asked_for(now_ns);
}

bool TcpSession::flush() {
  SoupClient& soup = session_.soup();
  while (!soup.output().empty()) {
    const TcpSocket::Moved moved = socket_.send(soup.output());
    if (moved.outcome == TcpSocket::Outcome::Closed) return false;
    if (moved.outcome == TcpSocket::Outcome::TryLater) return true;
    soup.sent(moved.bytes);
    if (wire_ != nullptr) wire_->gave(moved.bytes);
  }
  return true;
}

// False when the peer has closed. Nothing is read while the ring is full: the exchange's messages
// then wait in the kernel's buffers, and none is dropped.
bool TcpSession::take_socket(std::uint64_t now_ns) {
  if (session_.waits()) return true;
  const TcpSocket::Moved moved = socket_.receive(received_);
  if (moved.outcome == TcpSocket::Outcome::Closed) return false;
  if (moved.outcome == TcpSocket::Outcome::TryLater) return true;
  session_.receive({received_.data(), moved.bytes}, now_ns);
  busy_ = true;
  return true;
}

void TcpSession::lose(SoupCause cause, std::uint64_t now_ns) {
  // A FIN of the kernel would stand before bytes that the peer has already.
  if (wire_ != nullptr && wire_->is_ahead()) socket_.abort();
  if (wire_ != nullptr) wire_->lose();
  socket_.close();
  if (session_.logged_in()) backoff_ns_ = settings_.backoff_first_ns;
  phase_ = session_.lost(cause) ? Phase::Waiting : Phase::Finished;
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
  if (connected) return socket_.wait(idle_ns, !session_.soup().output().empty());
  TcpSocket{}.wait(wire_ != nullptr ? std::max(idle_ns, kWireSleepNs) : kUnconnectedSleepNs, false);
}

// Best effort: what is in the ring and the logout go out if the kernel takes them at once.
void TcpSession::shut_down() {
  session_.keep_place();
  const std::uint64_t now_ns = monotonic_ns();
  for (std::size_t i = 0; i < outbound_.capacity() && take_outbound(now_ns); ++i) {
  }
  if (wire_ == nullptr || wire_->stream_is_ours()) session_.soup().log_out(now_ns);
  if (phase_ == Phase::Connected) static_cast<void>(flush());
  if (wire_ != nullptr) say_goodbye();
  lose(SoupCause::ClosedHere, now_ns);
  static_cast<void>(session_.push_waiting());
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
