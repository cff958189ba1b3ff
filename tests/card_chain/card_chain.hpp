// SPDX-License-Identifier: Apache-2.0
// In: frames for a card's ports. Out: nothing, when every record and every counter of the card is
// what the rooms in software say of the same frames. One thread.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

#include "card/card.hpp"
#include "card/registers.hpp"
#include "card_chain/card_model.hpp"
#include "support/reference_card.hpp"

namespace ridley::card {

class CardChain {
 public:
  // The model may have run before.
  CardChain(CardModel& model, const CardSettings& settings)
      : model_{model}, card_{model}, reference_{settings} {
    card_.start(settings);
  }

  void select(std::uint16_t locate, bool wanted) {
    card_.select(locate, wanted);
    reference_.select(locate, wanted);
  }
  void send(unsigned port, std::span<const std::byte> frame, bool bad = false) {
    model_.send(port, frame, bad);
  }

  // Until at most so many frames wait at each port; then, with none, until all is through.
  void run(std::size_t waiting = 0) {
    while (model_.waiting(0) > waiting || model_.waiting(1) > waiting) step();
    if (waiting > 0) return;
    for (int i = 0; i < kDrainCycles; ++i) step();
  }

  // Behind run(): nothing is under way.
  void compare_counters() {
    namespace at = registers;
    EXPECT_TRUE(expected_.empty()) << expected_.size() << " records never came";
    for (unsigned port = 0; port < kPorts; ++port) {
      EXPECT_EQ(card_.read64(at::kFramesAt + port * at::kFramesStride), frames_[port]);
      EXPECT_EQ(card_.read64(at::kBadFramesAt + port * at::kBadFramesStride), bad_frames_[port]);
      EXPECT_EQ(card_.read64(at::kPacketsDroppedAt + port * at::kPacketsDroppedStride), 0u);
      const std::uint32_t causes = port == 0 ? at::kPort0CausesAt : at::kPort1CausesAt;
      for (std::uint32_t cause = 0; cause < nic::kStripCauses; ++cause)
        EXPECT_EQ(card_.read64(causes + 8 * cause),
                  reference_.causes(port).of(static_cast<nic::Strip>(cause)))
            << "port " << port << " " << event::name_of(static_cast<nic::Strip>(cause));
    }
    const feed::SequencerCounters& line = reference_.line();
    const feed::DecodeCounters& decoded = reference_.decoded();
    const std::pair<std::uint32_t, std::uint64_t> counters[]{
        {at::kPacketsAt, line.packets},
        {at::kMessagesAt, line.messages},
        {at::kDuplicatesAt, line.duplicates},
        {at::kDuplicateMessagesAt, line.duplicate_messages},
        {at::kOverlapsAt, line.overlaps},
        {at::kGapsAt, line.gaps},
        {at::kMissingMessagesAt, line.missing_messages},
        {at::kHeartbeatsAt, line.heartbeats},
        {at::kEndsOfSessionAt, line.ends_of_session},
        {at::kSessionChangesAt, line.session_changes},
        {at::kMalformedAt, line.malformed},
        {at::kEventsAt, decoded.events},
        {at::kUnknownTypesAt, decoded.unknown_types},
        {at::kTruncatedAt, decoded.truncated},
        {at::kEventsFilteredAt, reference_.events_filtered()},
        {at::kRecordsWrittenAt, records_},
        {at::kRecordsDroppedAt, 0},
        {at::kWriteErrorsAt, 0}};
    for (const auto& [address, expected] : counters)
      EXPECT_EQ(card_.read64(address), expected) << "register " << std::hex << address;
    EXPECT_EQ(model_.writes_outside(), 0u);
  }

  [[nodiscard]] std::uint64_t messages() const { return reference_.line().messages; }
  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t cycles() const { return model_.cycles(); }
  [[nodiscard]] unsigned latency_min() const { return latency_min_; }
  [[nodiscard]] unsigned latency_max() const { return latency_max_; }

 private:
  // Enough for everything that waits in the card's FIFOs.
  static constexpr int kDrainCycles = 3'000;
  static constexpr std::uint64_t kCreditEvery = 256;

  void step() {
    through_.clear();
    model_.cycle(through_);
    for (const FrameThrough& frame : through_) {
      if (frame.bad) {
        ++bad_frames_[frame.port];
        continue;
      }
      ++frames_[frame.port];
      arrived_.clear();
      reference_.take(frame.port, frame.bytes, frame.stamp_ns, arrived_);
      expected_.insert(expected_.end(), arrived_.begin(), arrived_.end());
    }
    while (card_.ring().has_next()) take_record();
    if (card_.ring().consumed() - returned_ < kCreditEvery) return;
    returned_ = card_.ring().consumed();
    card_.return_credit();
  }

  void take_record() {
    const Record record = card_.ring().next();
    const auto demand = [&](bool right, const char* what) {
      if (!right)
        throw std::runtime_error{"record " + std::to_string(record.number()) + " of form " +
                                 std::string{name_of(record.form())} + ": " + what};
    };
    demand(!expected_.empty(), "nobody expects it");
    const test::ExpectedRecord& expected = expected_.front();
    const event::MarketEvent bytes = record.event();
    demand(record.form() == expected.form, "another form is expected");
    const auto* got = reinterpret_cast<const std::byte*>(&bytes);
    for (std::size_t at = 0; at < expected.bytes.size(); ++at)
      demand(got[at] == expected.bytes[at],
             ("byte " + std::to_string(at) + " is " + std::to_string(static_cast<int>(got[at])) +
              ", should be " + std::to_string(static_cast<int>(expected.bytes[at])))
                 .c_str());
    demand(record.port() == expected.port, "the other port");
    demand(!record.lost_before(), "something was lost before it");
    latency_min_ = std::min<unsigned>(latency_min_, record.latency_cycles());
    latency_max_ = std::max<unsigned>(latency_max_, record.latency_cycles());
    ++records_;
    expected_.pop_front();
    card_.ring().pop();
  }

  CardModel& model_;
  Card card_;
  test::ReferenceCard reference_;
  std::vector<FrameThrough> through_;
  std::vector<test::ExpectedRecord> arrived_;
  std::deque<test::ExpectedRecord> expected_;
  std::array<std::uint64_t, kPorts> frames_{};
  std::array<std::uint64_t, kPorts> bad_frames_{};
  std::uint64_t records_ = 0;
  std::uint32_t returned_ = 0;
  unsigned latency_min_ = ~0U;
  unsigned latency_max_ = 0;
};

}  // namespace ridley::card
