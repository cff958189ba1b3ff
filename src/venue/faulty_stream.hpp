// SPDX-License-Identifier: Apache-2.0
// In: bytes of a connection in one direction, the time, a seed. Out: the same bytes in the same
// order, but later, slower, in other pieces, or never: all that a stream that is reliable can
// suffer. No clock, no thread; the same inputs give the same pieces. One owner. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <vector>

#include "venue/random.hpp"

namespace ridley::venue {

struct StreamFaults {
  std::uint64_t delay_ns = 0;
  std::uint64_t jitter_ns = 0;       // at most that much more
  std::uint64_t bytes_a_second = 0;  // that reach the reader, who is slow; 0: all
  bool pieces = false;               // no piece ends where the writer ended it
};

class FaultyStream {
 public:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
  // What a slow reader lets wait before the writer has to wait as well.
  static constexpr std::size_t kWindowBytes = 4'096;

  explicit FaultyStream(std::uint64_t seed) noexcept : random_{seed} {}

  void set(const StreamFaults& faults, std::uint64_t ns) noexcept;
  // Nothing arrives any more, and nobody is told.
  void silence() noexcept;

  // How many bytes may be given now. More are taken, but a real reader would not.
  [[nodiscard]] std::size_t room() const noexcept;
  void give(std::span<const std::byte> bytes, std::uint64_t ns);

  // What has arrived by then and was not taken. Valid until the next call of anything.
  [[nodiscard]] std::span<const std::byte> arrived(std::uint64_t ns);
  void take(std::size_t bytes);

  // When more arrives, if nobody gives more.
  [[nodiscard]] std::uint64_t next_ns() const noexcept;
  // Bytes on their way.
  [[nodiscard]] std::size_t waiting() const noexcept { return bytes_.size() - taken_; }

 private:
  struct Piece {
    std::uint64_t arrives_ns;
    std::size_t end;  // of the bytes that were ever given
  };

  void queue(std::size_t end, std::uint64_t ns);
  void fill(std::uint64_t ns) noexcept;

  Random random_;
  StreamFaults faults_;
  std::vector<std::byte> bytes_;
  std::deque<Piece> pieces_;
  std::size_t taken_ = 0;      // of bytes_
  std::size_t forgotten_ = 0;  // bytes that were ever given and are not in bytes_ any more
  std::uint64_t arrives_ns_ = 0;
  std::uint64_t filled_ns_ = 0;
  std::uint64_t allowed_ = 0;  // bytes that a slow reader may read
  bool silent_ = false;
};

}  // namespace ridley::venue
