// SPDX-License-Identifier: Apache-2.0
#include "control/capture_decoder.hpp"

#include <fmt/format.h>

#include <type_traits>

#include "base/bytes.hpp"
#include "wire/itch.hpp"
#include "wire/mold.hpp"
#include "wire/ouch.hpp"
#include "wire/soup.hpp"

namespace ridley::control {
namespace {

constexpr std::size_t kSoupHeaderBytes = 3;

// Recorded frames have often been made anonymous, which leaves checksums wrong.
constexpr nic::StripChecks kNoChecks{.header_checksum = false, .udp_checksum = false};

bool only_server_sends(char type) {
  return type == 'S' || type == 'A' || type == 'J' || type == 'H' || type == 'Z';
}

bool only_client_sends(char type) { return type == 'L' || type == 'R' || type == 'O'; }

// Whether a message is exactly one of ITCH and not of OUCH: some venues send ITCH over TCP.
bool is_itch(std::span<const std::byte> message, std::size_t ouch_size) {
  const std::size_t size = message.size();
  const bool may_be_ouch = ouch_size != 0 && size >= ouch_size;
  return !may_be_ouch && size > 0 && wire::itch::size_of(static_cast<char>(message[0])) == size;
}

MessageProtocol messages_in(wire::iextp::MessageProtocolId id) {
  switch (id) {
    case wire::iextp::MessageProtocolId::Tops: return MessageProtocol::Tops;
    case wire::iextp::MessageProtocolId::DeepPlus: return MessageProtocol::DeepPlus;
    default: return MessageProtocol::Deep;
  }
}

}  // namespace

template <feed::Framing F>
CaptureDecoder::Messages CaptureDecoder::messages_of(const typename F::Header& header) {
  Messages messages{.transport = MessageProtocol::Mold,
                    .protocol = MessageProtocol::Itch,
                    .first = F::first(header),
                    .unit = F::unit(header)};
  if constexpr (std::is_same_v<F, feed::SequencedUnitFraming>) {
    messages.transport = MessageProtocol::SequencedUnit;
    messages.protocol = MessageProtocol::Pitch;
  } else if constexpr (std::is_same_v<F, feed::IexFraming>) {
    messages.transport = MessageProtocol::IexTp;
    messages.protocol =
        messages_in(static_cast<wire::iextp::MessageProtocolId>(header.message_protocol_id()));
  } else if constexpr (std::is_same_v<F, feed::MdpFraming>) {
    messages.transport = MessageProtocol::MdpPacket;
    messages.protocol = MessageProtocol::Mdp3;
  }
  return messages;
}

void CaptureDecoder::frame(const CapturedBytes& captured) {
  const nic::Frame frame{.bytes = captured.frame.data(),
                         .length = static_cast<std::uint32_t>(captured.frame.size()),
                         .wire_length = static_cast<std::uint32_t>(captured.frame.size()),
                         .stamp = {}};
  nic::Datagram stripped;
  const nic::Strip cause = nic::strip(frame, stripped, kNoChecks);
  if (cause == nic::Strip::Udp) return datagram(captured, stripped);
  if (cause == nic::Strip::Tcp) {
    if (const auto found = tcp_segment(captured.frame)) return segment(captured, *found);
    return complain_(captured, "damaged TCP header");
  }
  if (cause == nic::Strip::Truncated) {
    return complain_(captured, captured.cut ? "frame cut by the capture" : "truncated frame");
  }
  ++other_frames_;
}

void CaptureDecoder::judge(const CapturedBytes& captured, Printed printed, MessageProtocol protocol,
                           std::span<const std::byte> message) {
  if (printed != Printed::Malformed) return;
  const bool soup =
      protocol == MessageProtocol::SoupClient || protocol == MessageProtocol::SoupServer;
  complain_(captured,
            fmt::format("{} of type {} with {} bytes is malformed", soup ? "packet" : "message",
                        shown_type_of(protocol, message), message.size()));
}

void CaptureDecoder::block(const CapturedBytes& captured, const Messages& messages,
                           std::uint64_t index, std::span<const std::byte> message) {
  if (message.empty()) {
    printer_.count(messages.transport, ' ', "empty_block", 0);
    return;
  }
  const bool unsequenced = messages.protocol == MessageProtocol::Pitch && messages.first == 0;
  const std::uint64_t sequence = unsequenced ? 0 : messages.first + index;
  judge(captured, printer_.print(messages.protocol, sequence, message, messages.unit),
        messages.protocol, message);
}

// A header alone: a heartbeat, the end of a session, or a receiver that asks for messages again.
void CaptureDecoder::lone_header(const wire::mold::Header& header) {
  const auto count = static_cast<wire::mold::MessageCount>(header.message_count());
  const bool heartbeat = count == wire::mold::MessageCount::Heartbeat;
  const bool ends = count == wire::mold::MessageCount::EndOfSession;
  printer_.count(MessageProtocol::Mold, heartbeat ? 'h' : (ends ? 'e' : 'r'),
                 heartbeat || ends ? wire::mold::name_of(count) : wire::mold::RequestPacket::kName,
                 wire::mold::Header::kSize);
}

// A datagram that contradicts itself is taken for what came to its address before, so that what is
// wrong with it can be told.
std::optional<FeedProtocol> CaptureDecoder::protocol_of(const nic::Datagram& datagram) {
  if (protocol_) return protocol_;
  const std::pair address{datagram.destination_ip, datagram.destination_port};
  if (const auto told = control::protocol_of(datagram.payload)) {
    heard_[address] = *told;
    return told;
  }
  const auto before = heard_.find(address);
  return before != heard_.end() ? before->second : suspicion_of(datagram.payload);
}

void CaptureDecoder::datagram(const CapturedBytes& captured, const nic::Datagram& datagram) {
  const auto protocol = protocol_of(datagram);
  if (!protocol) {
    return complain_(captured, fmt::format("datagram of {} bytes fits no protocol of {}",
                                           datagram.payload.size(), protocol_names()));
  }
  switch (*protocol) {
    case FeedProtocol::Itch:
      return packet_of<feed::MoldFraming>(captured, datagram.payload, *protocol);
    case FeedProtocol::Pitch:
      return packet_of<feed::SequencedUnitFraming>(captured, datagram.payload, *protocol);
    case FeedProtocol::IexDeep:
      return packet_of<feed::IexFraming>(captured, datagram.payload, *protocol);
    case FeedProtocol::Mdp3:
    case FeedProtocol::Mdp3Orders:
      return packet_of<feed::MdpFraming>(captured, datagram.payload, *protocol);
  }
}

// All blocks or none: a packet whose blocks do not fit is not to be trusted.
template <feed::Framing F>
void CaptureDecoder::packet_of(const CapturedBytes& captured, std::span<const std::byte> payload,
                               FeedProtocol protocol) {
  if (!F::fits(payload)) {
    const bool shorter = payload.size() < F::kHeaderBytes;
    return complain_(captured, fmt::format("datagram of {} bytes is {} {} header{}", payload.size(),
                                           shorter ? "shorter than a" : "not what its",
                                           transport_of(protocol), shorter ? "" : " says"));
  }
  const typename F::Header header{payload.data()};
  const Messages messages = messages_of<F>(header);
  if (payload.size() == F::kHeaderBytes) {
    if constexpr (std::is_same_v<F, feed::MoldFraming>) return lone_header(header);
    if (F::count(header) == feed::kHeartbeat)
      return printer_.count(messages.transport, 'h', "heartbeat", F::kHeaderBytes);
  }
  const std::span<const std::byte> blocks = payload.subspan(F::kHeaderBytes);
  const std::uint32_t count = F::count(header) == F::kEndOfSession ? 0 : F::count(header);
  std::size_t at = 0;
  for (std::uint32_t index = 0; index < count; ++index) {
    const bool counted = at + F::kLengthBytes <= blocks.size();
    if (counted) at += F::block_bytes(blocks.data() + at, blocks.size() - at);
    if (!counted || at > blocks.size()) {
      return complain_(captured, fmt::format("{} block {} of {} passes the end of the datagram",
                                             transport_of(protocol), index + 1, count));
    }
  }
  if (at != blocks.size()) {
    return complain_(captured, fmt::format("{} bytes follow the last {} block", blocks.size() - at,
                                           transport_of(protocol)));
  }
  if constexpr (std::is_same_v<F, feed::MdpFraming>) return unnumbered(captured, messages, blocks);
  at = 0;
  const std::byte* const end = blocks.data() + blocks.size();
  for (std::uint32_t index = 0; index < count; ++index) {
    block(captured, messages, index, F::message(blocks.data() + at, end));
    at += F::block_bytes(blocks.data() + at, blocks.size() - at);
  }
}

// Messages of a packet with one number, which all have.
void CaptureDecoder::unnumbered(const CapturedBytes& captured, const Messages& messages,
                                std::span<const std::byte> rest) {
  while (!rest.empty()) {
    const std::size_t size = feed::MdpFraming::message_bytes(rest);
    block(captured, messages, 0, rest.first(size));
    rest = rest.subspan(size);
  }
}

void CaptureDecoder::segment(const CapturedBytes& captured, const TcpSegment& segment) {
  Stream& stream = streams_[{segment.source_ip, segment.destination_ip, segment.source_port,
                             segment.destination_port}];
  if (stream.given_up) return;
  // Until a packet says who it is, the smaller port is the server's.
  if (!stream.known) stream.server = segment.source_port < segment.destination_port;
  stream.frame_number = captured.number;
  stream.frame_offset = captured.offset;
  if (!stream.bytes.add(segment)) {
    stream.given_up = true;
    return complain_(captured, "a TCP stream lacks a segment");
  }
  while (stream.bytes.bytes().size() >= kSoupHeaderBytes) {
    const std::span<const std::byte> rest = stream.bytes.bytes();
    const std::size_t size = base::load_big_endian<std::uint16_t>(rest.data()) + std::size_t{2};
    if (size < kSoupHeaderBytes) {
      stream.given_up = true;
      return complain_(captured, "a SoupBinTCP packet has length zero");
    }
    if (rest.size() < size) return;
    packet(captured, stream, rest.first(size));
    if (stream.given_up) return;
    stream.bytes.take(size);
  }
}

void CaptureDecoder::packet(const CapturedBytes& captured, Stream& stream,
                            std::span<const std::byte> bytes) {
  const char type = static_cast<char>(bytes[2]);
  if (only_server_sends(type) || only_client_sends(type)) {
    stream.known = true;
    stream.server = only_server_sends(type);
  }
  const auto protocol = stream.server ? MessageProtocol::SoupServer : MessageProtocol::SoupClient;
  ++stream.packets;
  if (type == 'S') return payload(captured, stream, ++stream.sequenced, bytes.subspan(3));
  if (type == 'U') return payload(captured, stream, stream.packets, bytes.subspan(3));
  const Printed printed = printer_.print(protocol, stream.packets, bytes);
  if (printed == Printed::Unknown) {
    stream.given_up = true;
    return complain_(captured, "a TCP stream carries no SoupBinTCP");
  }
  judge(captured, printed, protocol, bytes);
}

void CaptureDecoder::payload(const CapturedBytes& captured, const Stream& stream,
                             std::uint64_t sequence, std::span<const std::byte> message) {
  if (message.empty()) return complain_(captured, "a SoupBinTCP data packet is empty");
  const char type = static_cast<char>(message[0]);
  const std::size_t size =
      stream.server ? wire::ouch::size_of_outbound(type) : wire::ouch::size_of_inbound(type);
  MessageProtocol protocol =
      stream.server ? MessageProtocol::OuchOutbound : MessageProtocol::OuchInbound;
  if (stream.server && is_itch(message, size)) protocol = MessageProtocol::Itch;
  judge(captured, printer_.print(protocol, sequence, message), protocol, message);
}

void CaptureDecoder::end() {
  for (const auto& [flow, stream] : streams_) {
    if (stream.given_up) continue;
    const CapturedBytes last{
        .frame = {}, .number = stream.frame_number, .offset = stream.frame_offset, .cut = false};
    if (stream.bytes.waiting() > 0) {
      complain_(last, fmt::format("{} bytes of a TCP stream wait for a missing segment",
                                  stream.bytes.waiting()));
    }
    if (!stream.bytes.bytes().empty()) {
      complain_(last, fmt::format("a TCP stream ends {} bytes into a SoupBinTCP packet",
                                  stream.bytes.bytes().size()));
    }
  }
}

}  // namespace ridley::control
