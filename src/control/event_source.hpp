// SPDX-License-Identifier: Apache-2.0
// In: the frames of a feed. Out: what a decoder of it says, record by record: packets with news,
// events, messages that are too short. Two stand behind it, the feed room and the card; the same
// frames give the same records. Cold; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "card/records.hpp"
#include "event/records.hpp"
#include "nic/datagram.hpp"

namespace ridley::control {

// What the card writes into its ring, without the mark.
struct FeedRecord {
  card::CardForm form = card::CardForm::None;
  event::MarketEvent event{};  // of an event
  card::CardPacket packet{};   // of a packet, or of a message that is too short
};

struct FeedTotals {
  std::array<std::uint64_t, nic::kStripCauses> causes{};  // every frame under one
  std::uint64_t packets = 0;
  std::uint64_t malformed = 0;      // of the packets
  std::uint64_t unknown_types = 0;  // messages
  std::uint64_t truncated = 0;      // messages shorter than their type
};

class EventSource {
 public:
  EventSource() = default;
  virtual ~EventSource() = default;
  EventSource(const EventSource&) = delete;
  EventSource& operator=(const EventSource&) = delete;

  // False at the end. Where the frames' file is damaged everything before it comes first, then
  // base::Error (EX_DATAERR) is thrown.
  [[nodiscard]] virtual bool next(FeedRecord& record) = 0;

  // Only at the end, or after what next() threw.
  [[nodiscard]] virtual FeedTotals totals() = 0;
  // Sentences about what the totals do not say.
  [[nodiscard]] virtual std::vector<std::string> complaints() const { return {}; }
};

}  // namespace ridley::control
