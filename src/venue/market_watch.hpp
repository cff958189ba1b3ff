// SPDX-License-Identifier: Apache-2.0
// In: what traded and was quoted, and the time. Out: halts, pauses, quotation periods and
// resumptions, price bands, breakers of the whole market, short-sale restrictions, crosses and the
// imbalances before them, all done to the exchange. No clock: next_ns() says when it wants to act.
// One owner.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "venue/exchange.hpp"
#include "venue/market_rules.hpp"
#include "venue/price_bands.hpp"

namespace ridley::venue {

// What happens to one instrument, and when.
struct Stop {
  std::uint16_t locate = 0;
  TradingState state = TradingState::Halted;
  std::string_view reason = "T1";          // of the trading action; text that lives for ever
  std::string_view quoting_reason = "T3";  // of the quotation period
  std::uint64_t quote_ns = kNever;         // orders are taken from here on
  std::uint64_t resume_ns = kNever;        // the cross, and trading
};

class MarketWatch {
 public:
  MarketWatch(Exchange& exchange, const MarketRules& rules);

  // At that time, which has not come yet.
  void schedule(std::uint64_t ns, const Stop& stop);

  // The opening cross of every instrument, the closing one, and the events around them.
  void open(std::uint64_t ns);
  void close();

  // What has happened since the last look. Call after every step of anybody.
  void look();

  [[nodiscard]] std::uint64_t next_ns() const noexcept;
  // Does what is due at next_ns().
  void act();

  [[nodiscard]] std::uint64_t index_e8() const noexcept;

 private:
  enum class Deed : std::uint8_t {
    Stop,
    Quote,
    Resume,
    Imbalance,
    ClosingImbalance,
    OpeningImbalance
  };
  struct Action {
    Deed deed;
    std::uint32_t stop_number;  // of the instrument's stop that it belongs to
    Stop stop;
  };
  struct Collar {
    std::uint32_t reference_e4 = 0;  // 0: none
    std::uint32_t lower_e4 = 0;
    std::uint32_t upper_e4 = 0;
    std::uint32_t extension = 0;
  };
  struct Watched {
    PriceBands bands;
    Collar collar;
    std::uint32_t stop_number = 0;
    std::uint32_t open_e4 = 0;        // what falls are measured from
    std::uint32_t index_e4 = 0;       // the price that is in the index
    std::uint64_t pause_ns = kNever;  // as in pauses_
    bool restricted = false;
  };

  void stop(const Stop& stop);
  void quote(const Action& action);
  void resume(const Action& action);
  [[nodiscard]] bool extend(const Action& action, const Auction& auction);
  void publish_collar(std::uint16_t locate);
  void imbalances(CrossType type);
  void pause(std::uint16_t locate);

  void traded(const Print& print);
  void quoted(std::uint16_t locate);
  void start(std::uint16_t locate, std::uint32_t reference_e4);
  void count_in_index(Watched& watched, std::uint32_t price_e4);
  void break_market(std::size_t level);
  void tell_bands(std::uint16_t locate);
  [[nodiscard]] std::uint32_t reference_e4(std::uint16_t locate) const;
  void add(std::uint64_t ns, Deed deed, const Stop& stop);

  Exchange& exchange_;
  MarketRules rules_;
  std::vector<Watched> instruments_;  // by locate
  std::multimap<std::uint64_t, Action> actions_;
  std::set<std::pair<std::uint64_t, std::uint16_t>> pauses_;  // of limit states that last
  std::uint64_t index_sum_e8_ = 0;                            // of prices relative to the open
  std::uint64_t index_count_ = 0;
  std::size_t levels_broken_ = 0;
  bool open_ = false;
};

}  // namespace ridley::venue
