// SPDX-License-Identifier: Apache-2.0
// The card in software: the rooms that its blocks are twins of, put together as they are. In: the
// frames of its ports in the order in which they end. Out: the records that the card must write,
// but for number and latency, and the counters that it must show. One thread.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "card/card.hpp"
#include "feed/decode.hpp"
#include "feed/sequencer.hpp"
#include "nic/datagram.hpp"

namespace ridley::test {

struct ExpectedRecord {
  card::CardForm form{};
  unsigned port = 0;
  std::array<std::byte, card::kMarkAt> bytes{};

  friend bool operator==(const ExpectedRecord&, const ExpectedRecord&) = default;
};

class ReferenceCard {
 public:
  explicit ReferenceCard(const card::CardSettings& settings)
      : settings_{settings},
        ports_{reader_of(settings.lines[0]), reader_of(settings.lines[1])},
        sequencer_{{.policy = settings.follow_sessions ? feed::SessionPolicy::Follow
                                                       : feed::SessionPolicy::Refuse,
                    .first_sequence = settings.first_sequence}} {}

  void select(std::uint16_t locate, bool wanted) { wanted_.set(locate, wanted); }

  // Appends what the frame gives.
  void take(unsigned port, std::span<const std::byte> frame, std::uint64_t stamp_ns,
            std::vector<ExpectedRecord>& records) {
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
    card::CardPacket packet;
    packet.arrival = static_cast<std::uint8_t>(arrived.arrival);
    packet.count = arrived.count;
    packet.stamp_ns = stamp_ns;
    packet.first_sequence = arrived.first_sequence;
    packet.missing_from = arrived.missing_from;
    packet.missing_count = arrived.missing_count;
    std::memcpy(packet.session.data(), datagram.payload.data(), packet.session.size());
    append(card::CardForm::Packet, port, &packet, records);
    for (const feed::Block block : feed::Blocks{arrived}) take(block, port, packet, records);
  }

  [[nodiscard]] const nic::StripCounts& causes(unsigned port) const {
    return ports_[port].counts();
  }
  [[nodiscard]] const feed::SequencerCounters& line() const { return sequencer_.counters(); }
  [[nodiscard]] const feed::DecodeCounters& decoded() const { return decoded_; }
  [[nodiscard]] std::uint64_t events_filtered() const { return filtered_; }

 private:
  static nic::DatagramReader reader_of(const card::Line& line) {
    nic::MulticastFilter filter;
    if (line.port != 0) (void)filter.add(line.address, line.port, 0);
    return nic::DatagramReader{filter};
  }

  static void append(card::CardForm form, unsigned port, const void* bytes,
                     std::vector<ExpectedRecord>& records) {
    ExpectedRecord& record = records.emplace_back();
    record.form = form;
    record.port = port;
    std::memcpy(record.bytes.data(), bytes, record.bytes.size());
  }

  void take(const feed::Block& block, unsigned port, card::CardPacket& packet,
            std::vector<ExpectedRecord>& records) {
    event::MarketEvent event;
    const feed::Decoded result = feed::decode(block.message, block.sequence, event);
    decoded_.count(result);
    if (result == feed::Decoded::Event) {
      if (!passes(event)) {
        ++filtered_;
        return;
      }
      append(card::CardForm::Event, port, &event, records);
    } else if (result == feed::Decoded::Truncated && !block.message.empty()) {
      card::CardPacket shorter = packet;
      shorter.first_sequence = block.sequence;
      append(card::CardForm::ShortMessage, port, &shorter, records);
    }
  }

  // What concerns everybody passes, and what tells the day's numbers of the instruments.
  [[nodiscard]] bool passes(const event::MarketEvent& event) const {
    return settings_.every_instrument || event.locate == 0 ||
           event.kind == event::EventKind::Directory || wanted_.test(event.locate);
  }

  card::CardSettings settings_;
  std::array<nic::DatagramReader, card::kPorts> ports_;
  feed::Sequencer sequencer_;
  feed::DecodeCounters decoded_{};
  std::bitset<65'536> wanted_;
  std::uint64_t filtered_ = 0;
};

}  // namespace ridley::test
