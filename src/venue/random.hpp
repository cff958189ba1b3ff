// SPDX-License-Identifier: Apache-2.0
// In: a seed. Out: the same numbers in the same order on every machine (xoshiro256**, seeded with
// splitmix64; the standard library's distributions differ between implementations). Any core.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace ridley::venue {

class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept {
    for (std::uint64_t& word : state_) {
      seed += 0x9E37'79B9'7F4A'7C15ULL;
      std::uint64_t mixed = (seed ^ (seed >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
      mixed = (mixed ^ (mixed >> 27)) * 0x94D0'49BB'1331'11EBULL;
      word = mixed ^ (mixed >> 31);
    }
  }

  [[nodiscard]] std::uint64_t next() noexcept {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // 0 .. bound - 1. The bias of the multiplication is below bound / 2^32 and of no matter here.
  [[nodiscard]] std::uint32_t below(std::uint32_t bound) noexcept {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }

  // 0 <= value < 1, 53 bits.
  [[nodiscard]] double unit() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  [[nodiscard]] bool chance(double probability) noexcept { return unit() < probability; }

  // Waiting time with that mean, in whole units.
  [[nodiscard]] std::uint64_t exponential(double mean) noexcept {
    return static_cast<std::uint64_t>(-std::log(1.0 - unit()) * mean);
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace ridley::venue
