// SPDX-License-Identifier: Apache-2.0
// In: the frames of a feed. Out: what the card's design makes of them: a simulated card of our own
// takes them in at its first port, and this is what it wrote into its ring. Cold; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "card/card.hpp"
#include "card/xrt.hpp"
#include "control/card_process.hpp"
#include "control/event_source.hpp"
#include "control/feed_frames.hpp"

namespace ridley::control {

class CardEvents final : public EventSource {
 public:
  // An empty bitstream is Ridley's own. Throws base::Error: EX_UNAVAILABLE without XRT, simulated
  // card or bitstream, EX_CONFIG when the bitstream is of no card that we know.
  CardEvents(FeedFrames& frames, FeedLine line, const std::filesystem::path& bitstream);

  [[nodiscard]] bool next(FeedRecord& record) override;
  [[nodiscard]] FeedTotals totals() override;

 private:
  // How far the card has come, in its own counts.
  struct Counts {
    std::uint64_t frames = 0;
    std::uint64_t packets = 0;   // looked at, of those that are good datagrams
    std::uint64_t messages = 0;  // decoded, of those that are new
    std::uint64_t records = 0;
    bool at_rest = false;  // everything that came in has gone out

    friend bool operator==(const Counts&, const Counts&) = default;
  };

  void start(const FeedLine& line, const std::filesystem::path& bitstream, int recording);
  [[nodiscard]] bool wait_for_record();
  [[nodiscard]] bool over();
  [[nodiscard]] Counts look();
  void must_have_lost_nothing();

  std::optional<base::Error> failure_;  // of the file, told after everything before it
  std::uint64_t frames_ = 0;            // that there are
  std::unique_ptr<CardProcess> process_;
  std::unique_ptr<card::XrtBus> bus_;
  std::unique_ptr<card::Card> card_;

  Counts counts_;
  std::uint32_t changed_at_ = 0;  // the card's cycle
  std::chrono::steady_clock::time_point changed_;
  bool over_ = false;
};

}  // namespace ridley::control
