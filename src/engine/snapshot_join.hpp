// SPDX-License-Identifier: Apache-2.0
// In: the messages of a GLIMPSE 5.0 snapshot, and packets that were delivered meanwhile. Out: books
// in a shadow that have all of both, joined at the number the snapshot names (sheet glimpse-5.0,
// section 3). Without sockets or clocks. Cold; the recovery core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "engine/recovery_link.hpp"

namespace ridley::engine {

// What a busy minute brings. Beyond it the snapshot took too long to be worth waiting for.
inline constexpr std::size_t kKeptBytesMax = std::size_t{256} << 20;

class SnapshotJoin {
 public:
  // The symbols whose Stock Directory the hot core wants to hear again, sorted.
  SnapshotJoin(RecoveryLink& link, std::vector<event::Symbol> symbols);

  // Anew: the shadow is empty, the first packet to be tapped begins with that number.
  void begin(std::uint64_t tapped_from);

  // What was kept and joined is not needed any more; what is tapped next may be.
  void drop();

  // The next message of the snapshot. False: it cannot be used, nothing of it is right any more.
  [[nodiscard]] bool take(std::span<const std::byte> message);
  // Its end was there.
  [[nodiscard]] bool is_whole() const noexcept { return join_.has_value(); }
  [[nodiscard]] std::uint64_t messages() const noexcept { return messages_; }

  // One past the last message that was tapped.
  [[nodiscard]] std::uint64_t tapped_end() const noexcept { return tapped_end_; }

  // A packet that was tapped: kept, or applied when its turn has come. False: as above.
  [[nodiscard]] bool tap(std::span<const std::byte> packet);

  // Whole, but older than what was tapped: messages from there on are missing, up to tapped_from.
  struct Hole {
    std::uint64_t from;
    std::uint64_t end;
  };
  [[nodiscard]] Hole hole() const noexcept;
  // A packet that was asked for, of the session that is tapped. False: as above.
  [[nodiscard]] bool fill(std::span<const std::byte> packet);

  // The shadow has the snapshot and all that was tapped.
  [[nodiscard]] bool is_level() const noexcept;

 private:
  [[nodiscard]] bool end(std::span<const std::byte> message);
  [[nodiscard]] bool apply(std::span<const std::byte> packet);
  [[nodiscard]] bool apply_kept();

  RecoveryLink& link_;
  std::vector<event::Symbol> symbols_;
  std::uint64_t messages_ = 0;
  std::uint64_t tapped_from_ = 0;
  std::uint64_t tapped_end_ = 0;
  std::optional<feed::Sequencer> join_;  // from the snapshot's number on
  std::deque<std::vector<std::byte>> kept_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace ridley::engine
