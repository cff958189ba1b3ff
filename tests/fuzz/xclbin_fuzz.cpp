// SPDX-License-Identifier: Apache-2.0
// In: any bytes as an xclbin. Holds the reader to this: it refuses or it reads, what it found lies
// within the bytes and apart, and every text prints.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "card/xclbin.hpp"

using namespace ridley;

namespace {

void check_text(const std::string& text) {
  RIDLEY_ASSERT(
      std::ranges::all_of(text, [](char letter) { return letter >= ' ' && letter <= '~'; }));
}

void check_sections(const card::Xclbin& xclbin, std::size_t size) {
  RIDLEY_ASSERT(xclbin.sections.size() <= card::kXclbinSectionsMax);
  for (const card::XclbinSection& one : xclbin.sections) {
    RIDLEY_ASSERT(one.at <= size && one.bytes <= size - one.at);
    check_text(one.name);
    check_text(card::section_kind_name(one.kind));
    for (const card::XclbinSection& other : xclbin.sections) {
      const bool apart = &one == &other || one.bytes == 0 || other.bytes == 0 ||
                         one.at + one.bytes <= other.at || other.at + other.bytes <= one.at;
      RIDLEY_ASSERT(apart);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const card::Xclbin xclbin = card::read_xclbin(std::as_bytes(std::span{bytes, size}));
    RIDLEY_ASSERT(xclbin.bytes <= size);
    check_sections(xclbin, size);
    check_text(xclbin.platform);
    for (const card::XclbinUnit& one : xclbin.units) check_text(one.name);
    for (const card::XclbinMemory& one : xclbin.memories) check_text(one.tag);
    for (const card::XclbinClock& one : xclbin.clocks) check_text(one.name);
  } catch (const base::Error& error) {
    RIDLEY_ASSERT(error.exit_code() == EX_DATAERR);
  }
  return 0;
}
