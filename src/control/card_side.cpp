// SPDX-License-Identifier: Apache-2.0
#include "control/card_side.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/error.hpp"
#include "card/registers.hpp"
#include "control/appliance_report.hpp"
#include "control/feed_difference.hpp"

namespace ridley::control {
namespace {

namespace registers = card::registers;
using namespace std::chrono_literals;

// What a card that hangs gives for every register; its clock shows it for one cycle in 2^32.
constexpr std::uint32_t kNoAnswer = ~0U;
// Events that one decoder may be ahead of the other and still be compared, 4 MB.
constexpr std::size_t kWindowEvents = 65'536;
// How long the hot core may take to leave a ring; a turn is far shorter.
constexpr auto kHandOverPatience = 1s;

using Slot = engine::FeedComparison::Slot;

// Counters are read through the bus, which takes its time.
constexpr int kLooksPerPublication = 100;
// Of the commit, in the register.
constexpr std::size_t kCommitDigits = 16;

card::CardSettings in_the_day(const Config& config) {
  card::CardSettings settings = card_settings(config);
  settings.first_sequence = 0;  // what the first packet says
  return settings;
}

// Both hashes are this program's own: the card's were looked at when it was opened, the manifest's
// when it was read.
void hold_to(const card::Manifest& manifest, const card::CardFacts& facts) {
  const std::string has = card::hash_text(facts.rtl_commit);
  const std::string should = "0x" + manifest.rtl_commit.substr(0, kCommitDigits);
  if (has == should) return;
  throw base::Error::with_exit(EX_CONFIG, "card: its rtl commit is ", has, ", the manifest says ",
                               should);
}

}  // namespace

card::CardSettings card_settings(const Config& config) {
  card::CardSettings settings;
  const std::size_t lines = std::min(config.feed.groups.size(), settings.lines.size());
  for (std::size_t i = 0; i < lines; ++i) {
    in_addr address{};
    (void)::inet_pton(AF_INET, config.feed.groups[i].group.c_str(), &address);
    settings.lines[i] = {.address = ntohl(address.s_addr), .port = config.feed.groups[i].port};
  }
  settings.ring_records = config.card.ring_records;
  settings.every_instrument = config.card.instruments == CardInstruments::All;
  settings.follow_sessions = config.feed.session_policy == SessionPolicy::Follow;
  settings.first_sequence = config.feed.first_sequence;
  return settings;
}

engine::CardFeedSettings card_feed_settings(const CardConfig& card) {
  return {.may_drive = card.role == CardRole::Use,
          .shadow_messages = card.shadow_messages,
          .policy = card.on_fault == OnCardFault::Software ? engine::CardPolicy::Software
                                                           : engine::CardPolicy::Disarm,
          .every_instrument = card.instruments == CardInstruments::All};
}

std::uint64_t equal_events_of(const CardConfig& card) {
  return card.role == CardRole::Use ? card.shadow_messages : engine::kNeverDrives;
}

CardSide::CardSide(const Config& config, CardSource source, telemetry::CounterPage& page,
                   const telemetry::CounterReader& reader, OpenCard open)
    : config_{config},
      open_{std::move(open)},
      reader_{reader},
      memory_{base::Arena::bytes_for<Slot>(kWindowEvents)},
      feed_{memory_.array<Slot>(kWindowEvents), card_feed_settings(config.card),
            page.histogram("card.latency_cycles")} {
  page.begin_group();
  gauges_ = {.state = page.gauge("card.state"),
             .fault = page.gauge("card.fault"),
             .clock_hz = page.gauge("card.clock_hz"),
             .frames = page.gauge("card.frames"),
             .packets_dropped = page.gauge("card.packets_dropped"),
             .records_dropped = page.gauge("card.records_dropped")};
  if (source.xclbin.empty()) {
    gone_ = true;
    gauges_.state.set(static_cast<std::int64_t>(feed_.state()));
  } else {
    begin(opened(load(source), card_settings(config)), source);
  }
  watcher_ = std::thread{[this] { watch(); }};
}

CardSide::~CardSide() { finish(); }

CardSide::Opened CardSide::opened(std::unique_ptr<card::XrtBus> bus,
                                  const card::CardSettings& settings) {
  Opened opened{.bus = std::move(bus), .card = nullptr};
  opened.card = std::make_unique<card::Card>(*opened.bus);
  opened.card->start(settings);
  return opened;
}

void CardSide::finish() {
  ending_.store(true, std::memory_order_relaxed);
  if (watcher_.joinable()) watcher_.join();
}

std::unique_ptr<card::XrtBus> CardSide::load(const CardSource& source) const {
  std::unique_ptr<card::XrtBus> bus =
      open_({.device = config_.card.device, .xclbin = source.xclbin, .uuid = source.uuid});
  if (source.manifest) hold_to(*source.manifest, card::Card{*bus}.facts());
  return bus;
}

void CardSide::begin(Opened opened, const CardSource& source) {
  opened_ = std::move(opened);
  source_ = source;
  facts_ = opened_.card->facts();
  device_ = opened_.bus->device();
  gauges_.clock_hz.set(facts_.clock_hz);
  selected_.clear();
  moved_ = std::chrono::steady_clock::now();
  gone_ = false;
  // What the card before it has said.
  engine::Difference before;
  (void)feed_.take_difference(before);
  difference_.clear();
  feed_.offer(opened_.card->ring());
}

// The hot core leaves the ring before its memory goes; then the device is free for the next one.
void CardSide::close() {
  const auto until = std::chrono::steady_clock::now() + kHandOverPatience;
  while (!feed_.was_taken()) {
    if (std::chrono::steady_clock::now() > until)
      throw base::Error::with_exit(EX_TEMPFAIL, "card: the hot core does not leave its ring");
    std::this_thread::sleep_for(kCardLook);
  }
  opened_.card.reset();
  opened_.bus.reset();
}

void CardSide::reopen() {
  const std::lock_guard lock{mutex_};
  if (source_.xclbin.empty())
    throw base::Error::with_exit(EX_UNAVAILABLE, "the card runs no bitstream: activate one");
  gone_ = true;
  feed_.offer(no_ring_);
  close();
  feed_.tell_hung();
  feed_.allow(equal_events_of(config_.card));
  begin(opened(load(source_), in_the_day(config_)), CardSource{source_});
}

std::string CardSide::digest() {
  const std::lock_guard lock{mutex_};
  return source_.digest;
}

std::string CardSide::difference() {
  const std::lock_guard lock{mutex_};
  look_for_difference();
  return difference_;
}

// The first one is the card's; what follows from it is not told.
void CardSide::look_for_difference() {
  engine::Difference both;
  if (!feed_.take_difference(both) || !difference_.empty()) return;
  const std::uint16_t locate = both.front().locate;
  difference_ = difference_text(both, symbol_of(reader_, config_.strategy.symbols, locate));
  std::fprintf(stderr, "ridleyd: card: %s\n", difference_.c_str());
}

bool CardSide::runs(const CardSource& source) {
  const std::lock_guard lock{mutex_};
  const bool same = source.digest.empty()
                        ? source_.digest.empty() && source.xclbin == source_.xclbin
                        : source.digest == source_.digest;
  return same && (source.xclbin.empty() || feed_.state() == engine::CardState::Shadow ||
                  feed_.state() == engine::CardState::Drives);
}

void CardSide::withdraw() {
  const std::lock_guard lock{mutex_};
  feed_.allow(engine::kNeverDrives);
  gone_ = true;
  source_ = {};
  feed_.replace(no_ring_);
  close();
}

void CardSide::start(std::unique_ptr<card::XrtBus> bus, const CardSource& source,
                     std::uint64_t equal_events) {
  Opened fresh = opened(std::move(bus), in_the_day(config_));
  const std::lock_guard lock{mutex_};
  feed_.allow(equal_events);
  begin(std::move(fresh), source);
}

void CardSide::watch() {
  for (int looks = 0; !ending_.load(std::memory_order_relaxed); ++looks) {
    {
      const std::lock_guard lock{mutex_};
      try {
        if (!gone_) look();
        if (!gone_ && looks % kLooksPerPublication == 0) publish();
        if (!gone_) look_for_difference();
      } catch (const base::Error&) {
        gone_ = true;
        feed_.tell_hung();
      }
      gauges_.state.set(static_cast<std::int64_t>(feed_.state()));
      gauges_.fault.set(static_cast<std::int64_t>(feed_.fault()));
    }
    std::this_thread::sleep_for(kCardLook);
  }
  const std::lock_guard lock{mutex_};
  try {
    if (!gone_) publish();
  } catch (const base::Error&) {  // its last numbers are lost with it
  }
}

void CardSide::look() {
  const std::uint32_t alive = opened_.card->alive();
  const auto now = std::chrono::steady_clock::now();
  if (alive != alive_ && alive != kNoAnswer) moved_ = now;
  alive_ = alive;
  if (now - moved_ >= std::chrono::milliseconds{config_.card.hung_after_ms}) {
    throw base::Error::with_exit(EX_IOERR, "card: its clock stands still");
  }
  // Behind it: a card that hangs takes its time for everything that it is told.
  opened_.card->return_credit();
  if (config_.card.instruments == CardInstruments::Traded) select_instruments();
}

// The hot core shows the number of an instrument as soon as the exchange has told it.
void CardSide::select_instruments() {
  for (const std::string& symbol : config_.strategy.symbols) {
    const auto locate = static_cast<std::uint16_t>(reader_.number("locate." + symbol).value_or(0));
    std::uint16_t& selected = selected_[symbol];
    if (locate == selected) continue;
    if (selected != 0) opened_.card->select(selected, false);
    opened_.card->select(locate, true);
    selected = locate;
  }
}

void CardSide::publish() {
  card::Card& card = *opened_.card;
  std::uint64_t frames = 0;
  std::uint64_t packets_dropped = 0;
  for (std::uint32_t port = 0; port < card::kPorts; ++port) {
    frames += card.read64(registers::kFramesAt + port * registers::kFramesStride);
    packets_dropped +=
        card.read64(registers::kPacketsDroppedAt + port * registers::kPacketsDroppedStride);
  }
  gauges_.frames.set(static_cast<std::int64_t>(frames));
  gauges_.packets_dropped.set(static_cast<std::int64_t>(packets_dropped));
  gauges_.records_dropped.set(static_cast<std::int64_t>(card.read64(registers::kRecordsDroppedAt)));
}

}  // namespace ridley::control
