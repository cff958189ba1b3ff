// SPDX-License-Identifier: Apache-2.0
// The stamped points on the street and their names, used alike in counters, logs and reports. Any
// core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ridley::telemetry {

// In the order the data flows. RxStamp holds how old a frame was when the hot core saw it; every
// other hop holds the time from the frame's stamp to that point.
enum class Hop : std::uint8_t { RxStamp, Decoded, Book, Decided, Approved, Sent };

inline constexpr std::size_t kHopCount = 6;

inline constexpr std::array<Hop, kHopCount> kHops{Hop::RxStamp, Hop::Decoded,  Hop::Book,
                                                  Hop::Decided, Hop::Approved, Hop::Sent};

[[nodiscard]] constexpr std::string_view name(Hop hop) noexcept {
  constexpr std::array<std::string_view, kHopCount> kNames{"rx_stamp", "decoded",  "book",
                                                           "decided",  "approved", "sent"};
  return kNames[static_cast<std::size_t>(hop)];
}

}  // namespace ridley::telemetry
