// SPDX-License-Identifier: Apache-2.0
#include "card/digest.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace ridley::card {

std::string digest_of(std::span<const std::byte> bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  std::array<char, kDigestLetters + 1> text;
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  return {text.data(), kDigestLetters};
}

std::string digest_of(std::string_view text) { return digest_of(std::as_bytes(std::span{text})); }

bool is_digest(std::string_view text) noexcept {
  return text.size() == kDigestLetters && std::ranges::all_of(text, [](char letter) {
           return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
         });
}

}  // namespace ridley::card
