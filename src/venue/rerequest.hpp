// SPDX-License-Identifier: Apache-2.0
// In: MoldUDP64 request packets (sheet moldudp64-1.00, section 3), the history, the time. Out: the
// downstream packet that answers, if there is one. Limits how much it answers, as a real server
// does. No clock, no socket. One owner.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "nic/udp_frame.hpp"
#include "venue/message_history.hpp"

namespace ridley::venue {

struct RerequestLimits {
  std::uint32_t replies_a_second = 1'000;
  std::uint32_t burst = 100;
};

struct RerequestCounts {
  std::uint64_t requests = 0;
  std::uint64_t answered = 0;
  std::uint64_t malformed = 0;    // no request, or of another session
  std::uint64_t unavailable = 0;  // not kept any more, not published yet, or of none
  std::uint64_t refused = 0;      // too many
};

class Rerequest {
 public:
  Rerequest(std::string session, const RerequestLimits& limits = {})
      : session_{std::move(session)}, limits_{limits}, tokens_{limits.burst} {}

  // The answer is valid until the next one; empty: none. Nanoseconds of any clock.
  [[nodiscard]] std::span<const std::byte> answer(std::span<const std::byte> request,
                                                  const MessageHistory& history,
                                                  std::uint64_t now_ns) noexcept;

  [[nodiscard]] const RerequestCounts& counts() const noexcept { return counts_; }

 private:
  [[nodiscard]] bool take_token(std::uint64_t now_ns) noexcept;

  std::string session_;
  RerequestLimits limits_;
  RerequestCounts counts_;
  std::uint32_t tokens_;
  std::uint64_t filled_ns_ = 0;
  std::array<std::byte, nic::kUdpPayloadBytesMax> packet_{};
};

}  // namespace ridley::venue
