// SPDX-License-Identifier: Apache-2.0
// In: one message. Holds the decoder to this: it reads no byte beyond the message, an event has a
// kind, the same message gives the same 64 bytes, and later fields change nothing.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "feed/decode.hpp"

using namespace ridley;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto input = std::as_bytes(std::span{bytes, size});
  std::vector<std::byte> message(input.begin(), input.end());
  message.shrink_to_fit();
  event::MarketEvent event;
  std::memset(static_cast<void*>(&event), 0x55, sizeof event);
  if (feed::decode(message, 7, event) != feed::Decoded::Event) return 0;
  RIDLEY_ASSERT(event.kind != event::EventKind::None);
  RIDLEY_ASSERT(event.kind <= event::EventKind::PriceDiscovery);
  RIDLEY_ASSERT(event.sequence == 7);

  message.resize(message.size() + 8, std::byte{0xEE});
  event::MarketEvent again;
  std::memset(static_cast<void*>(&again), 0xAA, sizeof again);
  RIDLEY_ASSERT(feed::decode(message, 7, again) == feed::Decoded::Event);
  RIDLEY_ASSERT(std::memcmp(&event, &again, sizeof event) == 0);
  return 0;
}
