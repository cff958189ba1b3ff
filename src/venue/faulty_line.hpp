// SPDX-License-Identifier: Apache-2.0
// In: packets of one line in one direction, the time, a seed. Out: what a bad network or a bad
// sender makes of them: lost, late, in another order, twice, damaged, or of a session that is none.
// No clock, no thread: packets come out when they are asked for at a time. The same seed, packets
// and times give the same packets. One owner. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "venue/random.hpp"

namespace ridley::venue {

// Shares are of packets, 0 .. 1, each packet for itself.
struct PacketFaults {
  double loss = 0;
  double burst_loss = 0;  // bursts that begin
  std::uint32_t burst_packets = 10;
  double reorder = 0;  // held back until so many others have passed
  std::uint32_t reorder_packets = 3;
  double duplicate = 0;
  double corrupt = 0;   // one bit is another one
  double truncate = 0;  // the end is missing
  std::uint64_t delay_ns = 0;
  std::uint64_t jitter_ns = 0;       // at most that much more; keeps the order
  double wrong_session = 0;          // a copy of it under another session's name goes before it
  bool sequence_reset = false;       // numbers begin at 1 again while this lasts
  double duplicate_session = 0;      // an old packet goes before it: the session is sent twice
  std::uint32_t late_packets = 100;  // how old that one is
  bool dead = false;                 // nothing passes
};

struct PacketCounts {
  std::uint64_t given = 0;
  std::uint64_t passed = 0;  // copies included
  std::uint64_t lost = 0;
  std::uint64_t reordered = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t corrupted = 0;
  std::uint64_t truncated = 0;
  std::uint64_t delayed = 0;
  std::uint64_t wrong_session = 0;
  std::uint64_t sequence_reset = 0;
  std::uint64_t duplicate_session = 0;
};

class FaultyLine {
 public:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
  // A packet that waits for others to overtake it waits no longer than this.
  static constexpr std::uint64_t kHold_ns = 1'000'000;
  // Old packets that can be sent again.
  static constexpr std::size_t kOldMax = 1'000;

  using Sink = std::function<void(std::span<const std::byte>)>;

  // Where in a packet its MoldUDP64 header stands: behind the headers of a frame, or at 0.
  FaultyLine(std::uint64_t seed, std::size_t mold_at) : random_{seed}, mold_at_{mold_at} {}

  // From the next packet on; what is on its way is not touched.
  void set(const PacketFaults& faults);

  void give(std::span<const std::byte> packet, std::uint64_t ns);
  // Everything that has arrived by then.
  void deliver(std::uint64_t ns, const Sink& sink);
  // When something arrives next.
  [[nodiscard]] std::uint64_t next_ns() const noexcept;

  [[nodiscard]] const PacketCounts& counts() const noexcept { return counts_; }
  // FNV-1a, 64 bits, over everything that arrived.
  [[nodiscard]] std::uint64_t digest() const noexcept { return digest_; }

 private:
  using Packet = std::vector<std::byte>;
  struct Held {
    Packet packet;
    std::uint32_t others;  // that have still to pass
    std::uint64_t until_ns;
  };

  [[nodiscard]] bool loses();
  void damage(Packet& packet);
  void inject(const Packet& packet, std::uint64_t ns);
  void reset_sequence(Packet& packet);
  void send(Packet packet, std::uint64_t ns);
  void queue(Packet packet, std::uint64_t ns);
  void let_go(std::uint64_t ns);
  [[nodiscard]] bool has_header(const Packet& packet) const noexcept;
  void unseal(Packet& packet) const;

  Random random_;
  std::size_t mold_at_;
  PacketFaults faults_;
  PacketCounts counts_;
  std::uint64_t digest_ = 0xCBF2'9CE4'8422'2325ULL;
  std::uint32_t burst_left_ = 0;
  std::uint64_t reset_at_ = 0;    // the number that became 1
  std::uint64_t arrives_ns_ = 0;  // of the newest packet: a line keeps its order
  std::multimap<std::uint64_t, Packet> arriving_;
  std::deque<Held> held_;
  std::deque<Packet> old_;
};

}  // namespace ridley::venue
