// SPDX-License-Identifier: Apache-2.0
// In: the frames of a feed. Out: what the rooms nic and feed make of them, as records. Every check
// is made that the card makes; of ITCH the records are the card's. Cold; one thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "control/event_source.hpp"
#include "control/feed_events.hpp"
#include "control/feed_frames.hpp"

namespace ridley::control {

class SoftwareEvents final : public EventSource {
 public:
  // The frames outlive it. Without a protocol that of the first datagram; without a line ITCH's is
  // that of the first datagram, and that of other feeds, which use several, everything that fits.
  SoftwareEvents(FeedFrames& frames, FeedLine line,
                 std::optional<FeedProtocol> protocol = std::nullopt)
      : frames_{frames}, line_{line}, protocol_{protocol} {}

  [[nodiscard]] bool next(FeedRecord& record) override;
  [[nodiscard]] FeedTotals totals() override;
  [[nodiscard]] std::vector<std::string> complaints() const override;

 private:
  [[nodiscard]] nic::Strip datagram_of(const nic::Frame& frame, nic::Datagram& datagram);
  void take(const nic::Frame& frame);
  void take(const event::MarketEvent& event);

  FeedFrames& frames_;
  FeedLine line_;
  std::optional<FeedProtocol> protocol_;
  std::unique_ptr<FeedEvents> feed_;  // from the first datagram on
  FeedEvents::Listener listener_{
      .on_event = [this](const event::MarketEvent& event) { take(event); }, .on_session = [] {}};
  std::array<std::uint64_t, nic::kStripCauses> causes_{};
  std::vector<FeedRecord> records_;  // of one frame; the first is the packet
  std::size_t at_ = 0;
  bool over_ = false;  // the input; what was held was told
};

}  // namespace ridley::control
