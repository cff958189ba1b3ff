// SPDX-License-Identifier: Apache-2.0
// In: bytes. Out: their SHA-256 as sha256sum prints it. Cold; any core.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace ridley::card {

inline constexpr std::size_t kDigestLetters = 64;

[[nodiscard]] std::string digest_of(std::span<const std::byte> bytes);
[[nodiscard]] std::string digest_of(std::string_view text);

// 64 hexadecimal digits, the letters small.
[[nodiscard]] bool is_digest(std::string_view text) noexcept;

}  // namespace ridley::card
