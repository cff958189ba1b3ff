// SPDX-License-Identifier: Apache-2.0
#include "control/software_events.hpp"

#include <algorithm>
#include <string>

#include "control/card_records.hpp"

namespace ridley::control {
namespace {

// Where the card has ten characters of MoldUDP64, the others have what names their numbers.
card::CardPacket packet_of(FeedProtocol protocol, const feed::Arrived& arrived,
                           std::span<const std::byte> payload, std::uint64_t stamp_ns) {
  if (protocol == FeedProtocol::Itch) return packet_record(arrived, payload, stamp_ns);
  std::string session;
  if (protocol == FeedProtocol::Pitch) session = "unit " + std::to_string(arrived.unit);
  if (protocol == FeedProtocol::IexDeep)
    session = std::to_string(feed::IexFraming::Header{payload.data()}.session_id());
  std::array<std::byte, 10> padded;
  padded.fill(std::byte{' '});
  std::ranges::copy(
      std::as_bytes(std::span{session}).first(std::min<std::size_t>(10, session.size())),
      padded.begin());
  return packet_record(arrived, padded, stamp_ns);
}

}  // namespace

bool SoftwareEvents::next(FeedRecord& record) {
  while (at_ == records_.size()) {
    records_.clear();
    at_ = 0;
    const std::optional<nic::Frame> frame = frames_.next();
    if (frame) {
      take(*frame);
    } else if (over_ || !feed_) {
      return false;
    } else {
      over_ = true;
      feed_->finish(listener_);
    }
  }
  record = records_[at_++];
  return true;
}

nic::Strip SoftwareEvents::datagram_of(const nic::Frame& frame, nic::Datagram& datagram) {
  const bool has_line = line_.address().port != 0;
  if (has_line || protocol_ == FeedProtocol::Itch) return line_.take(frame, datagram);
  const nic::Strip cause = nic::strip(frame, datagram);
  if (cause != nic::Strip::Udp) return cause;
  const std::optional<FeedProtocol> told = protocol_of(datagram.payload);
  if (!protocol_) protocol_ = told.value_or(FeedProtocol::Itch);
  if (protocol_ == FeedProtocol::Itch) return line_.take(frame, datagram);
  return same_packets(told.value_or(*protocol_), *protocol_) ? nic::Strip::Udp
                                                             : nic::Strip::OtherAddress;
}

void SoftwareEvents::take(const nic::Frame& frame) {
  nic::Datagram datagram;
  const nic::Strip cause = datagram_of(frame, datagram);
  ++causes_[static_cast<std::size_t>(cause)];
  if (cause != nic::Strip::Udp) return;
  if (!feed_) {
    if (!protocol_) protocol_ = protocol_of(datagram.payload).value_or(FeedProtocol::Itch);
    // The card's ITCH comes of one line, and so does ours beside it.
    feed_ = FeedEvents::make(
        *protocol_,
        {.policy = feed::SessionPolicy::Follow, .first_sequence = feed::SequencerOptions::kAdopt},
        *protocol_ == FeedProtocol::Itch ? 0 : kCaptureHeldPackets);
  }
  // Its events are told behind it.
  records_.emplace_back();
  const feed::Arrived arrived = feed_->accept(datagram, listener_);
  switch (arrived.arrival) {
    case feed::Arrival::Duplicate:
    case feed::Arrival::OtherSession:
    case feed::Arrival::Malformed: records_.clear(); return;
    default: break;
  }
  const card::CardPacket packet = packet_of(*protocol_, arrived, datagram.payload, frame.stamp.ns);
  for (FeedRecord& record : records_) {
    if (record.form == card::CardForm::Event) continue;
    const std::uint64_t sequence = record.packet.first_sequence;
    record.packet = packet;
    if (record.form == card::CardForm::ShortMessage) record.packet.first_sequence = sequence;
  }
  records_.front().form = card::CardForm::Packet;
}

// The card's records tell a gap with the packet, and a message that cannot be read by itself.
void SoftwareEvents::take(const event::MarketEvent& event) {
  FeedRecord record{.form = card::CardForm::Event, .event = event, .packet = {}};
  if (*protocol_ == FeedProtocol::Itch && event.kind == event::EventKind::Doubt) {
    if (event.doubt.reason != event::DoubtReason::Malformed) return;
    record.form = card::CardForm::ShortMessage;
    record.packet.first_sequence = event.doubt.missing_from;
  }
  records_.push_back(record);
}

FeedTotals SoftwareEvents::totals() {
  const feed::SequencerCounters counters = feed_ ? feed_->counters() : feed::SequencerCounters{};
  const feed::DecodeCounters decoded = feed_ ? feed_->decoded() : feed::DecodeCounters{};
  return {.causes = causes_,
          .packets = counters.packets,
          .malformed = counters.malformed,
          .unknown_types = decoded.unknown_types,
          .truncated = decoded.truncated};
}

std::vector<std::string> SoftwareEvents::complaints() const {
  std::vector<std::string> complaints;
  if (feed_) feed_->complain(complaints);
  return complaints;
}

}  // namespace ridley::control
