// SPDX-License-Identifier: Apache-2.0
// In: a file with a day, and beside it FILE.json, what the generator said of it. Out: what books
// made of the whole day must say. Cold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ridley::bench {

struct DayFacts {
  std::uint64_t messages;
  std::uint64_t bytes;
  std::uint64_t live_orders;
  std::uint64_t levels;
  std::uint64_t bbo_digest;
};

// Nothing where there is no such file. Throws base::Error where it makes no sense.
[[nodiscard]] std::optional<DayFacts> facts_beside(const std::string& day);

}  // namespace ridley::bench
