// SPDX-License-Identifier: Apache-2.0
// In: price and quantity of every best bid and ask, instrument after instrument. Out: the number
// that book::Books::bbo_digest makes of the same tops, found without Ridley's books. Cold.
#pragma once

#include <cstdint>

namespace ridley::bench {

class BboDigest {
 public:
  // Of an empty side both are 0.
  void add(std::uint32_t price_e4, std::uint64_t quantity) noexcept {
    mix(price_e4);
    mix(quantity);
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

 private:
  void mix(std::uint64_t value) noexcept {
    value_ = (value_ ^ value) * 1'099'511'628'211ULL;
    value_ ^= value_ >> 29;
  }

  std::uint64_t value_ = 1'469'598'103'934'665'603ULL;
};

}  // namespace ridley::bench
