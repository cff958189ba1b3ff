// SPDX-License-Identifier: Apache-2.0
// In: packets, each behind a two-byte length whose two highest bits are the line; the first byte of
// all chooses the options. Holds the sequencer to this: numbers are delivered once and in order,
// blocks lie inside their packet, and what is neither delivered nor known is counted as missing.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "feed/blocks.hpp"
#include "feed/sequencer.hpp"

using namespace ridley;

namespace {

enum Option : std::uint8_t { kFollow = 1, kAdopts = 2, kHolds = 4, kGivesUp = 8 };

// What was asked of the sequencer must follow what it answered before.
class Numbers {
 public:
  Numbers(const feed::Sequencer& sequencer, bool adopts)
      : sequencer_{sequencer}, expected_{sequencer.next_sequence()}, adopts_{adopts} {}

  void check(const feed::Arrived& arrived) {
    if (arrived.arrival == feed::Arrival::SessionChange) expected_ = 1;
    if (std::exchange(adopts_, adopts_ && !sequencer_.has_session()) && sequencer_.has_session())
      expected_ = sequencer_.next_sequence() - arrived.count - arrived.missing_count;
    if (arrived.missing_count != 0) RIDLEY_ASSERT(arrived.missing_from == expected_);
    expected_ += arrived.missing_count;
    std::size_t bytes = 0;
    for (const feed::Block block : feed::Blocks{arrived}) {
      RIDLEY_ASSERT(block.sequence == expected_++);
      bytes += feed::Blocks::kLengthBytes + block.message.size();
    }
    RIDLEY_ASSERT(bytes == arrived.blocks.size());
    RIDLEY_ASSERT(sequencer_.next_sequence() == expected_);
    const bool waits = sequencer_.missing_end() > expected_;
    RIDLEY_ASSERT(waits == (arrived.ahead == feed::Ahead::Waits));
  }

 private:
  const feed::Sequencer& sequencer_;
  std::uint64_t expected_;
  bool adopts_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t options = bytes[0];
  static std::array<feed::HeldPackets::Packet, 4> places;
  feed::Sequencer sequencer{
      {.policy =
           (options & kFollow) != 0 ? feed::SessionPolicy::Follow : feed::SessionPolicy::Refuse,
       .first_sequence = (options & kAdopts) != 0 ? feed::SequencerOptions::kAdopt : 1},
      (options & kHolds) != 0 ? feed::HeldPackets{places} : feed::HeldPackets{}};
  Numbers numbers{sequencer, (options & kAdopts) != 0};
  std::span<const std::byte> rest = std::as_bytes(std::span{bytes, size}).subspan(1);
  while (rest.size() >= 2) {
    const std::uint16_t head = base::load_big_endian<std::uint16_t>(rest.data());
    rest = rest.subspan(2);
    const std::size_t length = std::min<std::size_t>(head & 0x3FFF, rest.size());
    // A copy of its own, so that reading one byte beyond the packet is seen.
    const std::vector<std::byte> packet(rest.begin(), rest.begin() + static_cast<long>(length));
    rest = rest.subspan(length);
    feed::Arrived arrived = sequencer.accept(packet, static_cast<feed::LineNumber>(head >> 14));
    numbers.check(arrived);
    while (arrived.ahead == feed::Ahead::Ready ||
           (arrived.ahead == feed::Ahead::Waits && (options & kGivesUp) != 0)) {
      const bool ready = arrived.ahead == feed::Ahead::Ready;
      arrived = ready ? sequencer.release() : sequencer.give_up();
      numbers.check(arrived);
    }
  }
  const feed::SequencerCounters counters = sequencer.counters();
  RIDLEY_ASSERT(counters.malformed <= counters.packets);
  for (feed::LineNumber line = 0; line < feed::kLinesMax; ++line)
    RIDLEY_ASSERT(sequencer.line(line).won() <= sequencer.line(line).messages());
  return 0;
}
