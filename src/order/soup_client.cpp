// SPDX-License-Identifier: Apache-2.0
#include "order/soup_client.hpp"

#include <algorithm>
#include <utility>

namespace ridley::order {

const char* name(SoupCause cause) noexcept {
  switch (cause) {
    case SoupCause::None: return "none";
    case SoupCause::NotAuthorised: return "not authorised";
    case SoupCause::SessionNotAvailable: return "session not available";
    case SoupCause::PeerSilent: return "peer silent";
    case SoupCause::LengthZero: return "packet of length zero";
    case SoupCause::BadLogin: return "login answer not readable";
    case SoupCause::SequencedTooEarly: return "message before login";
    case SoupCause::SecondLogin: return "second login answer";
    case SoupCause::ClosedByPeer: return "closed by peer";
    case SoupCause::ConnectFailed: return "connect failed";
    case SoupCause::ClosedHere: return "closed here";
    case SoupCause::Disagreement: return "hot core and kernel disagree";
  }
  return "unknown";
}

SoupClient::SoupClient(SoupClientSettings settings)
    : settings_{std::move(settings)},
      session_{settings_.session},
      next_sequence_{settings_.next_sequence} {}

void SoupClient::connected(std::uint64_t now_ns) {
  reader_.restart();
  output_.clear();
  output_read_ = 0;
  received_ns_ = heard_ns_ = now_ns;
  sent_ns_ = now_ns;
  state_ = State::LoggingIn;
  std::vector<std::byte> login;
  append_padded_right(login, settings_.username, kUsernameBytes);
  append_padded_right(login, settings_.password, kPasswordBytes);
  append_padded_left(login, session_, kSessionBytes);
  append_padded_left(login, std::to_string(next_sequence_), kSequenceDigits);
  if (settings_.version == SoupVersion::V41) {
    const std::uint64_t timeout_ms =
        std::min(settings_.dead_peer_ns / 1'000'000, kTimeoutMillisecondsMax);
    append_padded_left(login, std::to_string(timeout_ms), kTimeoutDigits);
  }
  append_packet(output_, SoupType::LoginRequest, login);
}

void SoupClient::join_active() noexcept {
  session_.clear();
  next_sequence_ = 0;
}

void SoupClient::disconnected() noexcept {
  if (state_ != State::Ended) state_ = State::Closed;
  output_.clear();
  output_read_ = 0;
}

void SoupClient::receive(std::span<const std::byte> bytes, std::uint64_t now_ns) {
  if (state_ == State::Closed) return;
  received_ns_ = now_ns;
  reader_.append(bytes);
}

std::optional<SoupEvent> SoupClient::next(std::uint64_t now_ns) {
  if (state_ == State::Closed || state_ == State::Ended) return std::nullopt;
  while (const std::optional<SoupPacket> packet = reader_.next()) {
    heard_ns_ = received_ns_;
    if (const auto event = take(*packet)) return event;
  }
  if (reader_.malformed()) return broken_by(SoupCause::LengthZero);
  if (now_ns - heard_ns_ >= settings_.dead_peer_ns) return broken_by(SoupCause::PeerSilent);
  return std::nullopt;
}

std::optional<SoupEvent> SoupClient::take(const SoupPacket& packet) {
  switch (packet.type) {
    case SoupType::LoginAccepted:
      if (state_ == State::LoggedIn) return broken_by(SoupCause::SecondLogin);
      return accepted(packet.payload);
    case SoupType::LoginRejected:
      if (state_ == State::LoggedIn) return broken_by(SoupCause::SecondLogin);
      return rejected(packet.payload);
    case SoupType::Sequenced:
      if (state_ != State::LoggedIn) return broken_by(SoupCause::SequencedTooEarly);
      return take_sequenced(packet.payload);
    case SoupType::Unsequenced:
      if (settings_.version == SoupVersion::V3) break;
      if (state_ != State::LoggedIn) return broken_by(SoupCause::SequencedTooEarly);
      return SoupEvent{.kind = SoupEventKind::Unsequenced, .payload = packet.payload};
    case SoupType::EndOfSession:
      state_ = State::Ended;
      return SoupEvent{.kind = SoupEventKind::EndOfSession, .sequence = arriving_, .payload = {}};
    case SoupType::ServerHeartbeat:
      if (state_ != State::LoggedIn) return std::nullopt;
      return SoupEvent{.kind = SoupEventKind::Quiet, .payload = {}};
    case SoupType::Debug: return std::nullopt;
    default: break;
  }
  ++unknown_packets_;
  return std::nullopt;
}

std::optional<SoupEvent> SoupClient::take_sequenced(std::span<const std::byte> payload) {
  const std::uint64_t sequence = arriving_++;
  if (sequence < next_sequence_) {
    ++repeated_messages_;
    return std::nullopt;
  }
  next_sequence_ = arriving_;
  return SoupEvent{.kind = SoupEventKind::Sequenced, .sequence = sequence, .payload = payload};
}

SoupEvent SoupClient::accepted(std::span<const std::byte> payload) {
  if (payload.size() < kSessionBytes + kSequenceDigits) return broken_by(SoupCause::BadLogin);
  const auto session = without_spaces_around(text_of(payload.first(kSessionBytes)));
  const auto sequence = number_of(payload.subspan(kSessionBytes, kSequenceDigits));
  if (!sequence || *sequence == 0) return broken_by(SoupCause::BadLogin);
  // Another session counts from its own beginning, and what was wanted of the old one is void.
  const bool same_session = session_.empty() || session == without_spaces_around(session_);
  arriving_ = *sequence;
  if (!same_session || next_sequence_ < arriving_) next_sequence_ = arriving_;
  session_ = session;
  state_ = State::LoggedIn;
  return {.kind = SoupEventKind::LoggedIn, .sequence = next_sequence_, .payload = {}};
}

SoupEvent SoupClient::rejected(std::span<const std::byte> payload) {
  const bool absent = !payload.empty() && payload.front() == std::byte{'S'};
  return broken_by(absent ? SoupCause::SessionNotAvailable : SoupCause::NotAuthorised);
}

SoupEvent SoupClient::broken_by(SoupCause cause) {
  disconnected();
  return {.kind = SoupEventKind::Broken, .cause = cause, .payload = {}};
}

void SoupClient::send_packet(std::span<const std::byte> packet, std::uint64_t now_ns) {
  output_.insert(output_.end(), packet.begin(), packet.end());
  sent_ns_ = now_ns;
}

void SoupClient::log_out(std::uint64_t now_ns) {
  if (state_ != State::LoggedIn) return;
  append_packet(output_, SoupType::LogoutRequest, {});
  sent_ns_ = now_ns;
}

void SoupClient::poll(std::uint64_t now_ns) {
  if (!heartbeat_due(now_ns)) return;
  append_packet(output_, SoupType::ClientHeartbeat, {});
  sent_ns_ = now_ns;
}

std::span<const std::byte> SoupClient::output() const noexcept {
  return std::span{output_}.subspan(output_read_);
}

void SoupClient::sent(std::size_t bytes) {
  output_read_ += bytes;
  if (output_read_ < output_.size()) return;
  output_.clear();
  output_read_ = 0;
}

}  // namespace ridley::order
