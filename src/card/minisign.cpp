// SPDX-License-Identifier: Apache-2.0
#include "card/minisign.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "card/minisign_text.hpp"

namespace ridley::card {
namespace {

constexpr std::size_t kAlgorithmBytes = 2;

template <typename... Parts>
[[noreturn]] void refuse(const Parts&... parts) {
  throw base::Error::with_exit(EX_DATAERR, parts...);
}

// An algorithm of two letters, the number of a key, and what follows.
template <std::size_t kRestBytes>
struct Coded {
  std::array<char, kAlgorithmBytes> algorithm;
  KeyNumber number;
  std::array<std::uint8_t, kRestBytes> rest;

  [[nodiscard]] bool is(std::string_view wanted) const {
    return std::ranges::equal(algorithm, wanted);
  }
};

template <std::size_t kRestBytes>
Coded<kRestBytes> decode(std::string_view line) {
  Coded<kRestBytes> coded;
  static_assert(sizeof coded == kAlgorithmBytes + sizeof(KeyNumber) + kRestBytes);
  std::array<std::uint8_t, sizeof coded> bytes;
  decode_base64(line, bytes);
  std::memcpy(&coded, bytes.data(), sizeof coded);
  return coded;
}

bool prints(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) {
    return letter == '\t' || (letter & 0x80) != 0 || (letter >= ' ' && letter <= '~');
  });
}

bool is_signed(std::span<const std::uint8_t> bytes, const std::array<std::uint8_t, 64>& signature,
               const PublicKey& key) {
  return crypto_sign_verify_detached(signature.data(), bytes.data(), bytes.size(),
                                     key.key.data()) == 0;
}

}  // namespace

std::string key_name(const KeyNumber& number) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string name;
  for (auto byte = number.rbegin(); byte != number.rend(); ++byte) {
    name += kDigits[*byte >> 4];
    name += kDigits[*byte & 15U];
  }
  return name;
}

PublicKey read_public_key(std::string_view file) {
  const auto lines = minisign_lines(file, 2);
  if (!lines[0].starts_with(kUntrustedComment)) refuse("is no public key of minisign");
  const auto coded = decode<32>(lines[1]);
  if (!coded.is(kPlainAlgorithm)) refuse("is no public key for Ed25519");
  return {coded.number, coded.rest};
}

Signature read_signature(std::string_view file) {
  if (file.size() > kSignatureFileBytesMax) refuse("is too long for a signature of minisign");
  const auto lines = minisign_lines(file, 4);
  const bool right =
      lines[0].starts_with(kUntrustedComment) && lines[2].starts_with(kTrustedComment);
  if (!right) refuse("is no signature of minisign");
  const auto coded = decode<64>(lines[1]);
  if (!coded.is(kPlainAlgorithm) && !coded.is(kPrehashedAlgorithm)) {
    refuse("is signed in a way that is not known here");
  }
  Signature signature{coded.is(kPrehashedAlgorithm),
                      coded.number,
                      coded.rest,
                      std::string{lines[2].substr(kTrustedComment.size())},
                      {}};
  if (!prints(signature.trusted_comment)) refuse("has a comment that does not print");
  decode_base64(lines[3], signature.of_comment);
  return signature;
}

std::string signature_fault(std::span<const std::byte> bytes, const Signature& signature,
                            const std::vector<PublicKey>& keys) {
  const auto key = std::ranges::find(keys, signature.number, &PublicKey::number);
  if (key == keys.end()) {
    return "is signed with key " + key_name(signature.number) + ", which is not trusted here";
  }
  std::span content{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  std::array<std::uint8_t, 64> hash;
  if (signature.is_prehashed) {
    crypto_generichash(hash.data(), hash.size(), content.data(), content.size(), nullptr, 0);
    content = hash;
  }
  if (!is_signed(content, signature.of_bytes, *key)) {
    return "was altered after key " + key_name(key->number) + " signed it";
  }
  std::vector<std::uint8_t> covered(signature.of_bytes.begin(), signature.of_bytes.end());
  covered.insert(covered.end(), signature.trusted_comment.begin(), signature.trusted_comment.end());
  if (!is_signed(covered, signature.of_comment, *key)) {
    return "has a trusted comment that key " + key_name(key->number) + " did not sign";
  }
  return {};
}

}  // namespace ridley::card
