// SPDX-License-Identifier: Apache-2.0
// In: bytes that might be an Ethernet frame. Nothing may be read beyond them, and every frame ends
// under one cause; a datagram lies within its frame.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "nic/datagram.hpp"
#include "nic/igmp.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  using namespace ridley::nic;
  // A copy of exactly that size, so that the sanitizer sees a read one byte beyond.
  const std::vector<std::uint8_t> copy{bytes, bytes + count};
  const Frame frame{.bytes = reinterpret_cast<const std::byte*>(copy.data()),
                    .length = static_cast<std::uint32_t>(copy.size()),
                    .wire_length = static_cast<std::uint32_t>(copy.size()),
                    .stamp = {}};
  for (const bool checks : {true, false}) {
    Datagram datagram;
    const Strip cause = strip(frame, datagram, {.header_checksum = checks, .udp_checksum = checks});
    if (static_cast<std::size_t>(cause) >= kStripCauses) std::abort();
    if (cause != Strip::Udp) continue;
    const std::byte* end = datagram.payload.data() + datagram.payload.size();
    if (datagram.payload.data() < frame.bytes || end > frame.bytes + frame.length) std::abort();
  }
  static_cast<void>(is_igmp_query_for(frame, 0xEF00'0001));
  return 0;
}
