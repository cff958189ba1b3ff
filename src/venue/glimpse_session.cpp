// SPDX-License-Identifier: Apache-2.0
#include "venue/glimpse_session.hpp"

#include "venue/snapshot.hpp"

namespace ridley::venue {

GlimpseSession::GlimpseSession(const std::string& session,
                               const std::vector<AccountSettings>& accounts) {
  for (AccountSettings account : accounts) {
    account.port = 0;
    streams_.push_back({account, order::SoupStream{session}});
  }
}

bool GlimpseSession::serve(ClientSession& client, const Exchange& exchange, std::uint64_t now_ns) {
  bool moved = false;
  while (served_ns_ == 0) {
    const auto happened = client.next(streams_, now_ns);
    if (!happened) break;
    moved = true;
    if (happened->kind == order::SoupServerEventKind::LogoutRequested) client.kill();
    if (happened->kind != order::SoupServerEventKind::LoggedIn) continue;
    append_snapshot(exchange, streams_[client.account()].stream);
    client.end_session(now_ns);
    served_ns_ = now_ns;
  }
  return moved;
}

}  // namespace ridley::venue
