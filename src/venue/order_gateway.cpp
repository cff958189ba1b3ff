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
  connections_.for_each(session.account(), [&](ClientSession& other) {
    if (&other != &session) other.kill();
  });
  connections_.logged_in(session, monotonic_ns);
}

void OrderGateway::leave(const ClientSession& session, TradingDay& day, const Moment& now) {
  connections_.leave(session);
  if (!session.logged_in()) return;
  const std::uint32_t account = session.account();
  if (streams_.accounts()[account].settings.cancel_on_disconnect)
    day.cancel_all(account, now.exchange_ns);
}

}  // namespace ridley::venue
