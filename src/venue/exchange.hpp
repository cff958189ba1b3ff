// SPDX-License-Identifier: Apache-2.0
// In: the time, orders of participants, OUCH messages of accounts. Out: ITCH messages in feed(),
// OUCH replies in each account. A function of its inputs: no clock, no randomness, no sockets.
// One owner.
//
// What the public sees is exactly what a real feed shows: displayed orders that rest. An order that
// trades away at once never appears, and a displayed book is never crossed nor locked.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "venue/account.hpp"
#include "venue/crosses.hpp"
#include "venue/instruments.hpp"
#include "venue/market_feed.hpp"
#include "venue/matching_engine.hpp"
#include "venue/self_match.hpp"

namespace ridley::venue {

// Owner::account of whoever has no OUCH account; Owner::number is then its index in mpids.
inline constexpr std::uint32_t kParticipants = 0xFFFF'FFFF;

struct ExchangeSettings {
  std::uint16_t instrument_count = 100;
  std::vector<AccountSettings> accounts;
  std::vector<std::string> mpids;  // of the participants that attribute their orders
};

// Prices beyond which nobody may trade; 0: none.
struct Bands {
  std::uint32_t lower_e4 = 0;
  std::uint32_t upper_e4 = 0;
};

// A trade as the public sees it.
struct Print {
  std::uint16_t locate = 0;
  std::uint32_t price_e4 = 0;
};

class Exchange {
 public:
  enum class Session : std::uint8_t { Closed, SystemHours, MarketHours, AfterHours, Ended };

  explicit Exchange(const ExchangeSettings& settings);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Nanoseconds since midnight of all that follows; an earlier time than before is ignored.
  void at(std::uint64_t ns);
  [[nodiscard]] std::uint64_t now_ns() const noexcept { return feed_.now_ns(); }

  // The day: each once and in this order.
  void open_system();  // directory and states of all instruments
  void open_market();
  void close_market();
  void close();

  void set_trading_state(std::uint16_t locate, TradingState state, std::string_view reason);
  [[nodiscard]] TradingState trading_state(std::uint16_t locate) const noexcept {
    return markets_[locate].state;
  }
  [[nodiscard]] Session session() const noexcept { return session_; }
  // For who comes late: the last trading action's reason, the price test, a resting order as it is.
  [[nodiscard]] std::string_view state_reason(std::uint16_t locate) const noexcept {
    const std::array<char, 4>& reason = markets_[locate].reason;
    return {reason.data(), reason.size()};
  }
  [[nodiscard]] bool short_sales_restricted(std::uint16_t locate) const noexcept {
    return markets_[locate].short_sales_restricted;
  }
  [[nodiscard]] DisplayedOrder displayed(const RestingOrder& order) const;
  // In system hours as in market hours and after them: trading is continuous in all.
  [[nodiscard]] bool accepts_orders() const noexcept {
    return session_ != Session::Closed && session_ != Session::Ended;
  }

  // What keeps orders from trading at their own price: bands, the price test of short sales (a
  // displayed bid is not sold to), a quotation period. The price becomes one that is allowed.
  void set_bands(std::uint16_t locate, const Bands& bands) noexcept {
    markets_[locate].bands = bands;
  }
  void restrict_short_sales(std::uint16_t locate);
  void admit(NewOrder& order, bool short_sale) const noexcept;

  // Crosses: their orders, who waits for one, the cross itself at a price that was found before.
  [[nodiscard]] Crosses& crosses() noexcept { return crosses_; }
  [[nodiscard]] const Crosses& crosses() const noexcept { return crosses_; }
  void publish_imbalance(std::uint16_t locate, CrossType type);
  void cross(std::uint16_t locate, CrossType type, const Auction& auction);

  // The price of the last trade, 0 before the first.
  [[nodiscard]] std::uint32_t last_e4(std::uint16_t locate) const noexcept {
    return markets_[locate].last_e4;
  }

  // For whoever watches the market: what was printed, and whose displayed book may have changed,
  // since it was last told to forget.
  void note_changes(bool wanted) noexcept { notes_changes_ = wanted; }
  [[nodiscard]] const std::vector<Print>& prints() const noexcept { return prints_; }
  [[nodiscard]] const std::vector<std::uint16_t>& touched() const noexcept { return touched_; }
  void forget_changes() noexcept {
    prints_.clear();
    touched_.clear();
  }

  // Participants: the order has been found valid, and its instrument trades.
  std::uint64_t enter(NewOrder order);  // 0: nothing rests
  std::uint64_t replace(std::uint64_t original_reference, NewOrder order);
  void reduce(std::uint64_t reference, std::uint32_t quantity);
  [[nodiscard]] std::uint16_t self_match_group(std::string_view firm, std::uint16_t group) {
    return groups_.number(firm, group);
  }

  // The parts of the above, for the order desk, which answers between them.
  [[nodiscard]] MatchingEngine& engine() noexcept { return engine_; }
  [[nodiscard]] const MatchingEngine& engine() const noexcept { return engine_; }
  void publish(const NewOrder& order, const Submission& submission);
  void publish_replace(const RestingOrder& original, const NewOrder& order,
                       const Submission& submission);

  [[nodiscard]] const Instruments& instruments() const noexcept { return instruments_; }
  [[nodiscard]] MarketFeed& feed() noexcept { return feed_; }
  [[nodiscard]] const MarketFeed& feed() const noexcept { return feed_; }
  [[nodiscard]] std::vector<Account>& accounts() noexcept { return accounts_; }
  [[nodiscard]] const std::vector<Account>& accounts() const noexcept { return accounts_; }

 private:
  struct Market {
    TradingState state = TradingState::Halted;
    std::array<char, 4> reason{' ', ' ', ' ', ' '};
    bool short_sales_restricted = false;
    Bands bands;
    std::uint32_t last_e4 = 0;
  };

  void tell(const Owner& owner, const Fill& fill, Liquidity liquidity);
  void note_print(std::uint16_t locate, std::uint32_t price_e4);
  void note_touch(std::uint16_t locate);
  void publish_fills(const NewOrder& order, const Submission& submission);
  void publish_preventions(const NewOrder& order, const Submission& submission);
  void show_reduction(std::uint64_t reference, const Reduction& taken);
  void publish_rest(const NewOrder& order, const Submission& submission);
  [[nodiscard]] DisplayedOrder displayed(const NewOrder& order, const Submission& submission) const;
  [[nodiscard]] std::string_view attribution(Display display, const Owner& owner) const noexcept;

  std::vector<std::string> mpids_;
  Instruments instruments_;
  MatchingEngine engine_;
  MarketFeed feed_;
  SelfMatchGroups groups_;
  std::vector<Account> accounts_;
  Crosses crosses_{engine_};
  std::vector<Market> markets_;  // by locate
  std::vector<Print> prints_;
  std::vector<std::uint16_t> touched_;
  bool notes_changes_ = false;
  Session session_ = Session::Closed;
};

}  // namespace ridley::venue
