// SPDX-License-Identifier: Apache-2.0
// In: nanoseconds and messages. Out: whether one more may be sent now. Integers only, so that the
// card counts the same. Hot core.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/uint128.hpp"

namespace ridley::risk {

class TokenBucket {
 public:
  // Starts full.
  TokenBucket(std::uint32_t capacity, std::uint64_t ns_per_token) noexcept
      : capacity_{capacity},
        tokens_{capacity},
        ns_per_token_{std::max<std::uint64_t>(ns_per_token, 1)} {}

  // New settings keep what is left, so that setting them over and over gives nothing away.
  void change(std::uint32_t capacity, std::uint64_t ns_per_token) noexcept {
    capacity_ = capacity;
    tokens_ = std::min(tokens_, capacity);
    ns_per_token_ = std::max<std::uint64_t>(ns_per_token, 1);
  }

  // Adds what the time since the last call has earned. A clock that goes back earns nothing.
  void refill(std::uint64_t now_ns) noexcept {
    if (now_ns <= earned_until_ns_) return;
    if (tokens_ == capacity_) {
      earned_until_ns_ = now_ns;
      return;
    }
    const std::uint64_t elapsed_ns = now_ns - earned_until_ns_;
    if (elapsed_ns < ns_per_token_) return;
    // A pause that has filled the bucket, which is the usual one, needs no division.
    const std::uint32_t missing = capacity_ - tokens_;
    if (static_cast<base::UInt128>(missing) * ns_per_token_ <= elapsed_ns) {
      tokens_ = capacity_;
      earned_until_ns_ = now_ns;
      return;
    }
    const std::uint64_t earned = elapsed_ns / ns_per_token_;
    tokens_ += static_cast<std::uint32_t>(earned);
    earned_until_ns_ += earned * ns_per_token_;
  }

  // False when there was none to take.
  bool take() noexcept {
    if (tokens_ == 0) return false;
    --tokens_;
    return true;
  }

  [[nodiscard]] std::uint32_t tokens() const noexcept { return tokens_; }
  [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }

 private:
  std::uint32_t capacity_;
  std::uint32_t tokens_;
  std::uint64_t ns_per_token_;
  std::uint64_t earned_until_ns_ = 0;
};

}  // namespace ridley::risk
