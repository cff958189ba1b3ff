// SPDX-License-Identifier: Apache-2.0
#include "simulation/ack_order.hpp"

#include <utility>

#include "wire/ouch.hpp"

namespace ridley::simulation {
namespace {

// The orders that an answer names; none: it is about the account, and everything before it stands
// before it.
struct Named {
  std::uint32_t order = 0;
  std::uint32_t original = 0;

  template <typename Message>
  void operator()(const Message& message) noexcept {
    if constexpr (requires { message.user_ref_num(); }) order = message.user_ref_num();
    if constexpr (requires { message.orig_user_ref_num(); }) original = message.orig_user_ref_num();
  }

  [[nodiscard]] bool names(std::uint32_t number) const noexcept {
    return number != 0 && (number == order || number == original);
  }
  [[nodiscard]] bool may_pass(const Named& other) const noexcept {
    return order != 0 && other.order != 0 && !names(other.order) && !names(other.original);
  }
};

Named named_by(const std::vector<std::byte>& message) {
  Named named;
  (void)wire::ouch::visit_outbound(message, named);
  return named;
}

}  // namespace

std::uint64_t shuffle_acks(std::vector<std::vector<std::byte>>& messages, venue::Random& random) {
  std::uint64_t changed = 0;
  for (std::size_t last = messages.size(); last > 1; --last) {
    for (std::size_t i = 1; i < last; ++i) {
      const bool free = named_by(messages[i]).may_pass(named_by(messages[i - 1]));
      if (!free || random.chance(0.5)) continue;
      std::swap(messages[i], messages[i - 1]);
      ++changed;
    }
  }
  return changed;
}

}  // namespace ridley::simulation
