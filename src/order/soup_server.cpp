// SPDX-License-Identifier: Apache-2.0
#include "order/soup_server.hpp"

#include <algorithm>
#include <utility>

namespace ridley::order {
namespace {

constexpr std::size_t kLoginBytes =
    kUsernameBytes + kPasswordBytes + kSessionBytes + kSequenceDigits;
constexpr std::uint64_t kMillisecondNs = 1'000'000;
constexpr char kNotAuthorised = 'A';
constexpr char kSessionNotAvailable = 'S';

}  // namespace

std::uint64_t SoupStream::append(std::span<const std::byte> message) {
  bytes_.insert(bytes_.end(), message.begin(), message.end());
  ends_.push_back(bytes_.size());
  return ends_.size();
}

std::span<const std::byte> SoupStream::message(std::uint64_t sequence) const noexcept {
  const std::size_t begin = sequence <= 1 ? 0 : ends_[sequence - 2];
  return {bytes_.data() + begin, ends_[sequence - 1] - begin};
}

SoupServer::SoupServer(const SoupStream& stream, SoupServerSettings settings, std::uint64_t now_ns)
    : stream_{stream},
      settings_{std::move(settings)},
      connected_ns_{now_ns},
      received_ns_{now_ns},
      heard_ns_{now_ns},
      sent_ns_{now_ns} {}

void SoupServer::receive(std::span<const std::byte> bytes, std::uint64_t now_ns) {
  if (broken()) return;
  received_ns_ = now_ns;
  reader_.append(bytes);
}

std::optional<SoupServerEvent> SoupServer::next(std::uint64_t now_ns) {
  if (broken()) return std::nullopt;
  while (const std::optional<SoupPacket> packet = reader_.next()) {
    heard_ns_ = received_ns_;
    if (const auto event = take(*packet, now_ns)) return event;
  }
  if (reader_.malformed()) return broken_by(SoupServerCause::Malformed);
  if (state_ == State::AwaitingLogin && now_ns - connected_ns_ >= settings_.login_timeout_ns) {
    return broken_by(SoupServerCause::LoginTimeout);
  }
  if (state_ == State::LoggedIn && now_ns - heard_ns_ >= settings_.dead_peer_ns) {
    return broken_by(SoupServerCause::PeerSilent);
  }
  return std::nullopt;
}

std::optional<SoupServerEvent> SoupServer::take(const SoupPacket& packet, std::uint64_t now_ns) {
  if (packet.type == SoupType::Debug) return std::nullopt;
  if (packet.type == SoupType::LoginRequest) {
    if (state_ != State::AwaitingLogin) return broken_by(SoupServerCause::Malformed);
    return login(packet.payload, now_ns);
  }
  if (state_ == State::AwaitingLogin) return broken_by(SoupServerCause::NotLoggedIn);
  switch (packet.type) {
    case SoupType::Unsequenced:
      return SoupServerEvent{.kind = SoupServerEventKind::Message, .payload = packet.payload};
    case SoupType::LogoutRequest:
      return SoupServerEvent{.kind = SoupServerEventKind::LogoutRequested, .payload = {}};
    case SoupType::ClientHeartbeat: return std::nullopt;
    default: ++unknown_packets_; return std::nullopt;
  }
}

SoupServerEvent SoupServer::login(std::span<const std::byte> payload, std::uint64_t now_ns) {
  const bool newest = payload.size() == kLoginBytes + kTimeoutDigits;
  const bool right_size =
      newest ? settings_.version == SoupVersion::V41 : payload.size() == kLoginBytes;
  if (!right_size) return broken_by(SoupServerCause::Malformed);
  const auto username = without_spaces_around(text_of(payload.first(kUsernameBytes)));
  payload = payload.subspan(kUsernameBytes);
  const auto password = without_spaces_around(text_of(payload.first(kPasswordBytes)));
  payload = payload.subspan(kPasswordBytes);
  const auto session = without_spaces_around(text_of(payload.first(kSessionBytes)));
  payload = payload.subspan(kSessionBytes);
  const auto wanted = number_of(payload.first(kSequenceDigits));
  if (newest) {
    const auto timeout_ms = number_of(payload.subspan(kSequenceDigits));
    if (!timeout_ms || *timeout_ms == 0) return broken_by(SoupServerCause::Malformed);
    settings_.dead_peer_ns = *timeout_ms * kMillisecondNs;
  }

  const bool known =
      same_name(username, settings_.username) && same_name(password, settings_.password);
  if (!known || !wanted) return reject(kNotAuthorised, now_ns);
  if (!session.empty() && session != without_spaces_around(stream_.session())) {
    return reject(kSessionNotAvailable, now_ns);
  }
  // Zero asks for what comes next; a number that does not exist yet is answered with what does.
  next_sequence_ =
      *wanted == 0 ? stream_.next_sequence() : std::min(*wanted, stream_.next_sequence());
  state_ = State::LoggedIn;
  std::vector<std::byte> accepted;
  append_padded_left(accepted, stream_.session(), kSessionBytes);
  append_padded_left(accepted, std::to_string(next_sequence_), kSequenceDigits);
  queue(SoupType::LoginAccepted, accepted, now_ns);
  return {.kind = SoupServerEventKind::LoggedIn, .payload = {}};
}

SoupServerEvent SoupServer::reject(char reason, std::uint64_t now_ns) {
  const auto letter = static_cast<std::byte>(reason);
  queue(SoupType::LoginRejected, {&letter, 1}, now_ns);
  return broken_by(SoupServerCause::LoginRejected);
}

SoupServerEvent SoupServer::broken_by(SoupServerCause cause) {
  state_ = State::Broken;
  return {.kind = SoupServerEventKind::Broken, .cause = cause, .payload = {}};
}

void SoupServer::queue(SoupType type, std::span<const std::byte> payload, std::uint64_t now_ns) {
  append_packet(output_, type, payload);
  sent_ns_ = now_ns;
}

void SoupServer::poll(std::uint64_t now_ns) {
  if (state_ != State::LoggedIn) return;
  for (; next_sequence_ < stream_.next_sequence(); ++next_sequence_) {
    queue(SoupType::Sequenced, stream_.message(next_sequence_), now_ns);
  }
  if (now_ns - sent_ns_ >= settings_.heartbeat_ns) queue(SoupType::ServerHeartbeat, {}, now_ns);
}

bool SoupServer::send_unsequenced(std::span<const std::byte> message, std::uint64_t now_ns) {
  if (state_ != State::LoggedIn || settings_.version == SoupVersion::V3) return false;
  poll(now_ns);
  queue(SoupType::Unsequenced, message, now_ns);
  return true;
}

void SoupServer::end_session(std::uint64_t now_ns) {
  if (state_ != State::LoggedIn) return;
  poll(now_ns);
  queue(SoupType::EndOfSession, {}, now_ns);
  state_ = State::Ended;
}

std::span<const std::byte> SoupServer::output() const noexcept {
  return std::span{output_}.subspan(output_read_);
}

void SoupServer::sent(std::size_t bytes) {
  output_read_ += bytes;
  if (output_read_ < output_.size()) return;
  output_.clear();
  output_read_ = 0;
}

}  // namespace ridley::order
