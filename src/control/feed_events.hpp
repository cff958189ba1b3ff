// SPDX-License-Identifier: Apache-2.0
// In: datagrams of one feed, of whichever protocol. Out: its market events, and what was wrong: one
// question for tools that learn the protocol from their input. Cold; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "control/feed_protocol.hpp"
#include "event/records.hpp"
#include "feed/blocks.hpp"
#include "feed/decode.hpp"
#include "feed/sequencer.hpp"
#include "nic/datagram.hpp"

namespace ridley::control {

class FeedEvents {
 public:
  // Called for each event, and before the first one of another session.
  struct Listener {
    std::function<void(const event::MarketEvent&)> on_event;
    std::function<void()> on_session;
  };

  [[nodiscard]] static std::unique_ptr<FeedEvents> make(FeedProtocol protocol,
                                                        const feed::SequencerOptions& options);
  FeedEvents() = default;
  virtual ~FeedEvents() = default;
  FeedEvents(const FeedEvents&) = delete;
  FeedEvents& operator=(const FeedEvents&) = delete;

  // Feeds of several roles tell them by the address.
  virtual feed::Arrived accept(const nic::Datagram& datagram, const Listener& to) = 0;

  [[nodiscard]] virtual feed::SequencerCounters counters() const = 0;
  [[nodiscard]] virtual feed::DecodeCounters decoded() const = 0;
  // Sentences about what no counter above says.
  virtual void complain(std::vector<std::string>& complaints) const = 0;

 protected:
  // What a datagram is that delivers nothing.
  [[nodiscard]] static feed::Arrived nothing(feed::Arrival arrival) noexcept;
};

}  // namespace ridley::control
