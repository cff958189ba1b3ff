// SPDX-License-Identifier: Apache-2.0
// In: addresses as people write them. Out: numbers, and back. Cold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "nic/ethernet.hpp"

namespace ridley::nic {

// "233.54.12.1"; empty when it is not four numbers of 0 to 255.
[[nodiscard]] std::optional<std::uint32_t> parse_ipv4(std::string_view text) noexcept;
[[nodiscard]] std::string format_ipv4(std::uint32_t ip);

// "02:00:00:00:00:01", upper or lower case.
[[nodiscard]] std::optional<MacAddress> parse_mac(std::string_view text) noexcept;
[[nodiscard]] std::string format_mac(const MacAddress& mac);

struct NetworkAddress {
  std::uint32_t ip = 0;
  unsigned prefix_bits = 0;
};

// "192.0.2.10/24": an address and how much of it is its network's, 1 to 31 bits.
[[nodiscard]] std::optional<NetworkAddress> parse_network(std::string_view text) noexcept;

struct SocketAddress {
  std::uint32_t ip = 0;
  std::uint16_t port = 0;
};

// "233.54.12.1:26477", the port not 0.
[[nodiscard]] std::optional<SocketAddress> parse_socket_address(std::string_view text) noexcept;

}  // namespace ridley::nic
