// SPDX-License-Identifier: Apache-2.0
// In: a log file, cut into pieces by its own first byte. Holds the decoder to this: it ends, every
// entry can be printed, and a cut changes nothing.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/assert.hpp"
#include "telemetry/hot_log_decoder.hpp"

using namespace ridley;

namespace {

using telemetry::HotLogDecoder;

struct Seen {
  std::vector<std::string> texts;
  HotLogDecoder::Step last = HotLogDecoder::Step::More;
  std::string damage;
  friend bool operator==(const Seen&, const Seen&) = default;
};

Seen decode(std::span<const std::byte> file, std::size_t piece) {
  Seen seen;
  HotLogDecoder decoder;
  do {
    const std::size_t length = piece < file.size() ? piece : file.size();
    decoder.feed(file.first(length));
    file = file.subspan(length);
    while ((seen.last = decoder.next()) == HotLogDecoder::Step::Entry) {
      RIDLEY_ASSERT(decoder.has_header());
      seen.texts.push_back(text_of(decoder.entry()));
    }
  } while (!file.empty() && seen.last != HotLogDecoder::Step::Damaged);
  seen.damage = decoder.damage();
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::byte> file = std::as_bytes(std::span{bytes, size}).subspan(1);
  RIDLEY_ASSERT(decode(file, bytes[0] % 64U + 1) == decode(file, size));
  return 0;
}
