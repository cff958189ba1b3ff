// SPDX-License-Identifier: Apache-2.0
// In: what happens on a generated day. Out: its TotalView-ITCH 5.0 messages, each behind a two-byte
// length, handed on in large pieces. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "bench/support/day_books.hpp"

namespace ridley::bench {

// Takes the bytes of the file one piece after the other.
using Sink = std::function<void(std::span<const std::byte>)>;

struct Print {
  std::uint32_t price_e4;
  std::uint32_t quantity;
  std::uint64_t match_number;
};

class DayMessages {
 public:
  explicit DayMessages(const Sink& sink);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t bytes() const { return handed_on_ + buffer_.size(); }
  void set_time(std::uint64_t ns) { ns_ = ns; }

  void system_event(char code);
  void directory(std::uint16_t locate);
  void trading_action(std::uint16_t locate);
  void short_sale_restriction(std::uint16_t locate);
  void participant_position(std::uint16_t locate);
  void decline_levels();
  void add(const DayOrder& order, bool attributed);
  void execute(const DayOrder& order, std::uint32_t quantity, std::uint64_t match_number,
               bool with_price);
  void trade(std::uint16_t locate, const Print& print);
  void imbalance(std::uint16_t locate, std::uint32_t price_e4);
  void cancel(const DayOrder& order, std::uint32_t quantity);
  void remove(const DayOrder& order);
  // The order as it is from now on.
  void replace(std::uint64_t old_reference, const DayOrder& order);

  // Hands on what is left.
  void finish();

 private:
  template <typename Message, typename Writer>
  Writer begin(std::uint16_t locate);

  const Sink& sink_;
  std::vector<std::byte> buffer_;
  std::uint64_t handed_on_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t ns_ = 0;
};

}  // namespace ridley::bench
