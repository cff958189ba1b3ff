// SPDX-License-Identifier: Apache-2.0
#include "control/software_events.hpp"

#include "control/card_records.hpp"

namespace ridley::control {

bool SoftwareEvents::next(FeedRecord& record) {
  for (;;) {
    while (walk_ && !(walk_->at == walk_->end)) {
      const feed::Block block = *walk_->at;
      ++walk_->at;
      if (take(block, record)) return true;
    }
    walk_.reset();
    const std::optional<nic::Frame> frame = frames_.next();
    if (!frame) return false;
    if (take(*frame, record)) return true;
  }
}

bool SoftwareEvents::take(const nic::Frame& frame, FeedRecord& record) {
  nic::Datagram datagram;
  const nic::Strip cause = line_.take(frame, datagram);
  ++causes_[static_cast<std::size_t>(cause)];
  if (cause != nic::Strip::Udp) return false;
  const feed::Arrived arrived = sequencer_.accept(datagram.payload);
  switch (arrived.arrival) {
    case feed::Arrival::Duplicate:
    case feed::Arrival::OtherSession:
    case feed::Arrival::Malformed: return false;
    default: break;
  }
  const feed::Blocks blocks{arrived};
  walk_ = Walk{blocks.begin(), blocks.end()};
  packet_ = packet_record(arrived, datagram.payload, frame.stamp.ns);
  record = {.form = card::CardForm::Packet, .event = {}, .packet = packet_};
  return true;
}

bool SoftwareEvents::take(const feed::Block& block, FeedRecord& record) {
  const feed::Decoded result = feed::decode(block.message, block.sequence, record.event);
  decoded_.count(result);
  if (result == feed::Decoded::Event) {
    record.form = card::CardForm::Event;
    return true;
  }
  // An empty message has a number and nothing else.
  if (result != feed::Decoded::Truncated || block.message.empty()) return false;
  record.form = card::CardForm::ShortMessage;
  record.packet = packet_;
  record.packet.first_sequence = block.sequence;
  return true;
}

FeedTotals SoftwareEvents::totals() {
  return {.causes = causes_,
          .packets = sequencer_.counters().packets,
          .malformed = sequencer_.counters().malformed,
          .unknown_types = decoded_.unknown_types,
          .truncated = decoded_.truncated};
}

}  // namespace ridley::control
