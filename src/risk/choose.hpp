// SPDX-License-Identifier: Apache-2.0
// In: what differs from order to order and cannot be guessed, such as the side. Out: a choice or an
// answer without a jump: a wrongly guessed one costs as much as half of all the controls. Hot core.
#pragma once

#include <cstdint>

namespace ridley::risk {

// One of two by a mask, not by a jump.
template <typename Integer>
[[nodiscard]] constexpr Integer choose(bool first, Integer one, Integer other) noexcept {
  const Integer mask = static_cast<Integer>(-static_cast<Integer>(first));
  return static_cast<Integer>((one & mask) | (other & static_cast<Integer>(~mask)));
}

// Whether a letter is one of some that lie within 64 of the first: one shift for any number of
// them.
template <char kFirst, char... kOthers>
[[nodiscard]] constexpr bool is_one_of(std::uint8_t letter) noexcept {
  constexpr std::uint64_t kMask = 1 | ((std::uint64_t{1} << (kOthers - kFirst)) | ... | 0);
  const auto at = static_cast<unsigned>(letter) - static_cast<unsigned>(kFirst);
  return at < 64 && ((kMask >> at) & 1) != 0;
}

}  // namespace ridley::risk
