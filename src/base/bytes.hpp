// SPDX-License-Identifier: Apache-2.0
// In: a pointer into bytes from outside. Out: a host integer, one load and one swap. Any core.
// The caller has checked that the bytes are there.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ridley::base {

template <std::unsigned_integral Integer>
[[nodiscard]] constexpr Integer swap_bytes(Integer value) noexcept {
  if constexpr (sizeof(Integer) == 1) return value;
  if constexpr (sizeof(Integer) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(Integer) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(Integer) == 8) return __builtin_bswap64(value);
}

static_assert(std::endian::native == std::endian::little, "x86-64 only");

template <std::unsigned_integral Integer>
[[nodiscard]] inline Integer load_big_endian(const std::byte* from) noexcept {
  Integer value;
  std::memcpy(&value, from, sizeof value);
  return swap_bytes(value);
}

template <std::unsigned_integral Integer>
[[nodiscard]] inline Integer load_little_endian(const std::byte* from) noexcept {
  Integer value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <std::unsigned_integral Integer>
inline void store_little_endian(std::byte* to, Integer value) noexcept {
  std::memcpy(to, &value, sizeof value);
}

template <std::unsigned_integral Integer>
inline void store_big_endian(std::byte* to, Integer value) noexcept {
  value = swap_bytes(value);
  std::memcpy(to, &value, sizeof value);
}

// Six bytes as one eight-byte load: the two bytes before them must be readable, which every ITCH
// timestamp (offset 5) grants.
[[nodiscard]] inline std::uint64_t load_big_endian_48(const std::byte* from) noexcept {
  return load_big_endian<std::uint64_t>(from - 2) & 0xFFFF'FFFF'FFFFULL;
}

inline void store_big_endian_48(std::byte* to, std::uint64_t value) noexcept {
  store_big_endian(to, static_cast<std::uint16_t>(value >> 32));
  store_big_endian(to + 2, static_cast<std::uint32_t>(value));
}

}  // namespace ridley::base
