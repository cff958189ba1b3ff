// SPDX-License-Identifier: Apache-2.0
// In: the time, orders of participants, OUCH messages of accounts. Out: ITCH messages in feed(),
// OUCH replies in each account. A function of its inputs: no clock, no randomness, no sockets.
// One owner.
//
// What the public sees is exactly what a real feed shows: displayed orders that rest. An order that
// trades away at once never appears, and a displayed book is never crossed nor locked.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "venue/account.hpp"
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

class Exchange {
 public:
  enum class Session : std::uint8_t { Closed, SystemHours, MarketHours, Ended };

  explicit Exchange(const ExchangeSettings& settings);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Nanoseconds since midnight of all that follows; an earlier time than before is ignored.
  void at(std::uint64_t ns);
  [[nodiscard]] std::uint64_t now_ns() const noexcept { return feed_.now_ns(); }

  // The day: each once and in this order.
  void open_system();  // directory and states of all instruments
  void open_market();
  void close();

  void set_trading_state(std::uint16_t locate, TradingState state, std::string_view reason);
  [[nodiscard]] TradingState trading_state(std::uint16_t locate) const noexcept {
    return states_[locate];
  }
  // In system hours as in market hours: trading is continuous in both.
  [[nodiscard]] bool accepts_orders() const noexcept {
    return session_ == Session::SystemHours || session_ == Session::MarketHours;
  }

  // Participants: the order has been found valid, and its instrument trades.
  std::uint64_t enter(const NewOrder& order);  // 0: nothing rests
  std::uint64_t replace(std::uint64_t original_reference, const NewOrder& order);
  void reduce(std::uint64_t reference, std::uint32_t quantity);
  [[nodiscard]] std::uint16_t self_match_group(std::string_view firm, std::uint16_t group) {
    return groups_.number(firm, group);
  }

  // The parts of the above, for the order desk, which answers between them.
  [[nodiscard]] MatchingEngine& engine() noexcept { return engine_; }
  void publish(const NewOrder& order, const Submission& submission);
  void publish_replace(const RestingOrder& original, const NewOrder& order,
                       const Submission& submission);

  [[nodiscard]] const Instruments& instruments() const noexcept { return instruments_; }
  [[nodiscard]] MarketFeed& feed() noexcept { return feed_; }
  [[nodiscard]] const MarketFeed& feed() const noexcept { return feed_; }
  [[nodiscard]] std::vector<Account>& accounts() noexcept { return accounts_; }
  [[nodiscard]] const std::vector<Account>& accounts() const noexcept { return accounts_; }

 private:
  void publish_fills(const NewOrder& order, const Submission& submission);
  void publish_preventions(const NewOrder& order, const Submission& submission);
  void show_reduction(std::uint64_t reference, const Reduction& taken);
  void publish_rest(const NewOrder& order, const Submission& submission);
  [[nodiscard]] DisplayedOrder displayed(const NewOrder& order, const Submission& submission) const;
  [[nodiscard]] std::string_view attribution(const NewOrder& order) const noexcept;

  std::vector<std::string> mpids_;
  Instruments instruments_;
  MatchingEngine engine_;
  MarketFeed feed_;
  SelfMatchGroups groups_;
  std::vector<Account> accounts_;
  std::vector<TradingState> states_;
  Session session_ = Session::Closed;
};

}  // namespace ridley::venue
