// SPDX-License-Identifier: Apache-2.0
// In: addresses as people write them. Out: numbers, and back. Cold.
#include "nic/address.hpp"

#include <charconv>
#include <cstddef>
#include <cstdio>

namespace ridley::nic {
namespace {

// A whole number of that base with nothing before or behind it.
template <typename Integer>
std::optional<Integer> parse_whole(std::string_view text, int base) noexcept {
  Integer value{};
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

// Cuts off what stands before the separator, or all of it.
std::string_view take_part(std::string_view& text, char separator) noexcept {
  const std::size_t at = text.find(separator);
  const std::string_view part = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return part;
}

}  // namespace

std::optional<std::uint32_t> parse_ipv4(std::string_view text) noexcept {
  if (text.empty() || text.back() == '.') return std::nullopt;
  std::uint32_t ip = 0;
  for (int part = 0; part < 4; ++part) {
    const auto number = parse_whole<std::uint8_t>(take_part(text, '.'), 10);
    if (!number) return std::nullopt;
    ip = ip << 8 | *number;
  }
  if (!text.empty()) return std::nullopt;
  return ip;
}

std::string format_ipv4(std::uint32_t ip) {
  char text[16];
  std::snprintf(text, sizeof text, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 0xFF, ip >> 8 & 0xFF,
                ip & 0xFF);
  return text;
}

std::optional<MacAddress> parse_mac(std::string_view text) noexcept {
  if (text.size() != 17) return std::nullopt;
  MacAddress mac{};
  for (std::uint8_t& octet : mac) {
    const std::string_view part = take_part(text, ':');
    const auto number = parse_whole<std::uint8_t>(part, 16);
    if (!number || part.size() != 2) return std::nullopt;
    octet = *number;
  }
  if (!text.empty()) return std::nullopt;
  return mac;
}

std::string format_mac(const MacAddress& mac) {
  char text[18];
  std::snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                mac[4], mac[5]);
  return text;
}

std::optional<NetworkAddress> parse_network(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto ip = parse_ipv4(text.substr(0, slash));
  const auto bits = parse_whole<std::uint8_t>(text.substr(slash + 1), 10);
  if (!ip || !bits || *bits == 0 || *bits > 31) return std::nullopt;
  return NetworkAddress{.ip = *ip, .prefix_bits = *bits};
}

std::optional<SocketAddress> parse_socket_address(std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto ip = parse_ipv4(text.substr(0, colon));
  const auto port = parse_whole<std::uint16_t>(text.substr(colon + 1), 10);
  if (!ip || !port || *port == 0) return std::nullopt;
  return SocketAddress{.ip = *ip, .port = *port};
}

}  // namespace ridley::nic
