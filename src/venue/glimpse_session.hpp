// SPDX-License-Identifier: Apache-2.0
// In: a client's connection, an exchange. Out: when it has logged in, one GLIMPSE 5.0 snapshot of
// that moment over SoupBinTCP, then the end of the session. No clock, no socket. One owner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "venue/client_session.hpp"
#include "venue/exchange.hpp"

namespace ridley::venue {

class GlimpseSession {
 public:
  // Whoever has an account may have a snapshot.
  GlimpseSession(const std::string& session, const std::vector<AccountSettings>& accounts);

  // What the client has said since; must not move while it speaks. True if there was anything.
  bool serve(ClientSession& client, const Exchange& exchange, std::uint64_t now_ns);

  // When it got its snapshot; 0: not yet.
  [[nodiscard]] std::uint64_t served_ns() const noexcept { return served_ns_; }

 private:
  std::vector<AccountStream> streams_;  // one an account; that of its login gets the snapshot
  std::uint64_t served_ns_ = 0;
};

}  // namespace ridley::venue
