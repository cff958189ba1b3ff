// SPDX-License-Identifier: Apache-2.0
#include "venue/order_listener.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "venue/listening_socket.hpp"

namespace ridley::venue {

OrderListener::OrderListener(ListenerSettings settings, AccountStreams& streams)
    : settings_{std::move(settings)},
      streams_{streams},
      descriptor_{
          open_bound({.address = settings_.address, .port = settings_.port, .type = SOCK_STREAM})},
      port_{bound_port(descriptor_)} {
  waits_.push_back({descriptor_, POLLIN, 0});
}

OrderListener::~OrderListener() { ::close(descriptor_); }

bool OrderListener::poll(TradingDay& day, const Moment& now) {
  bool moved = accept_clients(now.monotonic_ns);
  for (const auto& connection : connections_) moved |= serve(*connection, day, now);
  streams_.collect(day.exchange().accounts());
  for (const auto& connection : connections_) connection->write(now.monotonic_ns);
  bury(day, now);
  return moved;
}

void OrderListener::end_session(TradingDay& day, const Moment& now) {
  streams_.collect(day.exchange().accounts());
  for (const auto& connection : connections_) {
    connection->write(now.monotonic_ns);
    connection->end_session(now.monotonic_ns);
    connection->write(now.monotonic_ns);
  }
}

bool OrderListener::hear_out(std::uint64_t monotonic_ns) {
  std::erase_if(connections_, [monotonic_ns](const std::unique_ptr<OrderConnection>& connection) {
    connection->hear_out(monotonic_ns);
    return connection->dead();
  });
  return !connections_.empty();
}

bool OrderListener::accept_clients(std::uint64_t now_ns) {
  bool any = false;
  while (connections_.size() < kConnectionsMax) {
    const int client = accept_client(descriptor_);
    if (client < 0) break;
    connections_.push_back(std::make_unique<OrderConnection>(client, now_ns, settings_.index));
    waits_.push_back({client, POLLIN, 0});
    any = true;
  }
  return any;
}

bool OrderListener::serve(OrderConnection& connection, TradingDay& day, const Moment& now) {
  connection.read(streams_.accounts(), now.monotonic_ns);
  bool moved = false;
  while (const auto happened = connection.next(now.monotonic_ns)) {
    moved = true;
    switch (happened->kind) {
      case order::SoupServerEventKind::LoggedIn:
        ++logins_;
        drop_others(connection);
        break;
      case order::SoupServerEventKind::Message:
        day.receive(connection.account(), happened->payload, now.exchange_ns);
        break;
      case order::SoupServerEventKind::LogoutRequested: connection.kill(); return true;
      case order::SoupServerEventKind::Broken:
        connection.write(now.monotonic_ns);
        connection.kill();
        return true;
    }
  }
  return moved;
}

// An account has one connection: the newest.
void OrderListener::drop_others(const OrderConnection& connection) noexcept {
  for (const auto& other : connections_) {
    if (other.get() == &connection || !other->logged_in()) continue;
    if (other->account() == connection.account()) other->kill();
  }
}

void OrderListener::bury(TradingDay& day, const Moment& now) {
  for (std::size_t i = 0; i < connections_.size();) {
    const OrderConnection& connection = *connections_[i];
    if (!connection.dead()) {
      ++i;
      continue;
    }
    const bool was_client = connection.logged_in();
    const std::uint32_t account = connection.account();
    connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i));
    waits_.erase(waits_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    if (was_client && streams_.accounts()[account].settings.cancel_on_disconnect)
      day.cancel_all(account, now.exchange_ns);
  }
}

}  // namespace ridley::venue
