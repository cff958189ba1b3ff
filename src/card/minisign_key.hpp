// SPDX-License-Identifier: Apache-2.0
// In: a secret key of minisign, its password, bytes. Out: a signature file that minisign verifies;
// or a new pair of keys. Cold; where bitstreams are built, not where they run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "card/minisign.hpp"

namespace ridley::card {

// Cleared when it goes.
struct SecretKey {
  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  KeyNumber number{};
  std::array<std::uint8_t, 64> key{};  // the seed and the public key, as libsodium has them
};

// Called only where one is needed.
using AskPassword = std::function<std::string()>;

// Encrypted ones (scrypt) and those of `minisign -G -W`. Throws base::Error: EX_DATAERR where the
// text is no secret key, EX_NOPERM where the password is wrong, EX_OSERR without the memory.
[[nodiscard]] SecretKey read_secret_key(std::string_view file, const AskPassword& ask_password);

// The file NAME.minisig: prehashed, both comments of one line. Throws base::Error (EX_USAGE) where
// the comment has control characters or is longer than minisign reads.
[[nodiscard]] std::string sign(std::span<const std::byte> bytes, const SecretKey& key,
                               std::string_view trusted_comment);

struct KeyFiles {
  std::string public_key;
  std::string secret_key;
  KeyNumber number{};
};

// Without a password the secret key is not encrypted.
[[nodiscard]] KeyFiles make_keys(std::string_view password);

}  // namespace ridley::card
