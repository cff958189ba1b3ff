// SPDX-License-Identifier: Apache-2.0
#include "venue/order_listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace ridley::venue {

namespace {

constexpr int kBacklog = 16;

int open_listener(const ListenerSettings& settings) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(settings.port);
  if (::inet_pton(AF_INET, settings.address.c_str(), &address.sin_addr) != 1) {
    throw base::Error::with_exit(EX_USAGE, "order address ", settings.address,
                                 " is not an IPv4 address");
  }
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(descriptor, kBacklog) != 0) {
    const int cause = errno;
    ::close(descriptor);
    throw base::Error::with_exit(EX_UNAVAILABLE, "order port ", settings.address, ":",
                                 settings.port, ": ", std::strerror(cause));
  }
  return descriptor;
}

std::uint16_t bound_port(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

OrderListener::OrderListener(ListenerSettings settings,
                             const std::vector<AccountSettings>& accounts)
    : settings_{std::move(settings)} {
  for (const AccountSettings& account : accounts) {
    accounts_.push_back({account, order::SoupStream{settings_.session}});
  }
  descriptor_ = open_listener(settings_);
  port_ = bound_port(descriptor_);
  waits_.push_back({descriptor_, POLLIN, 0});
}

OrderListener::~OrderListener() { ::close(descriptor_); }

bool OrderListener::poll(TradingDay& day, const Moment& now) {
  bool moved = accept_clients(now.monotonic_ns);
  for (const auto& connection : connections_) moved |= serve(*connection, day, now);
  collect_replies(day);
  for (const auto& connection : connections_) connection->write(now.monotonic_ns);
  bury(day, now);
  return moved;
}

void OrderListener::end_session(TradingDay& day, const Moment& now) {
  collect_replies(day);
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
    const int client = ::accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) break;
    const int on = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections_.push_back(std::make_unique<OrderConnection>(client, now_ns));
    waits_.push_back({client, POLLIN, 0});
    any = true;
  }
  return any;
}

bool OrderListener::serve(OrderConnection& connection, TradingDay& day, const Moment& now) {
  connection.read(accounts_, now.monotonic_ns);
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
    if (was_client && accounts_[account].settings.cancel_on_disconnect)
      day.cancel_all(account, now.exchange_ns);
  }
}

void OrderListener::collect_replies(TradingDay& day) {
  std::vector<Account>& accounts = day.exchange().accounts();
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    MessageBuffer& replies = accounts[i].replies;
    if (replies.empty()) continue;
    for_each_message(replies.bytes(), [&](std::span<const std::byte> message) {
      accounts_[i].stream.append(message);
    });
    replies.clear();
  }
}

}  // namespace ridley::venue
