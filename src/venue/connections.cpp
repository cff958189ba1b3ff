// SPDX-License-Identifier: Apache-2.0
#include "venue/connections.hpp"

namespace ridley::venue {

void Connections::logged_in(ClientSession& session, std::uint64_t monotonic_ns) {
  const auto faults = faults_.find(session.account());
  if (faults == faults_.end()) return;
  impair(session, faults->second, monotonic_ns);
  if (faults->second.cut) session.cut();
}

void Connections::impair(std::uint32_t account, const ConnectionFaults& faults,
                         std::uint64_t monotonic_ns) {
  faults_[account] = faults;
  for_each(account, [&](ClientSession& session) { impair(session, faults, monotonic_ns); });
}

void Connections::impair(ClientSession& session, const ConnectionFaults& faults,
                         std::uint64_t monotonic_ns) {
  session.impair_up(faults.up, monotonic_ns);
  session.impair_down(faults.down, monotonic_ns);
}

}  // namespace ridley::venue
