// SPDX-License-Identifier: Apache-2.0
// In: messages that came before those that should be ahead of them. Out: the same, by number, once
// their turn has come. A fixed number of packets in fixed memory; a packet of any line, cut
// anyhow. The hot core, when something is missing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "nic/udp_frame.hpp"

namespace ridley::feed {

enum class Kept : std::uint8_t {
  Held,
  Known,  // one that is held already has all of it
  Full,   // no place left, or longer than a place
};

class HeldPackets {
 public:
  using Index = std::uint32_t;

  struct Packet {
    std::uint64_t first;
    std::uint64_t end;  // one past the last
    Index before;       // neighbours by number
    Index behind;
    std::uint32_t bytes;
    std::uint16_t unit;
    std::uint16_t line;
    // Blocks without their header. Multicast is not fragmented, so none is longer.
    std::array<std::byte, nic::kUdpPayloadBytesMax> blocks;
  };

  // Holds nothing.
  HeldPackets() noexcept = default;
  // Cold. The places live longer than this.
  explicit HeldPackets(std::span<Packet> places) noexcept : places_{places} { clear(); }

  [[nodiscard]] std::size_t capacity() const noexcept { return places_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] bool is_full() const noexcept { return size_ == places_.size(); }

  struct Wanted {
    std::uint64_t first;
    std::uint64_t end;
    std::span<const std::byte> blocks;
    std::uint16_t unit;
    std::uint16_t line;
  };

  // Copies it. Looks from the newest back: what comes is nearly always that. Bounded by size().
  [[nodiscard]] Kept hold(const Wanted& wanted) noexcept {
    Index before = last_;
    while (before != kNone && places_[before].first > wanted.first) before = places_[before].before;
    if (before != kNone && places_[before].end >= wanted.end) return Kept::Known;
    if (free_ == kNone || wanted.blocks.size() > sizeof(Packet::blocks)) return Kept::Full;
    const Index at = free_;
    Packet& packet = places_[at];
    free_ = packet.behind;
    packet.first = wanted.first;
    packet.end = wanted.end;
    packet.bytes = static_cast<std::uint32_t>(wanted.blocks.size());
    packet.unit = wanted.unit;
    packet.line = wanted.line;
    if (!wanted.blocks.empty())
      std::memcpy(packet.blocks.data(), wanted.blocks.data(), wanted.blocks.size());
    link(at, before);
    ++size_;
    return Kept::Held;
  }

  // The one with the lowest number; there is one.
  [[nodiscard]] const Packet& front() const noexcept { return places_[first_]; }

  // Its bytes stay until the next hold().
  void drop_front() noexcept {
    const Index at = first_;
    first_ = places_[at].behind;
    (first_ == kNone ? last_ : places_[first_].before) = kNone;
    places_[at].behind = free_;
    free_ = at;
    --size_;
  }

  void clear() noexcept {
    first_ = last_ = kNone;
    free_ = places_.empty() ? kNone : 0;
    size_ = 0;
    for (std::size_t i = 0; i < places_.size(); ++i)
      places_[i].behind = i + 1 < places_.size() ? static_cast<Index>(i + 1) : kNone;
  }

 private:
  static constexpr Index kNone = ~Index{0};

  void link(Index at, Index before) noexcept {
    Packet& packet = places_[at];
    packet.before = before;
    Index& next = before == kNone ? first_ : places_[before].behind;
    packet.behind = next;
    (packet.behind == kNone ? last_ : places_[packet.behind].before) = at;
    next = at;
  }

  std::span<Packet> places_;
  Index first_ = kNone;
  Index last_ = kNone;
  Index free_ = kNone;
  std::size_t size_ = 0;
};

}  // namespace ridley::feed
