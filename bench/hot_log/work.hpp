// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: 16,384 different sets of arguments for a log call. Cold.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace ridley::bench::hot_log {

inline constexpr std::size_t kCalls = 16'384;
inline constexpr std::uint64_t kSeed = 20'261'121;
// Calls between two times that the ring is emptied outside of the timing.
inline constexpr std::size_t kBatch = 1'000;

struct Said {
  std::uint64_t ns;
  std::uint64_t missing;
  std::uint64_t next;
  std::uint32_t control;
  std::uint32_t locate;
  std::uint32_t quantity;
  std::uint32_t price_e4;
  std::int64_t limit;
  std::int64_t observed;
};

inline std::vector<Said> things_said() {
  std::mt19937_64 random{kSeed};
  std::vector<Said> said(kCalls);
  std::uint64_t ns = 1'795'262'400'000'000'000;
  for (Said& one : said) {
    ns += random() % 1'000'000;
    one = {.ns = ns,
           .missing = random() % 1'000,
           .next = random(),
           .control = static_cast<std::uint32_t>(random() % 25),
           .locate = static_cast<std::uint32_t>(random() % 8'000),
           .quantity = static_cast<std::uint32_t>(random() % 10'000),
           .price_e4 = static_cast<std::uint32_t>(random()),
           .limit = static_cast<std::int64_t>(random()),
           .observed = static_cast<std::int64_t>(random())};
  }
  return said;
}

}  // namespace ridley::bench::hot_log
