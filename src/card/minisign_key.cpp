// SPDX-License-Identifier: Apache-2.0
#include "card/minisign_key.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/error.hpp"
#include "card/minisign_text.hpp"

namespace ridley::card {
namespace {

constexpr std::string_view kScrypt = "Sc";
constexpr std::string_view kNoScrypt{"\0\0", 2};
constexpr std::string_view kBlake = "B2";
// What minisign itself asks for; a file that wants more would only take memory.
constexpr std::uint64_t kWorkMax = crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE;
constexpr std::uint64_t kMemoryMax = crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE;
// A quarter of it, so that a small build machine can sign: 256 MB and about a second.
constexpr std::uint64_t kWork = kWorkMax / 4;
constexpr std::uint64_t kMemory = kMemoryMax / 4;
// minisign reads lines of up to 8 KiB.
constexpr std::size_t kCommentLettersMax = 4096;

using Check = std::array<std::uint8_t, 32>;

// What scrypt's stream lies over.
struct Secret {
  KeyNumber number;
  std::array<std::uint8_t, 64> key;
  Check check;
};

struct SecretFile {
  std::array<char, 2> signing;
  std::array<char, 2> stretching;
  std::array<char, 2> checking;
  std::array<std::uint8_t, 32> salt;
  std::array<std::uint8_t, 8> work;
  std::array<std::uint8_t, 8> memory;
  Secret secret;
};
static_assert(sizeof(SecretFile) == 158, "as minisign writes it, without padding");

using SecretBytes = std::array<std::uint8_t, sizeof(SecretFile)>;

template <typename Text>
bool is(const Text& text, std::string_view wanted) {
  return std::ranges::equal(text, wanted);
}

std::uint64_t load(const std::array<std::uint8_t, 8>& from) {
  std::uint64_t value;
  std::memcpy(&value, from.data(), sizeof value);
  return value;
}

Check check_of(const SecretFile& file) {
  Check check;
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, check.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(file.signing.data()),
                            file.signing.size());
  crypto_generichash_update(&state, file.secret.number.data(), file.secret.number.size());
  crypto_generichash_update(&state, file.secret.key.data(), file.secret.key.size());
  crypto_generichash_final(&state, check.data(), check.size());
  return check;
}

// Encrypts what is open and opens what is encrypted.
void lay_stream_over(SecretFile& file, std::string_view password) {
  std::array<std::uint8_t, sizeof(Secret)> stream;
  const int result = crypto_pwhash_scryptsalsa208sha256(
      stream.data(), stream.size(), password.data(), password.size(), file.salt.data(),
      load(file.work), load(file.memory));
  if (result != 0) {
    throw base::Error::with_exit(EX_OSERR, "needs ", load(file.memory) >> 20,
                                 " MiB of memory to be opened");
  }
  auto* secret = reinterpret_cast<std::uint8_t*>(&file.secret);
  for (std::size_t i = 0; i < stream.size(); ++i) secret[i] ^= stream[i];
  sodium_memzero(stream.data(), stream.size());
}

// Its second half is made from its first; a key where it is not would sign nothing that verifies,
// and give itself away doing so.
bool is_pair(const std::array<std::uint8_t, 64>& key) {
  std::array<std::uint8_t, 32> public_key;
  std::array<std::uint8_t, 64> again;
  crypto_sign_seed_keypair(public_key.data(), again.data(), key.data());
  const bool same = sodium_memcmp(again.data(), key.data(), key.size()) == 0;
  sodium_memzero(again.data(), again.size());
  return same;
}

SecretKey open(SecretFile& file, const AskPassword& ask_password) {
  const bool is_encrypted = is(file.stretching, kScrypt);
  if (!is(file.signing, kPlainAlgorithm) || !is(file.checking, kBlake) ||
      !(is_encrypted || is(file.stretching, kNoScrypt))) {
    throw base::Error::with_exit(EX_DATAERR, "is no secret key of minisign that is known here");
  }
  if (is_encrypted) {
    if (load(file.work) > kWorkMax || load(file.memory) > kMemoryMax) {
      throw base::Error::with_exit(EX_DATAERR, "wants more than minisign ever does to be opened");
    }
    std::string password = ask_password();
    lay_stream_over(file, password);
    sodium_memzero(password.data(), password.size());
    if (check_of(file) != file.secret.check) {
      throw base::Error::with_exit(EX_NOPERM, "was not opened: the password is wrong");
    }
  }
  if (!is_pair(file.secret.key)) {
    throw base::Error::with_exit(EX_DATAERR, "is damaged: its two halves do not belong together");
  }
  SecretKey key;
  key.number = file.secret.number;
  key.key = file.secret.key;
  return key;
}

void start() {
  if (sodium_init() < 0) throw base::Error::with_exit(EX_OSERR, "libsodium does not start");
}

template <typename... Parts>
std::vector<std::uint8_t> joined(const Parts&... parts) {
  std::vector<std::uint8_t> all;
  (all.insert(all.end(), parts.begin(), parts.end()), ...);
  return all;
}

std::array<std::uint8_t, 64> sign_detached(std::span<const std::uint8_t> bytes,
                                           const SecretKey& key) {
  std::array<std::uint8_t, 64> signature;
  crypto_sign_detached(signature.data(), nullptr, bytes.data(), bytes.size(), key.key.data());
  return signature;
}

}  // namespace

SecretKey::~SecretKey() { sodium_memzero(key.data(), key.size()); }

SecretKey read_secret_key(std::string_view text, const AskPassword& ask_password) {
  start();
  const auto lines = minisign_lines(text, 2);
  if (!lines[0].starts_with(kUntrustedComment)) {
    throw base::Error::with_exit(EX_DATAERR, "is no secret key of minisign");
  }
  SecretBytes bytes;
  decode_base64(lines[1], bytes);
  SecretFile file;
  std::memcpy(&file, bytes.data(), bytes.size());
  SecretKey key = open(file, ask_password);
  sodium_memzero(&file, sizeof file);
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

std::string sign(std::span<const std::byte> bytes, const SecretKey& key,
                 std::string_view trusted_comment) {
  start();
  const bool prints = std::ranges::none_of(
      trusted_comment, [](unsigned char letter) { return letter < ' ' && letter != '\t'; });
  if (!prints || trusted_comment.size() > kCommentLettersMax) {
    throw base::Error::with_exit(EX_USAGE, "the comment has to be one line of at most ",
                                 kCommentLettersMax, " letters");
  }
  std::array<std::uint8_t, 64> hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), nullptr, 0);
  const auto of_bytes = sign_detached(hash, key);
  const auto of_comment = sign_detached(joined(of_bytes, trusted_comment), key);
  std::string file{kUntrustedComment};
  file += "signature of ridley card\n";
  file += encode_base64(joined(kPrehashedAlgorithm, key.number, of_bytes)) + "\n";
  file += std::string{kTrustedComment} + std::string{trusted_comment} + "\n";
  return file + encode_base64(of_comment) + "\n";
}

KeyFiles make_keys(std::string_view password) {
  start();
  SecretFile file{};
  std::array<std::uint8_t, 32> public_key;
  std::ranges::copy(kPlainAlgorithm, file.signing.begin());
  std::ranges::copy(kBlake, file.checking.begin());
  crypto_sign_keypair(public_key.data(), file.secret.key.data());
  randombytes_buf(file.secret.number.data(), file.secret.number.size());
  const KeyNumber number = file.secret.number;
  if (!password.empty()) {
    std::ranges::copy(kScrypt, file.stretching.begin());
    randombytes_buf(file.salt.data(), file.salt.size());
    std::memcpy(file.work.data(), &kWork, sizeof kWork);
    std::memcpy(file.memory.data(), &kMemory, sizeof kMemory);
    file.secret.check = check_of(file);
    lay_stream_over(file, password);
  }
  const std::string comment{kUntrustedComment};
  const std::string name = key_name(number);
  KeyFiles files{
      comment + "minisign public key " + name + "\n" +
          encode_base64(joined(kPlainAlgorithm, number, public_key)) + "\n",
      comment + "minisign " + (password.empty() ? "" : "encrypted ") + "secret key " + name + "\n" +
          encode_base64({reinterpret_cast<const std::uint8_t*>(&file), sizeof file}) + "\n",
      number};
  sodium_memzero(&file, sizeof file);
  return files;
}

}  // namespace ridley::card
