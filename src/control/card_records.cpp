// SPDX-License-Identifier: Apache-2.0
#include "control/card_records.hpp"

#include <cstring>

namespace ridley::control {
namespace {

nic::DatagramReader reader_of(const card::Line& line) {
  nic::MulticastFilter filter;
  if (line.port != 0) (void)filter.add(line.address, line.port, 0);
  return nic::DatagramReader{filter};
}

void append(card::CardForm form, unsigned port, const void* bytes,
            std::vector<card::GoldenRecord>& records) {
  card::GoldenRecord& record = records.emplace_back();
  record.form = form;
  record.port = port;
  std::memcpy(record.bytes.data(), bytes, record.bytes.size());
}

}  // namespace

card::CardPacket packet_record(const feed::Arrived& arrived, std::span<const std::byte> payload,
                               std::uint64_t stamp_ns) {
  card::CardPacket packet;
  packet.arrival = static_cast<std::uint8_t>(arrived.arrival);
  packet.count = arrived.count;
  packet.stamp_ns = stamp_ns;
  packet.first_sequence = arrived.first_sequence;
  packet.missing_from = arrived.missing_from;
  packet.missing_count = arrived.missing_count;
  std::memcpy(packet.session.data(), payload.data(), packet.session.size());
  return packet;
}

CardRecords::CardRecords(const card::CardSettings& settings)
    : settings_{settings},
      ports_{reader_of(settings.lines[0]), reader_of(settings.lines[1])},
      sequencer_{{.policy = settings.follow_sessions ? feed::SessionPolicy::Follow
                                                     : feed::SessionPolicy::Refuse,
                  .first_sequence = settings.first_sequence}} {}

void CardRecords::take(unsigned port, std::span<const std::byte> frame, std::uint64_t stamp_ns,
                       std::vector<card::GoldenRecord>& records) {
  nic::Datagram datagram;
  const nic::Frame whole{.bytes = frame.data(),
                         .length = static_cast<std::uint32_t>(frame.size()),
                         .wire_length = static_cast<std::uint32_t>(frame.size()),
                         .stamp = {}};
  if (ports_[port].read(whole, datagram) != nic::Strip::Udp) return;
  const feed::Arrived arrived = sequencer_.accept(datagram.payload);
  switch (arrived.arrival) {
    case feed::Arrival::Duplicate:
    case feed::Arrival::OtherSession:
    case feed::Arrival::Malformed: return;
    default: break;
  }
  const card::CardPacket packet = packet_record(arrived, datagram.payload, stamp_ns);
  append(card::CardForm::Packet, port, &packet, records);
  for (const feed::Block block : feed::Blocks{arrived}) take(block, port, packet, records);
}

void CardRecords::take(const feed::Block& block, unsigned port, const card::CardPacket& packet,
                       std::vector<card::GoldenRecord>& records) {
  event::MarketEvent event;
  const feed::Decoded result = feed::decode(block.message, block.sequence, event);
  decoded_.count(result);
  if (result == feed::Decoded::Event) {
    if (passes(event)) return append(card::CardForm::Event, port, &event, records);
    ++filtered_;
  } else if (result == feed::Decoded::Truncated && !block.message.empty()) {
    card::CardPacket shorter = packet;
    shorter.first_sequence = block.sequence;
    append(card::CardForm::ShortMessage, port, &shorter, records);
  }
}

// What concerns everybody passes, and what tells the day's numbers of the instruments.
bool CardRecords::passes(const event::MarketEvent& event) const {
  return settings_.every_instrument || event.locate == 0 ||
         event.kind == event::EventKind::Directory || wanted_.test(event.locate);
}

}  // namespace ridley::control
