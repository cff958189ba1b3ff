// SPDX-License-Identifier: Apache-2.0
// In: frames. Out: the beats in which a MAC gives them: it cannot be held up, pauses anywhere or
// never, and begins a frame in the cycle after another's last beat when there is one waiting. What
// means nothing (bytes that are not kept, everything without valid) is random. One thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <random>
#include <span>
#include <vector>

#include "stream.hpp"

namespace ridley::card {

struct EthernetBeat {
  std::uint64_t data = 0;
  std::uint8_t keep = 0;
  bool valid = false;
  bool last = false;
  bool bad = false;
  bool first = false;  // not on the wire: for who watches
};

class EthernetSource {
 public:
  EthernetSource(std::size_t beat_bytes, Pauses pauses, std::uint64_t seed)
      : beat_bytes_{beat_bytes}, end_{pauses, seed}, random_{seed + 1} {}

  // At least one byte. bad: the MAC finds it broken.
  void send(std::span<const std::byte> frame, bool bad = false) {
    waiting_.push_back({{frame.begin(), frame.end()}, bad});
  }
  // Frames that did not leave as a whole.
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  // What is on the wire in the coming cycle.
  EthernetBeat next() {
    EthernetBeat beat{.data = random_(),
                      .keep = static_cast<std::uint8_t>(random_() & all_kept()),
                      .valid = false,
                      .last = random_() % 2 == 0,
                      .bad = random_() % 2 == 0,
                      .first = false};
    if (waiting_.empty() || !end_.active()) return beat;
    const Frame& frame = waiting_.front();
    const std::size_t bytes = std::min(beat_bytes_, frame.bytes.size() - sent_);
    std::memcpy(&beat.data, frame.bytes.data() + sent_, bytes);
    beat.keep = static_cast<std::uint8_t>((1U << bytes) - 1);
    beat.valid = true;
    beat.first = sent_ == 0;
    sent_ += bytes;
    beat.last = sent_ == frame.bytes.size();
    if (!beat.last) return beat;
    beat.bad = frame.bad;
    waiting_.pop_front();
    sent_ = 0;
    return beat;
  }

 private:
  struct Frame {
    std::vector<std::byte> bytes;
    bool bad;
  };

  [[nodiscard]] std::uint64_t all_kept() const { return (1U << beat_bytes_) - 1; }

  std::size_t beat_bytes_;
  End end_;
  std::mt19937_64 random_;
  std::deque<Frame> waiting_;
  std::size_t sent_ = 0;  // bytes of the first that waits
};

// The other end: the payload that a strip gives. One thread.
class PayloadCollector {
 public:
  explicit PayloadCollector(std::size_t beat_bytes) : beat_bytes_{beat_bytes} {}

  // False when the beat is none: without a byte, with too many, or behind one that was not full.
  [[nodiscard]] bool add(std::uint64_t data, std::size_t bytes) {
    if (bytes == 0 || bytes > beat_bytes_ || bytes_.size() % beat_bytes_ != 0) return false;
    const std::size_t at = bytes_.size();
    bytes_.resize(at + bytes);
    std::memcpy(bytes_.data() + at, &data, bytes);
    return true;
  }
  [[nodiscard]] std::span<const std::byte> payload() const { return bytes_; }
  // At a frame's verdict, once the payload was looked at.
  void forget() { bytes_.clear(); }

 private:
  std::size_t beat_bytes_;
  std::vector<std::byte> bytes_;
};

}  // namespace ridley::card
