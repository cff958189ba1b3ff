// SPDX-License-Identifier: Apache-2.0
// In: what the public may see of an event. Out: ITCH 5.0 messages in a buffer, and a digest over
// every byte published so far. Writes bytes and keeps no book: who calls it knows what is
// displayed. One owner.
#pragma once

#include <cstdint>
#include <string_view>

#include "event/records.hpp"
#include "venue/crosses.hpp"
#include "venue/instruments.hpp"
#include "venue/message_buffer.hpp"
#include "venue/order_terms.hpp"

namespace ridley::venue {

enum class SystemEvent : char {
  StartOfMessages = 'O',
  StartOfSystemHours = 'S',
  StartOfMarketHours = 'Q',
  EndOfMarketHours = 'M',
  EndOfSystemHours = 'E',
  EndOfMessages = 'C',
};

enum class TradingState : char { Halted = 'H', Paused = 'P', Quoting = 'Q', Trading = 'T' };

// A displayed order as it enters the book.
struct DisplayedOrder {
  std::uint64_t reference = 0;
  std::uint16_t locate = 0;
  event::Side side = event::Side::Buy;
  std::uint32_t quantity = 0;
  std::uint32_t price_e4 = 0;
  std::string_view attribution;  // empty: none
};

// The prices between which the cross that ends a pause may take place.
struct CollarNotice {
  std::uint32_t reference_e4;
  std::uint32_t upper_e4;
  std::uint32_t lower_e4;
  std::uint32_t extension;
};

class MarketFeed {
 public:
  explicit MarketFeed(const Instruments& instruments) noexcept : instruments_{&instruments} {}

  // The time of every message from here on: nanoseconds since midnight, never going back.
  void at(std::uint64_t ns) noexcept { ns_ = ns > ns_ ? ns : ns_; }
  [[nodiscard]] std::uint64_t now_ns() const noexcept { return ns_; }

  void system_event(SystemEvent event);
  void directory(std::uint16_t locate);
  void trading_action(std::uint16_t locate, TradingState state, std::string_view reason);
  void short_sale_restriction(std::uint16_t locate, char action);
  void participant_position(std::uint16_t locate, std::string_view mpid);
  void decline_levels(std::uint64_t one_e8, std::uint64_t two_e8, std::uint64_t three_e8);

  void auction_collar(std::uint16_t locate, const CollarNotice& collar);
  void breaker_status(char level);

  void imbalance(std::uint16_t locate, CrossType type, const Imbalance& imbalance);
  // A displayed order's part in a cross, which reports the volume itself.
  void crossed(const Fill& fill, std::uint16_t locate);
  void cross_trade(std::uint16_t locate, CrossType type, const Auction& auction,
                   std::uint64_t match_number);

  void added(const DisplayedOrder& order);
  // At the price that the order displays, or at another one: the message differs.
  void executed(const Fill& fill, std::uint16_t locate, std::uint32_t displayed_price_e4);
  // Against an order that nobody saw.
  void hidden_trade(const Fill& fill, std::uint16_t locate);
  void canceled(std::uint64_t reference, std::uint16_t locate, std::uint32_t quantity);
  void deleted(std::uint64_t reference, std::uint16_t locate);
  void replaced(std::uint64_t original_reference, const DisplayedOrder& order);

  // Everything published since the last clear.
  [[nodiscard]] const MessageBuffer& published() const noexcept { return buffer_; }
  void clear() noexcept { buffer_.clear(); }

  // Of the day.
  [[nodiscard]] std::uint64_t message_count() const noexcept { return message_count_; }
  // What is published from here on has numbers of a new session.
  void begin_session() noexcept { before_session_ = message_count_; }
  // The number of the next message of the session, whose first has 1.
  [[nodiscard]] std::uint64_t next_sequence() const noexcept {
    return message_count_ - before_session_ + 1;
  }
  // FNV-1a, 64 bits, over the messages without their lengths.
  [[nodiscard]] std::uint64_t digest() const noexcept { return digest_; }

 private:
  template <typename Message, typename Writer>
  Writer begin(std::uint16_t locate);
  void finish();

  const Instruments* instruments_;
  MessageBuffer buffer_;
  std::span<const std::byte> last_;
  std::uint64_t ns_ = 0;
  std::uint64_t message_count_ = 0;
  std::uint64_t before_session_ = 0;  // messages of the sessions before
  std::uint64_t digest_ = 0xCBF2'9CE4'8422'2325ULL;
};

}  // namespace ridley::venue
