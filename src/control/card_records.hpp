// SPDX-License-Identifier: Apache-2.0
// The card in software: the rooms that its blocks are twins of, put together as they are. In: the
// frames of its ports in the order in which they end. Out: the records that the card must write,
// but for number and latency, and the counters that it must show. Cold; one thread.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "card/card.hpp"
#include "card/golden.hpp"
#include "feed/decode.hpp"
#include "feed/sequencer.hpp"
#include "nic/datagram.hpp"

namespace ridley::control {

// What the card says of a packet that is new, before its mark.
[[nodiscard]] card::CardPacket packet_record(const feed::Arrived& arrived,
                                             std::span<const std::byte> payload,
                                             std::uint64_t stamp_ns);

class CardRecords {
 public:
  explicit CardRecords(const card::CardSettings& settings);

  void select(std::uint16_t locate, bool wanted) { wanted_.set(locate, wanted); }

  // Appends what the frame gives.
  void take(unsigned port, std::span<const std::byte> frame, std::uint64_t stamp_ns,
            std::vector<card::GoldenRecord>& records);

  [[nodiscard]] const nic::StripCounts& causes(unsigned port) const {
    return ports_[port].counts();
  }
  [[nodiscard]] feed::SequencerCounters line() const { return sequencer_.counters(); }
  [[nodiscard]] const feed::DecodeCounters& decoded() const { return decoded_; }
  [[nodiscard]] std::uint64_t events_filtered() const { return filtered_; }

 private:
  void take(const feed::Block& block, unsigned port, const card::CardPacket& packet,
            std::vector<card::GoldenRecord>& records);
  [[nodiscard]] bool passes(const event::MarketEvent& event) const;

  card::CardSettings settings_;
  std::array<nic::DatagramReader, card::kPorts> ports_;
  feed::Sequencer sequencer_;
  feed::DecodeCounters decoded_{};
  std::bitset<65'536> wanted_;
  std::uint64_t filtered_ = 0;
};

}  // namespace ridley::control
