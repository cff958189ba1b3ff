// SPDX-License-Identifier: Apache-2.0
// In: published messages and the time. Out: MoldUDP64 in UDP frames of one to three lines that are
// cut differently, to wires and to recordings; a heartbeat after a second of silence, an end of
// session. Lines may be bad: then frames go out as their far end gets them. The venue's thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nic/frame.hpp"
#include "nic/udp_frame.hpp"
#include "venue/faulty_line.hpp"
#include "venue/mold_packets.hpp"
#include "venue/random.hpp"
#include "venue/recording.hpp"

namespace ridley::venue {

struct FeedOutputSettings {
  std::string session;
  nic::UdpRoute route;  // of line A
  std::vector<std::string> records;
  std::vector<nic::UdpRoute> more_routes = {};  // of the lines B and C
  std::uint64_t seed = 0;                       // of what goes wrong on them
};

class FeedOutput {
 public:
  // A line, counted from 0, and its frame. False: the wire did not take it, and it is lost.
  using Send = std::function<bool(std::size_t, std::span<const std::byte>)>;

  FeedOutput(const FeedOutputSettings& settings, Send send);

  // All of the messages: line A in as few packets as they fit in, the others in packets of a few,
  // the same every time. Times are nanoseconds since midnight.
  void publish(std::span<const std::byte> framed, std::uint64_t ns);
  void heartbeat_if_silent(std::uint64_t ns);
  void end_of_session(std::uint64_t ns);
  void close_recordings();

  // What is wrong with a line from here on.
  void impair(std::size_t line, const PacketFaults& faults);
  // Sends what was late and has arrived by then, and when the next of it does.
  void deliver(std::uint64_t ns);
  [[nodiscard]] std::uint64_t next_ns() const noexcept;
  // Null for a line with which nothing was ever wrong.
  [[nodiscard]] const FaultyLine* faulty_line(std::size_t line) const noexcept {
    return lines_[line].faulty ? &*lines_[line].faulty : nullptr;
  }
  [[nodiscard]] std::size_t line_count() const noexcept { return lines_.size(); }

  [[nodiscard]] std::uint64_t next_sequence() const noexcept {
    return lines_.front().packets.next_sequence();
  }
  [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }
  [[nodiscard]] std::uint64_t frames_lost() const noexcept { return frames_lost_; }

 private:
  struct Line {
    nic::UdpRoute route;
    MoldPackets packets;
    Random cuts;
    std::optional<FaultyLine> faulty = std::nullopt;
  };

  void emit(std::size_t line, std::span<const std::byte> packet, std::uint64_t ns);
  void send(std::size_t line, std::span<const std::byte> frame, std::uint64_t ns);

  Send send_;
  std::vector<Line> lines_;
  std::vector<Recording> recordings_;
  std::array<std::byte, nic::kFrameBytesMax> frame_{};
  std::uint64_t seed_;
  std::uint64_t sent_ns_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t frames_lost_ = 0;
};

}  // namespace ridley::venue
