// SPDX-License-Identifier: Apache-2.0
#include "simulation/copy_rule.hpp"

#include <algorithm>
#include <string>

#include "order/soup_packet.hpp"
#include "simulation/violation.hpp"
#include "wire/ouch.hpp"

namespace ridley::simulation {

void CopyRule::own(const event::OrderEvent& event) {
  if (event.kind != event::OrderEventKind::Executed) return;
  const Key key{event.match_number, event.user_ref};
  if (copied_.erase(key) == 0) own_.emplace(key, true);
}

// The account's name, then the message as the account got it.
void CopyRule::copied(std::span<const std::byte> message, std::uint64_t now_ns) {
  using wire::ouch::OrderExecuted;
  message = message.subspan(std::min(message.size(), order::kUsernameBytes));
  if (message.empty() || static_cast<char>(message[0]) != OrderExecuted::kType) return;
  const OrderExecuted execution{message.data(), message.size()};
  const Key key{execution.match_number(), execution.user_ref_num()};
  if (own_.erase(key) == 0) copied_.emplace(key, Copied{.since_ns = now_ns});
}

void CopyRule::check(bool killed, std::uint64_t now_ns) {
  bool reason = false;
  for (auto& [key, copy] : copied_) {
    const std::uint64_t waits_ns = now_ns - copy.since_ns;
    if (copy.stopped) continue;
    if (waits_ns > patience_ns_ && killed) reason = copy.stopped = true;
    if (!copy.stopped && waits_ns > patience_ns_ + look_ns_)
      throw Violation{Rule::DropCopy, "order " + std::to_string(key.second) +
                                          " was executed, the firm does not know it, and goes on"};
  }
  if (killed && !reason)
    throw Violation{Rule::DropCopy, "the drop copy has stopped the firm for nothing"};
}

}  // namespace ridley::simulation
