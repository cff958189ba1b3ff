// SPDX-License-Identifier: Apache-2.0
// In: bytes of one direction of a connection. Out: the same bytes in order, each piece at its time;
// what is under way when the connection breaks arrives in part. A function of its inputs. One
// thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "simulation/clock.hpp"

namespace ridley::simulation {

class BytePipe {
 public:
  explicit BytePipe(std::uint64_t latency_ns) noexcept : latency_ns_{latency_ns} {}

  void send(std::span<const std::byte> bytes, std::uint64_t now_ns) {
    if (bytes.empty()) return;
    const std::uint64_t extra_ns = now_ns < slow_until_ns_ ? slow_ns_ : 0;
    last_ns_ = std::max({last_ns_, now_ns + latency_ns_ + extra_ns, stalled_until_ns_});
    pieces_.push_back({last_ns_, {bytes.begin(), bytes.end()}});
  }

  // Nothing arrives before; it is kept and comes then.
  void stall(std::uint64_t until_ns) {
    stalled_until_ns_ = std::max(stalled_until_ns_, until_ns);
    for (Piece& piece : pieces_) piece.arrival_ns = std::max(piece.arrival_ns, until_ns);
    if (!pieces_.empty()) last_ns_ = std::max(last_ns_, until_ns);
  }
  // Everything that is sent from here on takes longer.
  void slow_down(std::uint64_t extra_ns, std::uint64_t until_ns) noexcept {
    slow_ns_ = extra_ns;
    slow_until_ns_ = until_ns;
  }

  [[nodiscard]] std::uint64_t next_ns() const noexcept {
    return pieces_.empty() ? kNeverNs : pieces_.front().arrival_ns;
  }
  [[nodiscard]] bool empty() const noexcept { return pieces_.empty(); }

  [[nodiscard]] std::vector<std::byte> take(std::uint64_t now_ns) {
    std::vector<std::byte> arrived;
    while (next_ns() <= now_ns) take_piece(arrived);
    return arrived;
  }

  // The connection breaks: this share of what is under way still arrives, at once. Nothing else
  // ever will.
  [[nodiscard]] std::vector<std::byte> cut(std::uint64_t percent) {
    std::vector<std::byte> arrived;
    while (!pieces_.empty()) take_piece(arrived);
    arrived.resize(arrived.size() * percent / 100);
    last_ns_ = stalled_until_ns_ = slow_until_ns_ = 0;
    return arrived;
  }

 private:
  struct Piece {
    std::uint64_t arrival_ns;
    std::vector<std::byte> bytes;
  };

  void take_piece(std::vector<std::byte>& to) {
    const std::vector<std::byte>& bytes = pieces_.front().bytes;
    to.insert(to.end(), bytes.begin(), bytes.end());
    pieces_.pop_front();
  }

  std::uint64_t latency_ns_;
  std::deque<Piece> pieces_;
  std::uint64_t last_ns_ = 0;  // nothing arrives before what was sent before it
  std::uint64_t stalled_until_ns_ = 0;
  std::uint64_t slow_ns_ = 0;
  std::uint64_t slow_until_ns_ = 0;
};

}  // namespace ridley::simulation
