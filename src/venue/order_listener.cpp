// SPDX-License-Identifier: Apache-2.0
#include "venue/order_listener.hpp"

#include <utility>

namespace ridley::venue {

OrderListener::OrderListener(ListenerSettings settings, AccountStreams& streams)
    : settings_{std::move(settings)},
      streams_{streams},
      gateway_{streams},
      socket_{settings_.address, settings_.port, BoundSocket::Kind::Tcp} {
  waits_.push_back({socket_.descriptor(), POLLIN, 0});
}

bool OrderListener::poll(TradingDay& day, const Moment& now) {
  bool moved = accept_clients(now.monotonic_ns);
  for (const auto& connection : connections_) {
    connection->read(now.monotonic_ns);
    moved |= gateway_.serve(connection->session(), day, now);
  }
  streams_.collect(day.exchange().accounts(), now.exchange_ns);
  for (const auto& connection : connections_) connection->write(now.monotonic_ns);
  bury(day, now);
  return moved;
}

void OrderListener::end_session(TradingDay& day, const Moment& now) {
  streams_.collect(day.exchange().accounts(), kNever);
  for (const auto& connection : connections_) {
    connection->write(now.monotonic_ns);
    connection->session().end_session(now.monotonic_ns);
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
    const int client = socket_.accept();
    if (client < 0) break;
    connections_.push_back(std::make_unique<OrderConnection>(client, now_ns, settings_.index,
                                                             settings_.seed + connected_++));
    gateway_.join(connections_.back()->session());
    waits_.push_back({client, POLLIN, 0});
    any = true;
  }
  return any;
}

// As a process that dies: the kernel closes what it had open.
void OrderListener::crash() {
  gateway_.lose_all();
  connections_.clear();
  waits_.clear();
  socket_.close();
}

void OrderListener::restart() {
  socket_.open();
  waits_.push_back({socket_.descriptor(), POLLIN, 0});
}

void OrderListener::bury(TradingDay& day, const Moment& now) {
  for (std::size_t i = 0; i < connections_.size();) {
    const OrderConnection& connection = *connections_[i];
    if (!connection.dead()) {
      ++i;
      continue;
    }
    gateway_.leave(connection.session(), day, now);
    connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i));
    waits_.erase(waits_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
}

}  // namespace ridley::venue
