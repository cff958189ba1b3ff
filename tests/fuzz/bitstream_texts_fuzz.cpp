// SPDX-License-Identifier: Apache-2.0
// In: any text as what stands beside an xclbin and in the state folder: manifest, signature, keys,
// history, state. Holds their readers to this: they refuse or they read, nothing else; what is read
// of a signature verifies with no key; a history is whole up to where it says.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "card/history.hpp"
#include "card/manifest.hpp"
#include "card/minisign.hpp"
#include "card/minisign_key.hpp"

using namespace ridley;

namespace {

template <typename Read>
void reads_or_refuses(const Read& read) {
  try {
    read();
  } catch (const base::Error& error) {
    RIDLEY_ASSERT(error.exit_code() == EX_DATAERR || error.exit_code() == EX_NOPERM);
  }
}

// A key that nobody has.
const card::PublicKey& some_key() {
  static const card::PublicKey key = card::read_public_key(card::make_keys("").public_key);
  return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  reads_or_refuses([&] {
    const card::Manifest manifest = card::read_manifest(text);
    RIDLEY_ASSERT(manifest.version >= 1 && manifest.version <= card::kBitstreamVersionMax);
    RIDLEY_ASSERT(!manifest.name.empty() && manifest.name.find('/') == std::string::npos);
    RIDLEY_ASSERT(!manifest.as_json.empty());
  });
  reads_or_refuses([&] {
    const card::Signature signature = card::read_signature(text);
    card::PublicKey key = some_key();
    key.number = signature.number;
    RIDLEY_ASSERT(
        !card::signature_fault(std::as_bytes(std::span{bytes, size}), signature, {key}).empty());
  });
  reads_or_refuses([&] { (void)card::read_public_key(text); });
  // Without its password, which would take scrypt's time.
  reads_or_refuses([&] {
    (void)card::read_secret_key(
        text, []() -> std::string { throw base::Error::with_exit(EX_NOPERM, "no password"); });
  });
  reads_or_refuses([&] {
    const card::History history = card::read_history(text, {});
    RIDLEY_ASSERT(history.whole_bytes <= text.size() && history.lines.size() <= 1);
    RIDLEY_ASSERT(history.is_torn == (history.whole_bytes < text.size()));
  });
  reads_or_refuses([&] {
    card::CardState state;
    card::HistoryHead head;
    card::read_state(text, state, head);
  });
  return 0;
}
