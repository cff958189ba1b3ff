// SPDX-License-Identifier: Apache-2.0
// In: a recorded frame. Out: one that a port takes: recordings are published with other addresses
// than those that were summed up, or with none. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ridley::nic {

// Stands for the port of a datagram that has none left.
inline constexpr std::uint16_t kAnonymousPort = 26477;

// Makes IPv4's checksum anew, takes a wrong one of UDP out and gives port 0 a number; everything
// else stays. False when nothing was wrong.
bool repair_anonymous(std::span<std::byte> frame) noexcept;

}  // namespace ridley::nic
