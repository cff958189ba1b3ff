// SPDX-License-Identifier: Apache-2.0
// In: published messages and the time. Out: MoldUDP64 in UDP frames, to a wire and to recordings;
// a heartbeat after a second of silence, an end of session. The venue's thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "nic/frame.hpp"
#include "nic/udp_frame.hpp"
#include "venue/mold_packets.hpp"
#include "venue/recording.hpp"

namespace ridley::venue {

struct FeedOutputSettings {
  std::string session;
  nic::UdpRoute route;
  std::vector<std::string> records;
};

class FeedOutput {
 public:
  // False: the wire did not take the frame, and it is lost.
  using Send = std::function<bool(std::span<const std::byte>)>;

  FeedOutput(const FeedOutputSettings& settings, Send send);

  // All of the messages, in as few packets as they fit in. Times are nanoseconds since midnight.
  void publish(std::span<const std::byte> framed, std::uint64_t ns);
  void heartbeat_if_silent(std::uint64_t ns);
  void end_of_session(std::uint64_t ns);
  void close_recordings();

  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return packets_.next_sequence(); }
  [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }
  [[nodiscard]] std::uint64_t frames_lost() const noexcept { return frames_lost_; }

 private:
  void emit(std::span<const std::byte> packet, std::uint64_t ns);

  nic::UdpRoute route_;
  Send send_;
  MoldPackets packets_;
  std::vector<Recording> recordings_;
  std::array<std::byte, nic::kFrameBytesMax> frame_{};
  std::uint64_t sent_ns_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t frames_lost_ = 0;
};

}  // namespace ridley::venue
