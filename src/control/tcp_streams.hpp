// SPDX-License-Identifier: Apache-2.0
// In: Ethernet frames of TCP connections, in the order of a capture. Out: for each direction the
// bytes in order; late and repeated segments are put right. Cold; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace ridley::control {

struct TcpSegment {
  std::uint32_t source_ip = 0;
  std::uint32_t destination_ip = 0;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint32_t sequence = 0;
  bool opens = false;                  // SYN
  std::span<const std::byte> payload;  // points into the frame
};

// Nothing where the frame is no whole TCP segment over IPv4.
[[nodiscard]] std::optional<TcpSegment> tcp_segment(std::span<const std::byte> frame);

// One direction of a connection. A capture may begin in its middle: the first segment is taken as
// the beginning.
class TcpStream {
 public:
  // What may wait for a missing segment: more than any window a venue's session uses.
  static constexpr std::size_t kWaitingBytesMax = 1 << 20;

  // False where too much waits for a segment that the capture does not have.
  [[nodiscard]] bool add(const TcpSegment& segment);

  // In order, not taken yet.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return std::span{bytes_}.subspan(taken_);
  }
  void take(std::size_t count);

  // Bytes that wait for a missing segment.
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_bytes_; }

 private:
  void append(std::span<const std::byte> payload, std::uint32_t sequence);

  bool begun_ = false;
  std::uint32_t next_ = 0;
  std::vector<std::byte> bytes_;
  std::size_t taken_ = 0;
  std::map<std::uint32_t, std::vector<std::byte>> waiting_;
  std::size_t waiting_bytes_ = 0;
};

// Which connection and which way.
struct TcpFlow {
  std::uint32_t source_ip;
  std::uint32_t destination_ip;
  std::uint16_t source_port;
  std::uint16_t destination_port;

  auto operator<=>(const TcpFlow&) const = default;
};

}  // namespace ridley::control
