// SPDX-License-Identifier: Apache-2.0
// In: a capture (pcap, pcapng) or a file of ITCH messages, plain, gzip or xz, "-" for the standard
// input. Out: Ethernet frames with their times, as a port would give them: those of the capture, or
// the messages in MoldUDP64 packets on a line of their own. Cold; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nic/address.hpp"
#include "nic/datagram.hpp"
#include "nic/frame.hpp"

namespace ridley::control {

enum class Addresses : std::uint8_t {
  Repaired,  // where they were made anonymous, see nic/anonymous_frame.hpp
  AsRecorded,
};

class FeedFrames {
 public:
  // Throws base::Error: EX_NOINPUT when there is no such file, EX_DATAERR when it is neither.
  explicit FeedFrames(const std::string& name, Addresses addresses = Addresses::Repaired);
  ~FeedFrames();
  FeedFrames(const FeedFrames&) = delete;
  FeedFrames& operator=(const FeedFrames&) = delete;

  // Empty at the end; valid until the next call. Every frame has a byte at least, and a time that a
  // capture can say. A file that is cut or damaged gives everything before, then throws base::Error
  // (EX_DATAERR) with the place and the cause.
  [[nodiscard]] std::optional<nic::Frame> next();

  // What could not be put into a frame.
  [[nodiscard]] const std::vector<std::string>& complaints() const noexcept;
  // Frames that no port would have taken as they were.
  [[nodiscard]] std::uint64_t repaired() const noexcept;

  // For progress; the size is 0 where nobody knows.
  [[nodiscard]] std::uint64_t file_offset() const;
  [[nodiscard]] std::uint64_t file_size() const;

  class Source;

 private:
  std::unique_ptr<Source> source_;
};

// Which datagrams are the feed: those to one address, unless somebody names it that of the first.
class FeedLine {
 public:
  FeedLine() = default;
  explicit FeedLine(nic::SocketAddress address) : address_{address} {}

  // What a port with this line would count the frame under.
  [[nodiscard]] nic::Strip take(const nic::Frame& frame, nic::Datagram& datagram) noexcept {
    const nic::Strip cause = nic::strip(frame, datagram);
    if (cause != nic::Strip::Udp) return cause;
    if (address_.port == 0) {
      address_ = {.ip = datagram.destination_ip, .port = datagram.destination_port};
    }
    const bool ours = address_.port != 0 && address_.ip == datagram.destination_ip &&
                      address_.port == datagram.destination_port;
    return ours ? nic::Strip::Udp : nic::Strip::OtherAddress;
  }

  // Port 0, which no line has, until there was a datagram.
  [[nodiscard]] nic::SocketAddress address() const noexcept { return address_; }

 private:
  nic::SocketAddress address_;
};

}  // namespace ridley::control
