// SPDX-License-Identifier: Apache-2.0
// In: a MoldUDP64 packet that nobody has looked at yet. Out: which order and instrument its first
// message is about, if it is what most are. Good for asking the memory ahead and nothing else: the
// packet may be wrong, late, or about something different. Hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "feed/blocks.hpp"
#include "wire/itch.hpp"
#include "wire/mold.hpp"

namespace ridley::feed {

struct Glance {
  std::uint16_t locate;
  std::uint64_t order_id;  // 0 and the locate 0 in what is too short for an order
};

[[nodiscard]] inline Glance glance(std::span<const std::byte> udp_payload) noexcept {
  // Every message about an order begins like this one, which is the shortest.
  using wire::itch::OrderDelete;
  constexpr std::size_t kFirstAt = wire::mold::Header::kSize + Blocks::kLengthBytes;
  if (udp_payload.size() < kFirstAt + OrderDelete::kSize) return {};
  const std::byte* const first = udp_payload.data() + kFirstAt;
  return {.locate = base::load_big_endian<std::uint16_t>(first + OrderDelete::kStockLocateAt),
          .order_id =
              base::load_big_endian<std::uint64_t>(first + OrderDelete::kOrderReferenceNumberAt)};
}

}  // namespace ridley::feed
