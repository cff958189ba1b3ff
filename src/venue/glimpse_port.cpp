// SPDX-License-Identifier: Apache-2.0
#include "venue/glimpse_port.hpp"

#include <utility>

namespace ridley::venue {

namespace {

// A client that does not take its snapshot makes place for others after this.
constexpr std::uint64_t kPatience_ns = 30'000'000'000;

}  // namespace

GlimpsePort::GlimpsePort(const std::string& address, std::uint16_t port, std::string session,
                         std::vector<AccountSettings> accounts, Connections& connections)
    : session_{std::move(session)},
      accounts_{std::move(accounts)},
      connections_{connections},
      socket_{address, port, BoundSocket::Kind::Tcp} {}

GlimpsePort::~GlimpsePort() { connections_.lose_all(); }

bool GlimpsePort::poll(const Exchange& exchange, std::uint64_t monotonic_ns) {
  bool moved = false;
  while (clients_.size() < kClientsMax) {
    const int descriptor = socket_.accept();
    if (descriptor < 0) break;
    Client& client =
        clients_.emplace_back(GlimpseSession{session_, accounts_}, descriptor, monotonic_ns);
    connections_.join(client.connection.session());
    moved = true;
  }
  for (Client& client : clients_) moved |= serve(client, exchange, monotonic_ns);
  std::erase_if(clients_, [this](const Client& client) {
    if (client.connection.dead()) connections_.leave(client.connection.session());
    return client.connection.dead();
  });
  return moved;
}

bool GlimpsePort::serve(Client& client, const Exchange& exchange, std::uint64_t now_ns) {
  OrderConnection& connection = client.connection;
  if (const std::uint64_t served_ns = client.snapshot.served_ns(); served_ns != 0) {
    connection.hear_out(now_ns);
    if (now_ns > served_ns + kPatience_ns) connection.session().kill();
    return false;
  }
  connection.read(now_ns);
  const bool moved = client.snapshot.serve(connection.session(), exchange, now_ns);
  if (client.snapshot.served_ns() != 0) {
    ++snapshots_;
    connections_.logged_in(connection.session(), now_ns);
  }
  connection.write(now_ns);
  return moved;
}

}  // namespace ridley::venue
