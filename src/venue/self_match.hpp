// SPDX-License-Identifier: Apache-2.0
// In: firms, and the group and strategy that their orders name (OUCH 5.0, elements AiqStrategy and
// AiqGroupID). Out: one number a group, as the matching engine compares them. The letters of the
// strategies are not in the sheet: they are what clients in the field send. One owner.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "venue/order_terms.hpp"

namespace ridley::venue {

// Of a strategy's letter; the same in small letters means the same here, because the simulated
// exchange knows no organisations above firms. Nothing for a letter that is none.
[[nodiscard]] constexpr std::optional<SelfMatch> self_match_of(char letter) noexcept {
  switch (letter) {
    case 'O':
    case 'o': return SelfMatch::CancelOldest;
    case 'W':
    case 'w': return SelfMatch::CancelNewest;
    case 'D':
    case 'd':
    case 'Y':
    case 'y': return SelfMatch::DecrementBoth;
    default: return std::nullopt;
  }
}

class SelfMatchGroups {
 public:
  // Without a group of its own an order belongs to its firm's group 0. The number is not 0; 0 when
  // there are more groups than numbers, and then nothing is prevented.
  [[nodiscard]] std::uint16_t number(std::string_view firm, std::uint16_t group) {
    const auto [found, is_new] = numbers_.try_emplace(std::pair{std::string{firm}, group}, 0);
    if (is_new && next_ != 0) found->second = next_++;
    return found->second;
  }

 private:
  std::map<std::pair<std::string, std::uint16_t>, std::uint16_t> numbers_;
  std::uint16_t next_ = 1;
};

}  // namespace ridley::venue
