// SPDX-License-Identifier: Apache-2.0
// In: a port. Out: the same port over a bad wire: frames lost, late, out of order, by a seed or by
// rule. Sending and receiving are two threads, each with a random number generator of its own.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <vector>

#include "base/tsc_clock.hpp"
#include "nic/port.hpp"
#include "nic/tcp_frame.hpp"

namespace ridley::order::test {

struct Impairment {
  std::uint64_t seed = 1;
  double lose_sent = 0;
  double lose_received = 0;
  double late_received = 0;          // by up to 2 ms, past those behind it
  double swap_sent = 0;              // held until the next one has gone
  std::uint32_t lose_every_nth = 0;  // of the segments with data, by where they begin ...
  std::uint32_t lose_times = 0;      // ... so often each: 2 is the retransmission too
};

template <nic::Port Inner>
class ImpairedPort {
 public:
  ImpairedPort(Inner& inner, const Impairment& impairment)
      : inner_{inner},
        impairment_{impairment},
        sending_{impairment.seed},
        receiving_{impairment.seed + 1} {}

  [[nodiscard]] std::size_t receive_burst(std::span<nic::Frame> frames) noexcept {
    shown_.clear();
    const std::uint64_t now = base::read_tsc();
    const std::size_t count = inner_.receive_burst(burst_);
    for (const nic::Frame& frame : std::span{burst_}.first(count)) {
      std::vector<std::byte> bytes(frame.bytes, frame.bytes + frame.length);
      if (chance(receiving_, impairment_.lose_received)) {
        ++lost_received;
      } else if (chance(receiving_, impairment_.late_received)) {
        ++late;
        late_.emplace(now + receiving_() % kLateTicksMax, std::move(bytes));
      } else {
        shown_.push_back(std::move(bytes));
      }
    }
    for (; !late_.empty() && late_.begin()->first <= now; late_.erase(late_.begin()))
      shown_.push_back(late_.begin()->second);
    const std::size_t shown = std::min(shown_.size(), frames.size());
    for (std::size_t i = 0; i < shown; ++i)
      frames[i] = {.bytes = shown_[i].data(),
                   .length = static_cast<std::uint32_t>(shown_[i].size()),
                   .wire_length = static_cast<std::uint32_t>(shown_[i].size()),
                   .stamp = {}};
    return shown;
  }

  [[nodiscard]] bool send(std::span<const std::byte> bytes) noexcept {
    if (refuse.load(std::memory_order_relaxed)) return false;
    if (chance(sending_, impairment_.lose_sent) || by_rule(bytes)) {
      ++lost_sent;
      return true;
    }
    if (held_.empty() && chance(sending_, impairment_.swap_sent)) {
      held_.assign(bytes.begin(), bytes.end());
      ++swapped;
      return true;
    }
    const bool taken = inner_.send(bytes);
    if (!held_.empty()) (void)inner_.send(held_);
    held_.clear();
    return taken;
  }

  // Read when both threads have ended.
  std::uint64_t lost_sent = 0;
  std::uint64_t lost_received = 0;
  std::uint64_t late = 0;
  std::uint64_t swapped = 0;
  std::atomic<bool> refuse{false};  // as a port whose ring is full

 private:
  static constexpr std::uint64_t kLateTicksMax = 5'000'000;

  static bool chance(std::mt19937_64& random, double of_one) {
    return of_one > 0 && static_cast<double>(random() >> 11) * 0x1p-53 < of_one;
  }

  bool by_rule(std::span<const std::byte> bytes) {
    if (impairment_.lose_every_nth == 0) return false;
    std::vector<std::byte> copy{bytes.begin(), bytes.end()};
    const auto frame = nic::TcpFrame::read(copy);
    if (!frame || frame->payload().empty()) return false;
    const auto [place, is_new] = seen_.try_emplace(frame->sequence(), seen_.size(), 0U);
    auto& [number, times] = place->second;
    if (number % impairment_.lose_every_nth != impairment_.lose_every_nth - 1) return false;
    return times++ < impairment_.lose_times;
  }

  Inner& inner_;
  Impairment impairment_;
  std::mt19937_64 sending_;
  std::mt19937_64 receiving_;
  std::array<nic::Frame, nic::kBurstFramesMax> burst_{};
  std::vector<std::vector<std::byte>> shown_;
  std::multimap<std::uint64_t, std::vector<std::byte>> late_;
  std::vector<std::byte> held_;
  std::map<std::uint32_t, std::pair<std::size_t, std::uint32_t>> seen_;
};

}  // namespace ridley::order::test
