// SPDX-License-Identifier: Apache-2.0
#include "simulation/session_link.hpp"

#include <algorithm>
#include <vector>

namespace ridley::simulation {
namespace {

order::SoupClientSettings resumed(order::SoupClientSettings login,
                                  const std::optional<order::StreamPlace>& found) {
  if (!found) return login;
  login.session = found->session;
  login.next_sequence = found->next_sequence;
  return login;
}

}  // namespace

SessionLink::SessionLink(Market& market, const SessionLinkSettings& settings, std::uint64_t now_ns)
    : market_{market},
      port_{settings.port},
      reconnect_ns_{settings.reconnect_ns},
      place_{settings.place},
      session_{resumed(settings.login, place_.found())},
      connect_ns_{now_ns} {}

const order::SoupStream& SessionLink::stream() const noexcept {
  return port_ == Port::Orders ? market_.stream() : market_.drop_copy();
}

void SessionLink::move(std::uint64_t now_ns) {
  if (!session_.is_connected() && now_ns >= connect_ns_) {
    connect_ns_ = now_ns + reconnect_ns_;
    if (market_.connect(now_ns, port_)) session_.connected(now_ns);
  }
  if (!session_.is_connected()) return;
  const std::size_t taken = std::min(market_.room(port_), session_.output().size());
  if (taken > 0) {
    market_.receive(session_.output().first(taken), now_ns, port_);
    session_.sent(taken);
  }
  const std::vector<std::byte> arrived = market_.take_output(now_ns, port_);
  if (!arrived.empty()) session_.receive(arrived, now_ns);
  if (market_.hung_up(port_) || !session_.is_connected()) lose(now_ns);
}

void SessionLink::poll(std::uint64_t now_ns) {
  const bool connected = session_.is_connected();
  session_.poll(now_ns);
  if (connected && !session_.is_connected()) lose(now_ns);
}

void SessionLink::lose(std::uint64_t now_ns, std::uint64_t until_ns) {
  if (session_.is_connected()) session_.disconnected();
  market_.disconnect(port_);
  connect_ns_ = std::max({connect_ns_, now_ns + reconnect_ns_, until_ns});
}

void SessionLink::keep_place() {
  const std::uint64_t next = session_.next_sequence();
  if (next == kept_ || !session_.messages().empty()) return;
  kept_ = next;
  (void)place_.keep(stream().session(), next);
}

}  // namespace ridley::simulation
