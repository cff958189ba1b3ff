// SPDX-License-Identifier: Apache-2.0
// In: frames of the exchange, and what fate does to them. Out: the frames that arrive, each at its
// time. A function of its inputs. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "simulation/clock.hpp"
#include "simulation/plan.hpp"

namespace ridley::simulation {

struct ArrivingFrame {
  std::vector<std::byte> bytes;
  bool whole = true;  // every byte as it was published

  // As the packet names it; nothing when the frame is too short to say.
  [[nodiscard]] std::string_view session() const noexcept;
};

class FeedPath {
 public:
  explicit FeedPath(std::uint64_t latency_ns) noexcept : latency_ns_{latency_ns} {}

  void send(std::span<const std::byte> frame, std::uint64_t now_ns);

  // One of the deeds on the feed; the others are not for here.
  void suffer(const PlannedDeed& deed, std::uint64_t now_ns);
  // No more of it, and frames that wait for others come.
  void heal(std::uint64_t now_ns);

  [[nodiscard]] std::uint64_t next_ns() const noexcept {
    return under_way_.empty() ? kNeverNs : under_way_.begin()->first;
  }
  // The next frame that has arrived by then.
  [[nodiscard]] std::optional<ArrivingFrame> take(std::uint64_t now_ns);

  // Frames that something happened to, by deed.
  [[nodiscard]] const std::array<std::uint64_t, kDeeds>& suffered() const noexcept {
    return suffered_;
  }

 private:
  void put(ArrivingFrame frame, std::uint64_t arrival_ns) {
    under_way_.emplace(arrival_ns, std::move(frame));
  }
  void count(Deed deed) noexcept { ++suffered_[static_cast<std::size_t>(deed)]; }
  bool is_lost(std::uint64_t now_ns) noexcept;
  void damage(ArrivingFrame& frame) noexcept;
  void repeat(const ArrivingFrame& frame, std::uint64_t arrival_ns);
  void release_held(std::uint64_t arrival_ns);

  std::uint64_t latency_ns_;
  std::multimap<std::uint64_t, ArrivingFrame> under_way_;  // of one time: as they were sent
  std::optional<ArrivingFrame> held_;
  std::uint64_t to_lose_ = 0;
  std::uint64_t burst_until_ns_ = 0;
  std::uint64_t dead_until_ns_ = 0;
  std::uint64_t extra_ns_ = 0;
  std::uint64_t extra_until_ns_ = 0;
  std::uint64_t to_hold_ = 0;     // how many may overtake the next one
  std::uint64_t overtaking_ = 0;  // how many still may
  PlannedDeed duplication_{};     // first: how many are left
  PlannedDeed corruption_{};      // second: 0 when there is none
  std::optional<std::uint64_t> truncation_;
  std::uint64_t to_rename_ = 0;
  std::array<std::uint64_t, kDeeds> suffered_{};
};

}  // namespace ridley::simulation
