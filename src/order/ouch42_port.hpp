// SPDX-License-Identifier: Apache-2.0
// In: messages of a client that speaks OUCH 4.2, replies of an exchange that speaks 5.0. Out: the
// same messages in 5.0, the same replies in 4.2. One port is one account for a day, whatever
// connections come and go, because tokens are used once a day. For the venue; cold.
//
// Rules where the 4.2 sheet leaves room: a token that was used before is ignored, and so is a
// replace or cancel of a token that was never used; a trade-now is ignored, because 5.0 has it as
// an element of new orders only; rejects have letters of ours, because the sheet names none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "order/ouch42_token.hpp"

namespace ridley::order {

class Ouch42Port {
 public:
  // The message in 5.0; empty when the exchange need not hear of it. `now_s` is the exchange's time
  // in seconds since midnight. Valid until the next call.
  [[nodiscard]] std::span<const std::byte> to_exchange(std::span<const std::byte> message,
                                                       std::uint32_t now_s);

  // The reply in 4.2; empty when it has none there. Valid until the next call.
  [[nodiscard]] std::span<const std::byte> to_client(std::span<const std::byte> reply);

  // Messages that are too short or of an unknown type.
  [[nodiscard]] std::uint64_t malformed() const noexcept { return malformed_; }
  [[nodiscard]] std::uint64_t ignored() const noexcept { return ignored_; }

 private:
  class ToExchange;
  class ToClient;

  // What 5.0 does not say back, or says in other words.
  struct Terms {
    Token token{};
    std::array<char, 4> firm{};
    std::uint32_t time_in_force = 0;
    std::uint32_t minimum_quantity = 0;
    char display = 'Y';
  };

  // The order's number; 0 when the token was used before.
  std::uint32_t begin(const Terms& terms);
  // 0 when nobody has used it.
  [[nodiscard]] std::uint32_t number_of(const Token& token) const;
  [[nodiscard]] const Terms* terms_of(std::uint32_t number) const noexcept;

  // The longest 5.0 message that comes of one in 4.2: an order with all of its elements.
  static constexpr std::size_t kRoomBytes = 128;

  std::map<Token, std::uint32_t> numbers_;
  std::vector<Terms> terms_;  // of number 1 and on
  std::array<std::byte, kRoomBytes> room_{};
  std::uint64_t malformed_ = 0;
  std::uint64_t ignored_ = 0;
};

}  // namespace ridley::order
