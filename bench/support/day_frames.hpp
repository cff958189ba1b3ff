// SPDX-License-Identifier: Apache-2.0
// In: a day of ITCH messages in memory. Out: the same messages in MoldUDP64 in UDP frames, one
// frame at a time, a few messages a frame as a rule and many now and then, the same for the same
// seed. Cold.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "control/itch_passes.hpp"
#include "nic/frame.hpp"
#include "nic/udp_frame.hpp"
#include "venue/random.hpp"

namespace ridley::bench {

inline constexpr std::uint32_t kFeedGroup = 0xE936'0C6F;  // 233.54.12.111
inline constexpr std::uint16_t kFeedPort = 26477;

// How many messages go into a frame.
enum class Packing : std::uint8_t { Mixed, OneByOne };

struct MadeFrame {
  std::span<const std::byte> bytes;  // valid until the next one is made; empty at the end
  std::uint32_t messages = 0;
};

class DayFrames {
 public:
  explicit DayFrames(const control::DayInMemory& day, std::uint64_t seed = 1,
                     Packing packing = Packing::Mixed) noexcept;

  [[nodiscard]] MadeFrame next() noexcept;

  // Messages given so far.
  [[nodiscard]] std::uint64_t given() const noexcept { return given_; }

 private:
  [[nodiscard]] std::uint32_t wanted_messages() noexcept;

  std::span<const std::byte> rest_;
  std::uint64_t messages_;
  std::uint64_t given_ = 0;
  Packing packing_;
  venue::Random random_;
  nic::UdpRoute route_;
  std::array<std::byte, nic::kFrameBytesMax> frame_{};
};

}  // namespace ridley::bench
