// SPDX-License-Identifier: Apache-2.0
// In: sessions of the clients of one port. Out: whose they are, and what a scenario does to them
// and to those to come. No clock, no socket; one owner.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "venue/client_session.hpp"

namespace ridley::venue {

// What goes wrong with an account's connections, those to come included.
struct ConnectionFaults {
  StreamFaults up = {};
  StreamFaults down = {};
  bool cut = false;  // whoever logs in is cut off in the middle of what it is told first
};

class Connections {
 public:
  // A connection that was made; it must not move until it is lost.
  void join(ClientSession& session) { sessions_.push_back(&session); }
  // It has said whose it is.
  void logged_in(ClientSession& session, std::uint64_t monotonic_ns);
  void leave(const ClientSession& session) { std::erase(sessions_, &session); }
  // All of them are gone.
  void lose_all() noexcept { sessions_.clear(); }

  void impair(std::uint32_t account, const ConnectionFaults& faults, std::uint64_t monotonic_ns);

  // Those of an account that are logged in.
  template <typename Deed>
  void for_each(std::uint32_t account, Deed&& deed) {
    for (ClientSession* session : sessions_)
      if (session->logged_in() && !session->dead() && session->account() == account) deed(*session);
  }

 private:
  static void impair(ClientSession& session, const ConnectionFaults& faults,
                     std::uint64_t monotonic_ns);

  std::vector<ClientSession*> sessions_;
  std::map<std::uint32_t, ConnectionFaults> faults_;  // by account
};

}  // namespace ridley::venue
