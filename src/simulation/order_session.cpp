// SPDX-License-Identifier: Apache-2.0
#include "simulation/order_session.hpp"

#include <cstring>

namespace ridley::simulation {

void OrderSession::connected(std::uint64_t now_ns) {
  client_.connected(now_ns);
  connected_ = true;
}

void OrderSession::disconnected() {
  client_.disconnected();
  connected_ = false;
  if (!told_logged_in_) return;
  told_logged_in_ = false;
  order::Inbound lost;
  lost.kind = order::InboundKind::Disconnected;
  lost.sequence = client_.next_sequence();
  messages_.push_back(lost);
}

void OrderSession::send(const order::Outbound& packet, std::uint64_t now_ns) {
  const bool current = client_.logged_in() && told_logged_in_ && packet.connection == connection_;
  if (current) client_.send_packet(packet.packet(), now_ns);
}

void OrderSession::receive(std::span<const std::byte> bytes, std::uint64_t now_ns) {
  client_.receive(bytes, now_ns);
  take_events(now_ns);
}

void OrderSession::poll(std::uint64_t now_ns) {
  if (!connected_) return;
  client_.poll(now_ns);
  take_events(now_ns);
}

void OrderSession::take_events(std::uint64_t now_ns) {
  while (const auto event = client_.next(now_ns)) {
    order::Inbound message;
    message.sequence = event->sequence;
    switch (event->kind) {
      case order::SoupEventKind::LoggedIn:
        message.kind = order::InboundKind::LoggedIn;
        message.connection = ++connection_;
        told_logged_in_ = true;
        break;
      case order::SoupEventKind::Sequenced:
      case order::SoupEventKind::Unsequenced:
        message.kind = order::InboundKind::Message;
        message.length = static_cast<std::uint16_t>(event->payload.size());
        std::memcpy(message.bytes.data(), event->payload.data(), event->payload.size());
        break;
      case order::SoupEventKind::EndOfSession:
        message.kind = order::InboundKind::EndOfSession;
        break;
      case order::SoupEventKind::Quiet: continue;
      case order::SoupEventKind::Broken: disconnected(); return;
    }
    messages_.push_back(message);
  }
}

}  // namespace ridley::simulation
