// SPDX-License-Identifier: Apache-2.0
// In: framed messages. Out: MoldUDP64 packets, numbered from 1, each as full as the payload allows.
// One owner; a packet is valid until the next one is made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "nic/udp_frame.hpp"

namespace ridley::venue {

class MoldPackets {
 public:
  // 0xFFFF means the end of the session.
  static constexpr std::uint16_t kCountMax = 0xFFFE;

  // The session has up to ten characters.
  explicit MoldPackets(std::string_view session) noexcept;

  // Takes as many messages from the front as fit, and no more than that many. At least one message
  // must be there.
  [[nodiscard]] std::span<const std::byte> pack(std::span<const std::byte>& framed,
                                                std::uint16_t count_max = kCountMax) noexcept;
  [[nodiscard]] std::span<const std::byte> heartbeat() noexcept;
  [[nodiscard]] std::span<const std::byte> end_of_session() noexcept;

  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return next_sequence_; }

 private:
  [[nodiscard]] std::span<const std::byte> finish(std::uint16_t count, std::size_t size) noexcept;

  std::array<std::byte, nic::kUdpPayloadBytesMax> packet_{};
  std::uint64_t next_sequence_ = 1;
};

}  // namespace ridley::venue
