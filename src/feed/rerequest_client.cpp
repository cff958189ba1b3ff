// SPDX-License-Identifier: Apache-2.0
#include "feed/rerequest_client.hpp"

#include <algorithm>
#include <utility>

#include "feed/blocks.hpp"
#include "nic/udp_frame.hpp"

namespace ridley::feed {
namespace {

// The count's highest value means the end of a session.
constexpr std::uint64_t kRequestMessagesMax = MoldFraming::kEndOfSession - 1;

}  // namespace

void RerequestClient::want(const SessionName& session, std::uint64_t from, std::uint64_t end,
                           std::uint64_t now_ns) noexcept {
  const bool goes_on = session == session_ && state_ != State::Idle;
  const bool same = goes_on && from == from_;
  session_ = session;
  from_ = from;
  end_ = std::max(from, end);
  if (from_ == end_) {
    state_ = State::Idle;
    return;
  }
  if (same) return;  // the end is further away, no more
  state_ = State::Waiting;
  tries_ = 0;
  due_ns_ = goes_on ? now_ns : now_ns + settings_.patience_ns;
}

std::optional<RerequestClient::Request> RerequestClient::next(std::uint64_t now_ns) noexcept {
  if (settings_.servers == 0 || now_ns < due_ns_) return std::nullopt;
  if (state_ != State::Waiting && state_ != State::Asked) return std::nullopt;
  if (state_ == State::Asked) {
    ++counters_[server_].timeouts;
    server_ = (server_ + 1) % settings_.servers;
    if (tries_ >= settings_.tries_max) {
      ++exhausted_;
      state_ = State::Exhausted;
      return std::nullopt;
    }
  }
  state_ = State::Asked;
  ++tries_;
  ++counters_[server_].requests;
  due_ns_ = now_ns + settings_.timeout_ns;
  Request request{.server = server_, .packet = {}};
  const std::uint64_t count = std::min(end_ - from_, kRequestMessagesMax);
  wire::mold::RequestPacketWriter{request.packet.data()}
      .session(std::string_view{session_.raw().data(), session_.raw().size()})
      .sequence_number(from_)
      .requested_message_count(static_cast<std::uint16_t>(count));
  return request;
}

bool RerequestClient::brings_it(std::span<const std::byte> datagram) const noexcept {
  // A longer one is none of a feed's packets: whoever holds them has no room for it.
  if (!MoldFraming::fits(datagram) || datagram.size() > nic::kUdpPayloadBytesMax) return false;
  const wire::mold::Header header{datagram.data()};
  const std::uint32_t count = MoldFraming::count(header);
  if (count == kHeartbeat || count == MoldFraming::kEndOfSession) return false;
  if (MoldFraming::session(header) != session_) return false;
  const std::span<const std::byte> blocks = datagram.subspan(MoldFraming::kHeaderBytes);
  if (walk<MoldFraming>(blocks, count) != blocks.size()) return false;
  const std::uint64_t first = MoldFraming::first(header);
  return first <= from_ && from_ - first < count;
}

bool RerequestClient::hear(std::span<const std::byte> datagram, std::size_t server) noexcept {
  if (state_ != State::Waiting && state_ != State::Asked) return false;
  if (!brings_it(datagram)) return false;
  ++counters_[server].answers;
  state_ = State::Answered;
  return true;
}

void RerequestClient::ask_again(std::uint64_t now_ns) noexcept {
  if (state_ != State::Answered) return;
  state_ = State::Waiting;
  due_ns_ = now_ns + settings_.timeout_ns;
}

bool RerequestClient::take_exhausted() noexcept {
  if (state_ != State::Exhausted) return false;
  state_ = State::Told;
  return true;
}

}  // namespace ridley::feed
