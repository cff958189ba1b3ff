// SPDX-License-Identifier: Apache-2.0
// In: public keys and signature files of minisign (https://jedisct1.github.io/minisign), and the
// bytes that were signed. Out: whether one of the keys signed them. Cold; any core.
//
// A signature file has four lines: an untrusted comment, the signature, a trusted comment, and a
// signature over the first signature and the trusted comment. Nothing covers the untrusted comment,
// and nobody reads it here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ridley::card {

// Longer files are none: minisign's own limits are 1 KiB and 8 KiB for the comments.
inline constexpr std::size_t kSignatureFileBytesMax = 16 * 1024;

// Tells keys from each other; random, and no proof of anything.
using KeyNumber = std::array<std::uint8_t, 8>;

struct PublicKey {
  KeyNumber number{};
  std::array<std::uint8_t, 32> key{};
};

struct Signature {
  bool is_prehashed = true;  // over the BLAKE2b-512 of the bytes; else over the bytes themselves
  KeyNumber number{};
  std::array<std::uint8_t, 64> of_bytes{};
  std::string trusted_comment;
  std::array<std::uint8_t, 64> of_comment{};
};

// "1CC90DB192C4A2F2", as minisign prints it.
[[nodiscard]] std::string key_name(const KeyNumber& number);

// Throw base::Error (EX_DATAERR) where the text is no such file.
[[nodiscard]] PublicKey read_public_key(std::string_view file);
[[nodiscard]] Signature read_signature(std::string_view file);

// Nothing when one of the keys signed the bytes and the trusted comment; else what is wrong.
[[nodiscard]] std::string signature_fault(std::span<const std::byte> bytes,
                                          const Signature& signature,
                                          const std::vector<PublicKey>& keys);

}  // namespace ridley::card
