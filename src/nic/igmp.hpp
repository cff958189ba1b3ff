// SPDX-License-Identifier: Apache-2.0
// In: a group to join or leave. Out: the IGMP frame that says so (RFC 2236, RFC 3376). A port that
// bypasses the kernel has nobody else to tell the switch. Called before start and every minute.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "nic/ethernet.hpp"
#include "nic/frame.hpp"

namespace ridley::nic {

enum class IgmpVersion : std::uint8_t { V2 = 2, V3 = 3 };

struct IgmpSender {
  MacAddress mac{};
  std::uint32_t ip = 0;
  std::uint16_t vlan = 0;  // 0: no tag
  IgmpVersion version = IgmpVersion::V3;
};

// A switch forgets a group after 260 s without a report (RFC 3376, 8.4); two may be lost.
inline constexpr std::uint64_t kIgmpReportEveryNs = 60'000'000'000;

// Sources narrow a join to a few senders (version 3 only, at most kIgmpSourcesMax); none: any
// sender.
inline constexpr std::size_t kIgmpSourcesMax = 16;

// The frame's length, or 0 when the address is not a group, the sources do not fit, or the room is
// too small. kFrameBytesMax bytes are always enough.
[[nodiscard]] std::size_t build_igmp_join(std::span<std::byte> room, const IgmpSender& sender,
                                          std::uint32_t group,
                                          std::span<const std::uint32_t> sources = {}) noexcept;

[[nodiscard]] std::size_t build_igmp_leave(std::span<std::byte> room, const IgmpSender& sender,
                                           std::uint32_t group) noexcept;

// Whether a frame that strip() called Igmp asks who listens to that group or to anything at all.
[[nodiscard]] bool is_igmp_query_for(const Frame& frame, std::uint32_t group) noexcept;

}  // namespace ridley::nic
