// SPDX-License-Identifier: Apache-2.0
#include "venue/order_gateway.hpp"

namespace ridley::venue {

bool OrderGateway::serve(ClientSession& session, TradingDay& day, const Moment& now) {
  bool moved = false;
  while (const auto happened = session.next(streams_.accounts(), now.monotonic_ns)) {
    moved = true;
    switch (happened->kind) {
      case order::SoupServerEventKind::LoggedIn: logged_in(session, now.monotonic_ns); break;
      case order::SoupServerEventKind::Message: {
        const std::uint32_t account = session.account();
        const auto message = streams_.heard(account, happened->payload, now.exchange_ns);
        if (!message.empty()) day.receive(account, message, now.exchange_ns);
        break;
      }
      case order::SoupServerEventKind::LogoutRequested: session.kill(); return true;
      case order::SoupServerEventKind::Broken: return true;  // dies when it was told
    }
  }
  return moved;
}

// An account has one connection: the newest.
void OrderGateway::logged_in(ClientSession& session, std::uint64_t monotonic_ns) {
  ++logins_;
  for (ClientSession* other : sessions_) {
    if (other == &session || !other->logged_in()) continue;
    if (other->account() == session.account()) other->kill();
  }
  const auto faults = faults_.find(session.account());
  if (faults == faults_.end()) return;
  session.impair_up(faults->second.up, monotonic_ns);
  session.impair_down(faults->second.down, monotonic_ns);
}

void OrderGateway::leave(const ClientSession& session, TradingDay& day, const Moment& now) {
  std::erase(sessions_, &session);
  if (!session.logged_in()) return;
  const std::uint32_t account = session.account();
  if (streams_.accounts()[account].settings.cancel_on_disconnect)
    day.cancel_all(account, now.exchange_ns);
}

void OrderGateway::impair(std::uint32_t account, const ConnectionFaults& faults,
                          std::uint64_t monotonic_ns) {
  faults_[account] = faults;
  ClientSession* const live = session(account);
  if (live == nullptr) return;
  live->impair_up(faults.up, monotonic_ns);
  live->impair_down(faults.down, monotonic_ns);
}

ClientSession* OrderGateway::session(std::uint32_t account) noexcept {
  for (ClientSession* session : sessions_) {
    if (session->logged_in() && !session->dead() && session->account() == account) return session;
  }
  return nullptr;
}

}  // namespace ridley::venue
