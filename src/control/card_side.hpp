// SPDX-License-Identifier: Apache-2.0
// In: the configuration's card. Out: a card that was found, loaded and started, its feed for the
// hot core, and a thread that looks after it: credit, instruments, whether it is alive. Cold.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/arena.hpp"
#include "card/card.hpp"
#include "card/xrt.hpp"
#include "control/card_source.hpp"
#include "control/config.hpp"
#include "engine/card_feed.hpp"
#include "telemetry/counter_page.hpp"
#include "telemetry/counter_reader.hpp"

namespace ridley::control {

// Often enough that a ring of 64 Ki records never fills at line rate, and that a card which hangs
// is noticed within a few more looks.
inline constexpr std::chrono::milliseconds kCardLook{1};

// How a bus to the card is opened.
using OpenCard = std::function<std::unique_ptr<card::XrtBus>(const card::XrtOptions&)>;

[[nodiscard]] card::CardSettings card_settings(const Config& config);
[[nodiscard]] engine::CardFeedSettings card_feed_settings(const CardConfig& card);
// Before a card drives that is not tried by anybody.
[[nodiscard]] std::uint64_t equal_events_of(const CardConfig& card);

class CardSide {
 public:
  // Opens the card, looks whether it is ours and starts it. Throws base::Error: the appliance then
  // does not start, so that nothing is armed. The reader is the page's.
  CardSide(const Config& config, CardSource source, telemetry::CounterPage& page,
           const telemetry::CounterReader& reader, OpenCard open = card::open_xrt);
  // The hot core no longer reads the ring.
  ~CardSide();
  CardSide(const CardSide&) = delete;
  CardSide& operator=(const CardSide&) = delete;

  [[nodiscard]] engine::CardFeed& feed() noexcept { return feed_; }
  [[nodiscard]] const card::CardFacts& facts() const noexcept { return facts_; }
  [[nodiscard]] const card::XrtDevice& device() const noexcept { return device_; }

  // No longer looks after the card; its counters are final in the page.
  void finish();

  // Another card, or the same one again, in the place of one that has gone. It begins as a shadow.
  // Throws base::Error; there is no card then, and the software drives.
  void reopen();

  // Of the slot that the card runs; empty: of none.
  [[nodiscard]] std::string digest();
  // The first event in which this card and the software differ, as a sentence; empty: none.
  [[nodiscard]] std::string difference();
  [[nodiscard]] bool runs(const CardSource& source);

  // Another bitstream, while the street goes on with the software's events. Whoever calls these
  // does so from one thread, and no reopen() meanwhile.
  //
  // What the card runs is closed; it runs nothing then.
  void withdraw();
  // Not started. Throws base::Error, also where the registers are not what the manifest says.
  [[nodiscard]] std::unique_ptr<card::XrtBus> load(const CardSource& source) const;
  // As a shadow, that drives after so many equal events.
  void start(std::unique_ptr<card::XrtBus> bus, const CardSource& source,
             std::uint64_t equal_events);

 private:
  struct Opened {
    std::unique_ptr<card::XrtBus> bus;
    std::unique_ptr<card::Card> card;
  };

  [[nodiscard]] static Opened opened(std::unique_ptr<card::XrtBus> bus,
                                     const card::CardSettings& settings);
  void begin(Opened opened, const CardSource& source);
  void close();
  void watch();
  void look();
  void select_instruments();
  void publish();
  void look_for_difference();

  const Config config_;
  const OpenCard open_;
  const telemetry::CounterReader& reader_;
  base::Arena memory_;
  engine::CardFeed feed_;
  struct Gauges {
    telemetry::Gauge state;
    telemetry::Gauge fault;
    telemetry::Gauge clock_hz;
    telemetry::Gauge frames;
    telemetry::Gauge packets_dropped;
    telemetry::Gauge records_dropped;
  } gauges_;
  card::CardFacts facts_;
  card::XrtDevice device_;

  // The watcher's, and whoever reopens holds the mutex.
  std::mutex mutex_;
  Opened opened_;
  card::EventRing no_ring_{{}};  // read while there is no card
  CardSource source_;            // of what is opened
  std::uint32_t alive_ = 0;
  std::chrono::steady_clock::time_point moved_;  // when the card's clock was last seen to move
  std::map<std::string, std::uint16_t> selected_;
  bool gone_ = false;
  std::string difference_;
  std::atomic<bool> ending_{false};
  std::thread watcher_;
};

}  // namespace ridley::control
