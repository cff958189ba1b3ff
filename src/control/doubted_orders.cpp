// SPDX-License-Identifier: Apache-2.0
#include "control/doubted_orders.hpp"

#include <algorithm>

namespace ridley::control {

void DoubtedOrders::doubt(std::uint32_t user_ref) {
  event::Command command{};
  command.kind = event::CommandKind::DoubtOrder;
  command.value = user_ref;
  locates_.emplace(user_ref, give_(command).locate);
}

void DoubtedOrders::settle(std::uint32_t user_ref) {
  const auto found = locates_.find(user_ref);
  if (found == locates_.end()) return;
  event::Command command{};
  command.kind = event::CommandKind::SettleDoubt;
  command.locate = found->second;
  locates_.erase(found);
  const bool another = std::ranges::any_of(
      locates_, [&](const auto& entry) { return entry.second == command.locate; });
  if (!another) (void)give_(command);
}

void DoubtedOrders::settle_all() {
  while (!locates_.empty()) settle(locates_.begin()->first);
}

}  // namespace ridley::control
