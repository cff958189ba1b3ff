// SPDX-License-Identifier: Apache-2.0
// In: the frames of a feed. Out: what the rooms nic and feed make of them, as records. Every check
// is made that the card makes. Cold; one thread.
#pragma once

#include <optional>

#include "control/event_source.hpp"
#include "control/feed_frames.hpp"
#include "feed/blocks.hpp"
#include "feed/decode.hpp"
#include "feed/sequencer.hpp"

namespace ridley::control {

class SoftwareEvents final : public EventSource {
 public:
  // The frames outlive it.
  SoftwareEvents(FeedFrames& frames, FeedLine line) : frames_{frames}, line_{line} {}

  [[nodiscard]] bool next(FeedRecord& record) override;
  [[nodiscard]] FeedTotals totals() override;

 private:
  struct Walk {
    feed::Blocks::Iterator at;
    feed::Blocks::Iterator end;
  };

  // Each true where there is a record.
  [[nodiscard]] bool take(const nic::Frame& frame, FeedRecord& record);
  [[nodiscard]] bool take(const feed::Block& block, FeedRecord& record);

  FeedFrames& frames_;
  FeedLine line_;
  feed::Sequencer sequencer_{
      {.policy = feed::SessionPolicy::Follow, .first_sequence = feed::SequencerOptions::kAdopt}};
  std::array<std::uint64_t, nic::kStripCauses> causes_{};
  feed::DecodeCounters decoded_{};
  card::CardPacket packet_{};  // the last one
  std::optional<Walk> walk_;   // through its messages
};

}  // namespace ridley::control
