// SPDX-License-Identifier: Apache-2.0
// In: what the book and the instrument's state say. Out: the market as the gate sees it. Hot core.
#pragma once

#include <cstdint>

namespace ridley::risk {

// Zero is "there is none". As it stands, before anybody has filled it, nothing may be sent.
struct Market {
  std::uint32_t bid_price_e4 = 0;
  std::uint32_t ask_price_e4 = 0;
  std::uint32_t last_price_e4 = 0;
  std::uint32_t lower_band_e4 = 0;
  std::uint32_t upper_band_e4 = 0;
  bool stale = true;
  bool halted = true;
  bool short_sale_restricted = true;
  std::uint64_t age_ns = 0;  // of the newest of these, at the time of the check
};

}  // namespace ridley::risk
