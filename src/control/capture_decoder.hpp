// SPDX-License-Identifier: Apache-2.0
// In: the frames of a capture. Out: the messages in them, printed: MoldUDP64 with ITCH over UDP,
// SoupBinTCP with OUCH or ITCH over TCP; and what was wrong with which. Cold; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "control/message_printer.hpp"
#include "control/tcp_streams.hpp"
#include "wire/mold.hpp"

namespace ridley::control {

struct CapturedBytes {
  std::span<const std::byte> frame;
  std::uint64_t number;  // 1 for the first
  std::uint64_t offset;  // of its record in the capture
  bool cut;              // the capture kept less than there was
};

class CaptureDecoder {
 public:
  using Complaint = std::function<void(const CapturedBytes&, const std::string&)>;

  CaptureDecoder(MessagePrinter& printer, Complaint complain)
      : printer_{printer}, complain_{std::move(complain)} {}

  void frame(const CapturedBytes& captured);
  // Complains about streams that end inside a packet.
  void end();

  // Frames that carry neither UDP nor TCP over IPv4.
  [[nodiscard]] std::uint64_t other_frames() const noexcept { return other_frames_; }

 private:
  struct Stream {
    TcpStream bytes;
    bool server = false;
    bool known = false;  // which end it is
    bool given_up = false;
    std::uint64_t packets = 0;
    std::uint64_t sequenced = 0;
    std::uint64_t frame_number = 0;
    std::uint64_t frame_offset = 0;
  };

  void datagram(const CapturedBytes& captured, std::span<const std::byte> payload);
  void lone_header(const wire::mold::Header& header);
  void block(const CapturedBytes& captured, std::uint64_t sequence,
             std::span<const std::byte> message);
  void segment(const CapturedBytes& captured, const TcpSegment& segment);
  void packet(const CapturedBytes& captured, Stream& stream, std::span<const std::byte> bytes);
  void payload(const CapturedBytes& captured, const Stream& stream, std::uint64_t sequence,
               std::span<const std::byte> message);
  void judge(const CapturedBytes& captured, Printed printed, std::string_view what,
             std::span<const std::byte> message);

  MessagePrinter& printer_;
  Complaint complain_;
  std::map<TcpFlow, Stream> streams_;
  std::uint64_t other_frames_ = 0;
};

}  // namespace ridley::control
