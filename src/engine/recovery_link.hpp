// SPDX-License-Identifier: Apache-2.0
// In: what the hot core misses, and what it delivers while a snapshot is built. Out: packets that
// bring it, and books that miss nothing. Between the hot core and the recovery core: rings, and one
// word that says whose turn it is with the snapshot. Neither ever waits for the other.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/spsc_ring.hpp"
#include "book/books.hpp"
#include "event/records.hpp"
#include "feed/decode.hpp"
#include "feed/sequencer.hpp"
#include "nic/udp_frame.hpp"

namespace ridley::engine {

// A gap of a hundred packets is a long one; answers come one a request.
inline constexpr std::size_t kRepairsMax = 64;
inline constexpr std::size_t kMissingMax = 64;
// What is delivered while the recovery core is away for a few milliseconds of a busy second.
inline constexpr std::size_t kTapsMax = 1'024;

// What is not there. Told when it changes.
struct Missing {
  feed::SessionName session;
  std::uint64_t from;  // messages from here
  std::uint64_t end;   // to before here may still come; none when they are equal
  bool lost;           // books lack messages that will not come

  bool operator==(const Missing&) const = default;
};

// A MoldUDP64 packet. Empty: message `from` is not to be had.
struct Packet {
  std::uint64_t from;
  std::uint32_t bytes;
  std::array<std::byte, nic::kUdpPayloadBytesMax> payload;

  [[nodiscard]] std::span<const std::byte> span() const noexcept {
    return std::span{payload}.first(bytes);
  }
};

// Whose turn it is: odd, the hot core's. Each state is left by the side whose turn it is, but that
// the hot core may break what is tapped at any time.
enum class SnapshotTurn : std::uint32_t {
  None = 0,     // no snapshot is being built
  Wanted = 1,   // what is delivered should be tapped
  Tapped = 2,   // it is, from tapped_from on
  Offered = 3,  // the shadow has all that was tapped, but for what is in the ring
  Broken = 4,   // messages that should have been tapped were lost, or another session has begun
  Enough = 5,   // nobody wants what is tapped any more
  Taken = 6,    // the snapshot's books are in use, and those before it lie in the shadow
};

struct RecoveryLink {
  // Cold.
  explicit RecoveryLink(const book::Limits& books) : limits{books} {}

  base::SpscRing<Missing> missing{kMissingMax};  // hot to recovery
  base::SpscRing<Packet> repairs{kRepairsMax};   // recovery to hot
  base::SpscRing<Packet> taps{kTapsMax};         // hot to recovery
  std::atomic<SnapshotTurn> turn{SnapshotTurn::None};

  // Whoever's turn it is.
  feed::SessionName session{};  // that is tapped
  std::uint64_t tapped_from = 0;
  book::Limits limits;                        // of the hot core's books and of the shadow
  std::unique_ptr<book::Books> shadow;        // made by the recovery core, before it wants anything
  std::vector<event::MarketEvent> directory;  // of the operator's instruments, as in the snapshot
};

// Hands over what came before the word that says so.
inline void pass_turn(RecoveryLink& link, SnapshotTurn to) noexcept {
  link.turn.store(to, std::memory_order_release);
}

// Every message of a packet that a sequencer has let through, into books that nobody trades on.
inline void apply_messages(book::Books& books, const feed::Blocks& blocks) noexcept {
  event::MarketEvent event;
  for (const feed::Block block : blocks) {
    const feed::Decoded decoded = feed::decode(block.message, block.sequence, event);
    if (decoded == feed::Decoded::Event) (void)books.apply(event);
    if (decoded == feed::Decoded::Truncated && !block.message.empty()) books.mark_all_stale();
  }
}

}  // namespace ridley::engine
