// SPDX-License-Identifier: Apache-2.0
// In: states of groups of instruments. Out: the state of an instrument whose group nobody knows: it
// trades where all groups of its channel do, else it has the state of one that does not. Fixed
// memory; the hot core.
// Source: MDP 3.0, section 3 "30 security status".
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "feed/mdp_events.hpp"
#include "wire/alpha.hpp"

namespace ridley::feed {

class MdpGroups {
 public:
  using Group = wire::Alpha<6>;
  // A channel has a handful. Where there are more nobody trades any more.
  static constexpr std::size_t kGroupsMax = 64;

  void tell(const Group& group, const MdpState& state) noexcept {
    std::size_t place = 0;
    while (place < count_ && groups_[place].group != group) ++place;
    if (place == kGroupsMax) {
      too_many_ = true;
      return;
    }
    groups_[place] = {group, state};
    if (place == count_) ++count_;
  }

  // Nothing before the first one.
  [[nodiscard]] std::optional<MdpState> common() const noexcept {
    constexpr MdpState kHalted{'H', true, false};
    if (too_many_) return kHalted;
    if (count_ == 0) return std::nullopt;
    for (std::size_t i = 0; i < count_; ++i)
      if (!groups_[i].state.trades) return groups_[i].state;
    return groups_[0].state;
  }

  void clear() noexcept { *this = MdpGroups{}; }

 private:
  struct One {
    Group group;
    MdpState state;
  };

  std::array<One, kGroupsMax> groups_{};
  std::size_t count_ = 0;
  bool too_many_ = false;
};

}  // namespace ridley::feed
