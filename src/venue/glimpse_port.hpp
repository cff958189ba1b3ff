// SPDX-License-Identifier: Apache-2.0
// In: clients of a TCP port, an exchange. Out: to each a GLIMPSE 5.0 snapshot
// (venue/glimpse_session.hpp). Never blocks; the venue's thread.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "venue/bound_socket.hpp"
#include "venue/connections.hpp"
#include "venue/exchange.hpp"
#include "venue/glimpse_session.hpp"
#include "venue/order_connection.hpp"

namespace ridley::venue {

class GlimpsePort {
 public:
  // Snapshots are as large as the book, so only so many are kept at once; others wait.
  static constexpr std::size_t kClientsMax = 8;

  // Whoever has an account may have a snapshot. Port 0: any free one. The connections outlive it
  // and are its alone. Throws base::Error.
  GlimpsePort(const std::string& address, std::uint16_t port, std::string session,
              std::vector<AccountSettings> accounts, Connections& connections);
  ~GlimpsePort();
  GlimpsePort(const GlimpsePort&) = delete;
  GlimpsePort& operator=(const GlimpsePort&) = delete;

  // One round. True if anything moved.
  bool poll(const Exchange& exchange, std::uint64_t monotonic_ns);

  [[nodiscard]] std::uint16_t port() const noexcept { return socket_.port(); }
  [[nodiscard]] std::uint64_t snapshots() const noexcept { return snapshots_; }
  [[nodiscard]] bool serves_somebody() const noexcept { return !clients_.empty(); }

 private:
  struct Client {
    Client(GlimpseSession&& own, int descriptor, std::uint64_t now_ns)
        : snapshot{std::move(own)}, connection{descriptor, now_ns} {}
    GlimpseSession snapshot;
    OrderConnection connection;
  };

  bool serve(Client& client, const Exchange& exchange, std::uint64_t now_ns);

  std::string session_;
  std::vector<AccountSettings> accounts_;
  Connections& connections_;
  std::list<Client> clients_;
  std::uint64_t snapshots_ = 0;
  BoundSocket socket_;
};

}  // namespace ridley::venue
