// SPDX-License-Identifier: Apache-2.0
// In: datagrams of one feed, of whichever protocol and of all its lines. Out: its market events,
// each once, and what was wrong: one question for tools that learn the protocol from their input.
// Cold; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "control/capture_lines.hpp"
#include "control/feed_protocol.hpp"
#include "event/records.hpp"
#include "feed/blocks.hpp"
#include "feed/decode.hpp"
#include "feed/sequencer.hpp"
#include "nic/datagram.hpp"

namespace ridley::control {

// As the appliance holds by default (feed.hold_packets).
inline constexpr std::size_t kCaptureHeldPackets = 1'024;

// Memory for what is held.
class CaptureWindow {
 public:
  explicit CaptureWindow(std::size_t packets) : places_(packets) {}
  [[nodiscard]] feed::HeldPackets held() {
    return places_.empty() ? feed::HeldPackets{} : feed::HeldPackets{places_};
  }

 private:
  std::vector<feed::HeldPackets::Packet> places_;
};

class FeedEvents {
 public:
  // Called for each event, and before the first one of another session.
  struct Listener {
    std::function<void(const event::MarketEvent&)> on_event;
    std::function<void()> on_session;
  };

  // held_packets: of how many packets the order is mended, and the lines put together; 0: every gap
  // is one at once.
  [[nodiscard]] static std::unique_ptr<FeedEvents> make(FeedProtocol protocol,
                                                        const feed::SequencerOptions& options,
                                                        std::size_t held_packets = 0);
  FeedEvents() = default;
  virtual ~FeedEvents() = default;
  FeedEvents(const FeedEvents&) = delete;
  FeedEvents& operator=(const FeedEvents&) = delete;

  // Feeds of several roles tell them by the address.
  virtual feed::Arrived accept(const nic::Datagram& datagram, const Listener& to) = 0;
  // The input is over: what is missing will not come.
  virtual void finish(const Listener& to) = 0;

  [[nodiscard]] virtual feed::SequencerCounters counters() const = 0;
  [[nodiscard]] virtual feed::DecodeCounters decoded() const = 0;
  // Sentences about what no counter above says.
  virtual void complain(std::vector<std::string>& complaints) const = 0;

 protected:
  // What a datagram is that delivers nothing.
  [[nodiscard]] static feed::Arrived nothing(feed::Arrival arrival) noexcept;
};

}  // namespace ridley::control
