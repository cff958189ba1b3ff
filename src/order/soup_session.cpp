// SPDX-License-Identifier: Apache-2.0
#include "order/soup_session.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"

namespace ridley::order {
namespace {

void add_one(std::atomic<std::uint64_t>& counter) noexcept {
  counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

SoupSession::SoupSession(const SoupSessionSettings& settings, base::SpscRing<Inbound>& inbound,
                         SequenceFile* file)
    : soup_{settings.soup}, inbound_{inbound}, file_{file}, resumes_{settings.resumes} {
  if (settings.token_prefix) older_.emplace(*settings.token_prefix);
}

void SoupSession::connected(std::uint64_t now_ns) {
  soup_.connected(now_ns);
  connected_ = true;
}

bool SoupSession::lost(SoupCause cause) {
  soup_.disconnected();
  connected_ = false;
  cause_.store(cause, std::memory_order_relaxed);
  logged_in_.store(false, std::memory_order_relaxed);
  if (cause == SoupCause::ConnectFailed) add_one(counters_.connects_failed);
  const bool of_yesterday = cause == SoupCause::SessionNotAvailable && resumes_;
  if (of_yesterday) soup_.join_active();
  const bool refused = cause == SoupCause::NotAuthorised ||
                       (cause == SoupCause::SessionNotAvailable && !of_yesterday);
  if (told_logged_in_ || refused) say(InboundKind::Disconnected, soup_.next_sequence(), {}, cause);
  told_logged_in_ = false;
  resumes_ = resumes_ && !of_yesterday;
  return !refused;
}

bool SoupSession::accepts(const Outbound& packet) noexcept {
  const bool current = connected_ && is_up() && packet.connection == connection_;
  add_one(current ? counters_.packets_sent : counters_.packets_discarded);
  return current;
}

SoupSession::Delivery SoupSession::deliver(std::uint64_t now_ns) {
  while (push_waiting()) {
    const std::optional<SoupEvent> event = soup_.next(now_ns);
    if (!event) return Delivery::All;
    if (const Delivery outcome = take(*event); outcome != Delivery::All) return outcome;
  }
  return Delivery::RingFull;
}

SoupSession::Delivery SoupSession::take(const SoupEvent& event) {
  switch (event.kind) {
    case SoupEventKind::LoggedIn: say_logged_in(event.sequence); break;
    case SoupEventKind::Sequenced:
    case SoupEventKind::Unsequenced: say_message(event); break;
    case SoupEventKind::Quiet:
      // OUCH 5.0 can ask instead.
      if (older_) say(InboundKind::Quiet, 0);
      break;
    case SoupEventKind::EndOfSession:
      say(InboundKind::EndOfSession, event.sequence);
      logged_in_.store(false, std::memory_order_relaxed);
      return Delivery::Ended;
    case SoupEventKind::Broken:
      cause_.store(event.cause, std::memory_order_relaxed);
      return Delivery::Broken;
  }
  return Delivery::All;
}

void SoupSession::say(InboundKind kind, std::uint64_t sequence, std::span<const std::byte> bytes,
                      SoupCause cause) {
  RIDLEY_ASSERT(waiting_count_ < waiting_.size());
  Inbound& slot = waiting_[waiting_count_++];
  slot.kind = kind;
  slot.cause = static_cast<std::uint8_t>(cause);
  slot.connection = connection_;
  slot.sequence = sequence;
  if (bytes.size() > kInboundBytesMax) add_one(counters_.messages_cut);
  slot.length = static_cast<std::uint16_t>(std::min(bytes.size(), kInboundBytesMax));
  std::copy_n(bytes.begin(), slot.length, slot.bytes.begin());
}

void SoupSession::say_logged_in(std::uint64_t sequence) {
  ++connection_;
  say(InboundKind::LoggedIn, sequence, std::as_bytes(std::span{soup_.session()}));
  told_logged_in_ = true;
  kept_sequence_ = 0;  // of another session, perhaps
  resumes_ = false;
  logged_in_.store(true, std::memory_order_relaxed);
  add_one(counters_.logins);
}

// What cannot be said in the hot core's protocol has a number all the same, and is counted there.
void SoupSession::say_message(const SoupEvent& event) {
  std::array<std::byte, kTranslatedBytesMax> room;
  say(InboundKind::Message, event.sequence,
      older_ ? older_->translate(event.payload, room) : event.payload);
  add_one(counters_.messages_received);
}

bool SoupSession::push_waiting() {
  while (waits()) {
    if (!inbound_.push(waiting_[0])) return false;
    if (--waiting_count_ > 0) waiting_[0] = waiting_[1];
    moved_ = true;
    if (!waits()) counters_.next_sequence.store(soup_.next_sequence(), std::memory_order_relaxed);
  }
  return true;
}

void SoupSession::keep_place() {
  const std::uint64_t next = soup_.next_sequence();
  const bool delivered = !waits() && inbound_.size() == 0;
  if (file_ == nullptr || next == kept_sequence_ || !delivered || !told_logged_in_) return;
  kept_sequence_ = next;
  if (!file_->keep(soup_.session(), next)) add_one(counters_.places_lost);
}

}  // namespace ridley::order
