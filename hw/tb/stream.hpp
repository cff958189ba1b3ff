// SPDX-License-Identifier: Apache-2.0
// What stands at the two ends of a stream in a bench: when a source has something to give and when
// a sink takes it. Every bench runs in the four combinations. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <random>

namespace ridley::card {

// How an end of a stream behaves.
enum class Pauses : std::uint8_t {
  Never,
  AtRandom,  // every other cycle, in stretches of a few
};

struct Ends {
  Pauses source;
  Pauses sink;
};

inline constexpr std::array<Ends, 4> kAllEnds{{{Pauses::Never, Pauses::Never},
                                               {Pauses::AtRandom, Pauses::Never},
                                               {Pauses::Never, Pauses::AtRandom},
                                               {Pauses::AtRandom, Pauses::AtRandom}}};

class End {
 public:
  End(Pauses pauses, std::uint64_t seed) : pauses_{pauses}, random_{seed} {}

  // Whether it gives or takes in the coming cycle.
  bool active() {
    if (pauses_ == Pauses::Never) return true;
    if (left_ == 0) {
      active_ = random_() % 2 == 0;
      left_ = 1 + static_cast<int>(random_() % 5);
    }
    --left_;
    return active_;
  }

 private:
  Pauses pauses_;
  std::mt19937_64 random_;
  int left_ = 0;
  bool active_ = true;
};

}  // namespace ridley::card
