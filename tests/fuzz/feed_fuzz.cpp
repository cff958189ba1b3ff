// SPDX-License-Identifier: Apache-2.0
// In: packets of PITCH, DEEP or MDP 3.0, each behind a two-byte length; the first byte of all
// chooses which. The top bit of a length makes a packet of MDP one of snapshots. Holds transports,
// decoders and books to this: numbers come once and in order in each unit, blocks lie inside their
// packet, an event names an instrument that has a place, no level is empty, a book is sorted and
// its top is its best level.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "book/books.hpp"
#include "feed/deep_decoder.hpp"
#include "feed/feed.hpp"
#include "feed/mdp_channel.hpp"
#include "feed/pitch_decoder.hpp"

using namespace ridley;

namespace {

// Small, so that every limit is met.
constexpr std::uint32_t kInstruments = 6;
constexpr book::Limits kLimits{.orders_max = 32, .levels_max = 64, .instruments_max = kInstruments};

void check_side(const book::Books& books, book::Locate locate, event::Side side) {
  const bool buys = side == event::Side::Buy;
  const book::Top top = books.top(locate);
  bool best = true;
  std::uint32_t last_price_e4 = 0;
  books.for_each_level(locate, side, [&](const book::LevelView& level) {
    RIDLEY_ASSERT(level.quantity > 0 && level.orders > 0);
    if (best) {
      RIDLEY_ASSERT(level.price_e4 == (buys ? top.bid_price_e4 : top.ask_price_e4));
      RIDLEY_ASSERT(level.quantity == (buys ? top.bid_quantity : top.ask_quantity));
    } else {
      RIDLEY_ASSERT(buys ? level.price_e4 < last_price_e4 : level.price_e4 > last_price_e4);
    }
    best = false;
    last_price_e4 = level.price_e4;
    std::uint64_t queued = 0;
    books.for_each_order(locate, side, level.price_e4, [&](std::uint64_t, std::uint32_t left) {
      RIDLEY_ASSERT(left > 0);
      queued += left;
    });
    RIDLEY_ASSERT(queued <= level.quantity);
  });
  if (best) RIDLEY_ASSERT((buys ? top.bid_quantity : top.ask_quantity) == 0);
}

// What a transport delivered, in the terms of its unit.
class Numbers {
 public:
  void check(const feed::Arrived& arrived) {
    std::uint64_t& next = next_[arrived.unit];
    if (arrived.arrival == feed::Arrival::SessionChange) next = 1;
    if (arrived.count == 0 && arrived.missing_count == 0) return;
    if (arrived.arrival == feed::Arrival::Unsequenced) return;
    if (next == feed::SequencerOptions::kAdopt) next = arrived.first_sequence;
    if (arrived.missing_count != 0) {
      RIDLEY_ASSERT(arrived.missing_from == next);
      next += arrived.missing_count;
    }
    if (arrived.count == 0) return;
    RIDLEY_ASSERT(arrived.first_sequence == next);
    next += arrived.count;
  }
  explicit Numbers(std::uint64_t first_sequence) { next_.fill(first_sequence); }

 private:
  std::array<std::uint64_t, 256> next_{};
};

constexpr std::uint16_t kOfSnapshots = 0x8000;

template <typename AnyFeed>
void run(AnyFeed& feed, std::span<const std::byte> rest, std::uint64_t first_sequence = 1) {
  static book::Books books{kLimits};
  books.restart();
  Numbers numbers{first_sequence};
  const auto on_event = [](const event::MarketEvent& event) {
    RIDLEY_ASSERT(event.locate < kInstruments);
    const book::Change change = books.apply_in_event(event);
    if (change.top) RIDLEY_ASSERT(change.locate < kInstruments);
    (void)books.tradable(change.locate);
  };
  while (rest.size() >= 2) {
    std::size_t wanted = base::load_big_endian<std::uint16_t>(rest.data());
    rest = rest.subspan(2);
    bool of_snapshots = false;
    if constexpr (requires { feed.waiting(); }) {
      of_snapshots = (wanted & kOfSnapshots) != 0;
      wanted &= kOfSnapshots - 1U;
    }
    const std::size_t length = wanted < rest.size() ? wanted : rest.size();
    // A copy of its own, so that reading one byte beyond the packet is seen.
    const std::vector<std::byte> packet(rest.begin(), rest.begin() + static_cast<long>(length));
    rest = rest.subspan(length);
    if constexpr (requires { feed.waiting(); }) {
      if (of_snapshots) {
        feed.accept_snapshot(packet, on_event);
        continue;
      }
    }
    numbers.check(feed.accept(packet, on_event, [] { books.restart(); }));
  }
  for (book::Locate locate = 0; locate < kInstruments; ++locate) {
    check_side(books, locate, event::Side::Buy);
    check_side(books, locate, event::Side::Sell);
  }
}

void run_mdp(std::uint8_t choice, std::span<const std::byte> rest) {
  const std::uint64_t first = (choice & 8) != 0 ? feed::SequencerOptions::kAdopt : 1;
  feed::MdpChannel channel{
      {.sequencer = {.policy = (choice & 2) != 0 ? feed::SessionPolicy::Follow
                                                 : feed::SessionPolicy::Refuse,
                     .first_sequence = first},
       .view = (choice & 16) != 0 ? feed::MdpView::Orders : feed::MdpView::Levels,
       .kept_bytes = 512,
       .instruments_max = kInstruments / 2,
       .snapshot_orders_max = 16}};
  run(channel, rest, first);
  RIDLEY_ASSERT(channel.waiting() < kInstruments / 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  static feed::SymbolTable symbols{kInstruments};
  symbols.clear();
  const feed::SequencerOptions options{.policy = (bytes[0] & 2) != 0 ? feed::SessionPolicy::Follow
                                                                     : feed::SessionPolicy::Refuse};
  const std::span<const std::byte> rest = std::as_bytes(std::span{bytes, size}).subspan(1);
  if ((bytes[0] & 4) != 0) {
    run_mdp(bytes[0], rest);
  } else if ((bytes[0] & 1) != 0) {
    feed::Feed feed{feed::UnitSequencers{options}, feed::PitchDecoder{symbols}};
    run(feed, rest);
  } else {
    feed::Feed feed{feed::IexSequencer{options}, feed::DeepDecoder{symbols}};
    run(feed, rest);
  }
  return 0;
}
