// SPDX-License-Identifier: Apache-2.0
// In: the frames of a capture. Out: the messages in them, printed: over UDP MoldUDP64 with ITCH,
// Cboe's sequenced units with PITCH, IEX-TP with DEEP and CME's MDP 3.0, each datagram as what it
// is unless the operator says; over TCP SoupBinTCP with OUCH or ITCH; and what was wrong with
// which. Cold; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "control/feed_protocol.hpp"
#include "control/message_printer.hpp"
#include "control/tcp_streams.hpp"
#include "nic/datagram.hpp"
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

  // Without a protocol every datagram says by itself what it is.
  CaptureDecoder(MessagePrinter& printer, Complaint complain,
                 std::optional<FeedProtocol> protocol = std::nullopt)
      : printer_{printer}, complain_{std::move(complain)}, protocol_{protocol} {}

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

  // What the messages of a packet are, and whose numbers they have.
  struct Messages {
    MessageProtocol transport;
    MessageProtocol protocol;
    std::uint64_t first;
    std::uint16_t unit;
  };

  template <feed::Framing F>
  [[nodiscard]] static Messages messages_of(const typename F::Header& header);
  [[nodiscard]] std::optional<FeedProtocol> protocol_of(const nic::Datagram& datagram);
  void datagram(const CapturedBytes& captured, const nic::Datagram& datagram);
  template <feed::Framing F>
  void packet_of(const CapturedBytes& captured, std::span<const std::byte> payload,
                 FeedProtocol protocol);
  void unnumbered(const CapturedBytes& captured, const Messages& messages,
                  std::span<const std::byte> rest);
  void lone_header(const wire::mold::Header& header);
  void block(const CapturedBytes& captured, const Messages& messages, std::uint64_t index,
             std::span<const std::byte> message);
  void segment(const CapturedBytes& captured, const TcpSegment& segment);
  void packet(const CapturedBytes& captured, Stream& stream, std::span<const std::byte> bytes);
  void payload(const CapturedBytes& captured, const Stream& stream, std::uint64_t sequence,
               std::span<const std::byte> message);
  void judge(const CapturedBytes& captured, Printed printed, MessageProtocol protocol,
             std::span<const std::byte> message);

  MessagePrinter& printer_;
  Complaint complain_;
  std::optional<FeedProtocol> protocol_;
  // What was sent to an address and a port before, by datagrams that told.
  std::map<std::pair<std::uint32_t, std::uint16_t>, FeedProtocol> heard_;
  std::map<TcpFlow, Stream> streams_;
  std::uint64_t other_frames_ = 0;
};

}  // namespace ridley::control
