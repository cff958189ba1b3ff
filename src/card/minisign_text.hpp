// SPDX-License-Identifier: Apache-2.0
// In: the text of a file of minisign. Out: its lines, and the bytes that a line in base64 stands
// for. What its readers and its writers share. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ridley::card {

inline constexpr std::string_view kUntrustedComment = "untrusted comment: ";
inline constexpr std::string_view kTrustedComment = "trusted comment: ";

// Ed25519 over the bytes, or over their BLAKE2b-512.
inline constexpr std::string_view kPlainAlgorithm = "Ed";
inline constexpr std::string_view kPrehashedAlgorithm = "ED";

// Without their ends, which may be those of other systems; the last one need not have any. Throws
// base::Error (EX_DATAERR) unless there are `count`.
[[nodiscard]] std::vector<std::string_view> minisign_lines(std::string_view file,
                                                           std::size_t count);

// Throws base::Error (EX_DATAERR) unless the line stands for exactly that many bytes, in the one
// way there is to write them.
void decode_base64(std::string_view line, std::span<std::uint8_t> bytes);
[[nodiscard]] std::string encode_base64(std::span<const std::uint8_t> bytes);

}  // namespace ridley::card
