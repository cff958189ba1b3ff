// SPDX-License-Identifier: Apache-2.0
#include "simulation/session_link.hpp"

#include <algorithm>
#include <vector>

namespace ridley::simulation {
namespace {

// A day's replies and some.
constexpr std::size_t kHeardMax = 4'096;

order::SoupSessionSettings session_settings(const order::SoupClientSettings& login,
                                            const std::optional<order::StreamPlace>& found) {
  order::SoupSessionSettings settings;
  settings.soup = login;
  if (found) settings.resume(*found);
  return settings;
}

}  // namespace

SessionLink::SessionLink(Market& market, const SessionLinkSettings& settings, std::uint64_t now_ns)
    : market_{market},
      port_{settings.port},
      reconnect_ns_{settings.reconnect_ns},
      heard_{kHeardMax},
      place_{settings.place},
      session_{session_settings(settings.login, place_.found()), heard_, &place_},
      connect_ns_{now_ns} {}

void SessionLink::move(std::uint64_t now_ns) {
  (void)session_.push_waiting();
  if (!is_connected() && now_ns >= connect_ns_) {
    connect_ns_ = now_ns + reconnect_ns_;
    if (market_.connect(now_ns, port_)) session_.connected(now_ns);
  }
  if (!is_connected()) return;
  order::SoupClient& soup = session_.soup();
  const std::size_t taken = std::min(market_.room(port_), soup.output().size());
  if (taken > 0) {
    market_.receive(soup.output().first(taken), now_ns, port_);
    soup.sent(taken);
  }
  const std::vector<std::byte> arrived = market_.take_output(now_ns, port_);
  if (!arrived.empty()) session_.receive(arrived, now_ns);
  deliver(now_ns);
  if (is_connected() && market_.hung_up(port_)) lose(now_ns);
}

void SessionLink::poll(std::uint64_t now_ns) {
  if (!is_connected()) return;
  session_.soup().poll(now_ns);
  deliver(now_ns);
}

void SessionLink::send(const order::Outbound& packet, std::uint64_t now_ns) {
  if (session_.accepts(packet)) session_.send(packet, now_ns);
}

void SessionLink::deliver(std::uint64_t now_ns) {
  if (session_.deliver(now_ns) == order::SoupSession::Delivery::Broken) lose(now_ns);
}

// Even when it was refused: the operator would see to it and start again.
void SessionLink::lose(std::uint64_t now_ns, std::uint64_t until_ns) {
  if (is_connected()) (void)session_.lost(session_.cause());
  (void)session_.push_waiting();
  market_.disconnect(port_);
  connect_ns_ = std::max({connect_ns_, now_ns + reconnect_ns_, until_ns});
}

}  // namespace ridley::simulation
