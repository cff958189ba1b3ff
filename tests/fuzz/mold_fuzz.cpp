// SPDX-License-Identifier: Apache-2.0
// In: packets, each behind a two-byte length; the first byte of all chooses the options. Holds the
// sequencer to this: numbers are delivered once and in order, blocks lie inside their packet, and
// what is neither delivered nor known is counted as missing.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "feed/blocks.hpp"
#include "feed/sequencer.hpp"

using namespace ridley;

namespace {

void check(const feed::Sequencer& sequencer, const feed::Arrived& arrived, std::uint64_t expected,
           std::span<const std::byte> packet) {
  std::uint64_t sequence = arrived.first_sequence;
  std::uint64_t bytes = 0;
  for (const feed::Block block : feed::Blocks{arrived}) {
    RIDLEY_ASSERT(block.sequence == sequence++);
    bytes += feed::Blocks::kLengthBytes + block.message.size();
  }
  RIDLEY_ASSERT(bytes == arrived.blocks.size());
  RIDLEY_ASSERT(bytes <= packet.size());
  if (arrived.arrival == feed::Arrival::SessionChange) return;
  RIDLEY_ASSERT(sequencer.next_sequence() == expected + arrived.missing_count + arrived.count);
  if (arrived.count != 0) RIDLEY_ASSERT(arrived.first_sequence == expected + arrived.missing_count);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  feed::Sequencer sequencer{
      {.policy = (bytes[0] & 1) != 0 ? feed::SessionPolicy::Follow : feed::SessionPolicy::Refuse,
       .first_sequence = (bytes[0] & 2) != 0 ? feed::SequencerOptions::kAdopt : 1}};
  std::span<const std::byte> rest = std::as_bytes(std::span{bytes, size}).subspan(1);
  while (rest.size() >= 2) {
    const std::size_t wanted = base::load_big_endian<std::uint16_t>(rest.data());
    rest = rest.subspan(2);
    const std::size_t length = wanted < rest.size() ? wanted : rest.size();
    // A copy of its own, so that reading one byte beyond the packet is seen.
    const std::vector<std::byte> packet(rest.begin(), rest.begin() + static_cast<long>(length));
    rest = rest.subspan(length);
    const bool adopts = !sequencer.has_session() && (bytes[0] & 2) != 0;
    const std::uint64_t before = sequencer.next_sequence();
    const feed::Arrived arrived = sequencer.accept(packet);
    const bool adopted = adopts && sequencer.has_session();
    check(sequencer, arrived, adopted ? sequencer.next_sequence() - arrived.count : before, packet);
  }
  RIDLEY_ASSERT(sequencer.counters().malformed <= sequencer.counters().packets);
  return 0;
}
