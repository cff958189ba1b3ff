// SPDX-License-Identifier: Apache-2.0
// In: a seed, a rate, the exchange. Out: orders of everybody who has no account: two makers who
// quote around a fair price that walks, and a crowd that adds near the touch, cancels (mostly young
// orders, seldom very old ones), replaces and now and then sweeps; or a crowd alone that has no
// opinion about prices, with the mix of messages of a recorded day, evenly or in clusters. The same
// seed gives the same orders as long as nobody else trades. One owner, no clock: next_ns() says
// when the next one acts.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/arena.hpp"
#include "event/records.hpp"
#include "venue/exchange.hpp"
#include "venue/followers.hpp"
#include "venue/random.hpp"
#include "venue/references.hpp"

namespace ridley::venue {

inline constexpr std::uint32_t kMakers = 2;

// The MPIDs of the makers, which attribute their quotes.
[[nodiscard]] std::vector<std::string> maker_mpids();

enum class Flow : std::uint8_t {
  Makers,            // two makers, a crowd, sweeps
  ZeroIntelligence,  // adds, cancels and takes at random, each by itself
  Hawkes,            // the same, but every order draws others behind it
};

struct ParticipantSettings {
  std::uint64_t seed = 1;
  Flow flow = Flow::Makers;
  double messages_per_second = 20'000;  // of the feed, on average; 0 = the opening book stands
};

class Participants {
 public:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  Participants(Exchange& exchange, const ParticipantSettings& settings);

  // Before the market opens: one order of the opening book. False when that book is complete.
  bool place_opening_order();

  // In market hours: the time of the next action, and the action. Begins at the given time.
  void begin(std::uint64_t ns);
  [[nodiscard]] std::uint64_t next_ns() const noexcept {
    return std::min(next_ns_, followers_.next_ns());
  }
  void act();

  // Acts so many times as often as the settings say.
  void set_rate(double factor) noexcept { rate_ = factor; }
  // Nobody acts before that time; what would have been is left out.
  void rest_until(std::uint64_t ns) noexcept;
  // Somebody takes everything within so many percent of the fair price, bids when it is negative,
  // and leaves what he did not get in the book if he stays; the makers move theirs by so many
  // percent. The reference of what rests; 0: nothing.
  struct Shock {
    double percent = 0;
    double believed_percent = 0;
    bool stays = false;
  };
  std::uint64_t shock(std::uint16_t locate, const Shock& shock);
  void withdraw(std::uint64_t reference);
  [[nodiscard]] std::uint32_t fair_e4(std::uint16_t locate) const noexcept {
    return instruments_[locate].fair_e4;
  }

 private:
  struct Quote {
    std::uint64_t reference = 0;
    std::uint32_t price_e4 = 0;
  };
  struct alignas(64) Instrument {
    std::uint32_t fair_e4 = 0;
    std::uint32_t fair_min_e4 = 0;
    std::uint32_t fair_max_e4 = 0;
    std::uint32_t half_spread_ticks = 1;
    References crowd;                                    // oldest first or so
    std::array<std::array<Quote, 2>, kMakers> quotes{};  // bid, ask
  };

  void requote(std::uint16_t locate, std::uint32_t maker);
  bool requote_side(std::uint16_t locate, std::uint32_t maker, event::Side side);
  void act_in_crowd(std::uint16_t locate);
  void act_at_random(std::uint16_t locate);
  void take_first(std::uint16_t locate);
  void trade_hidden(std::uint16_t locate);
  void add(std::uint16_t locate);
  void cancel(std::uint16_t locate);
  void move(std::uint16_t locate);
  void sweep(std::uint16_t locate);

  [[nodiscard]] static std::size_t bytes_for(std::size_t instruments);
  std::uint16_t choose_instrument(Random& random) const noexcept;
  std::uint16_t next_instrument() noexcept;
  void look_ahead() noexcept;
  // A live order of the crowd and its place in the list; nothing if none was found soon.
  std::optional<RestingOrder> choose_order(Instrument& instrument, std::size_t& place);
  event::Side choose_side() noexcept;
  std::uint32_t choose_quantity() noexcept;
  std::uint32_t sweep_quantity(std::uint16_t locate, event::Side contra);
  // Near the touch, and never at the other side's price.
  std::uint32_t choose_price(std::uint16_t locate, event::Side side);
  std::uint32_t touch(std::uint16_t locate, event::Side side);
  NewOrder order_of_crowd(std::uint16_t locate, event::Side side, std::uint32_t price_e4);

  Exchange& exchange_;
  Flow flow_;
  Followers followers_;
  Random random_;
  Random where_;
  base::Arena arena_;                  // 2 MB pages: books are far apart
  std::span<Instrument> instruments_;  // by locate
  // The instruments of the next actions: books of so many are in no cache, so their memory is
  // fetched while others act.
  static constexpr std::size_t kAhead = 8;
  static constexpr std::size_t kAheadFrom = 500;
  std::array<std::uint16_t, kAhead> ahead_{};
  std::size_t acted_ = 0;
  double ns_per_message_ = 0;
  double rate_ = 1;
  std::uint64_t next_ns_ = kNever;
  std::uint64_t opening_orders_ = 0;
};

}  // namespace ridley::venue
