// SPDX-License-Identifier: Apache-2.0
#include "engine/recovery_sockets.hpp"

namespace ridley::engine {

RecoverySockets::RecoverySockets(const RecoverySettings& settings) : glimpse_{settings.glimpse} {
  for (const Server& server : settings.rerequest) servers_.emplace_back(server.host, server.port);
}

// What does not leave might have been lost on its way as well.
void RecoverySockets::ask(std::size_t server, std::span<const std::byte> datagram) {
  (void)servers_[server].send(datagram);
}

std::optional<std::size_t> RecoverySockets::answer(std::size_t server, std::span<std::byte> into) {
  return servers_[server].receive(into);
}

bool RecoverySockets::start_connect() {
  return glimpse_ && socket_.start_connect(glimpse_->host, glimpse_->port);
}

}  // namespace ridley::engine
