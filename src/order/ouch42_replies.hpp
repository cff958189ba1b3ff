// SPDX-License-Identifier: Apache-2.0
// In: a message of an exchange that speaks OUCH 4.2. Out: the same in OUCH 5.0, so that the hot
// core follows orders in one language. Layouts of the 4.2 and of the 5.0 sheet, section 3.
// Cold: the session thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "order/ouch42_token.hpp"

namespace ridley::order {

// The longest is a replacement, 66 bytes and the length of no elements.
inline constexpr std::size_t kTranslatedBytesMax = 128;

struct Ouch42Counters {
  std::uint64_t foreign_tokens = 0;  // of another process or of nobody
  std::uint64_t unreadable = 0;      // too short, or nothing that we have asked for
};

class Ouch42Replies {
 public:
  explicit Ouch42Replies(const TokenPrefix& prefix) noexcept : prefix_{prefix} {}

  // Into room of kTranslatedBytesMax; what was written, empty when the message cannot be read. An
  // order of somebody else gets the number 0, which no order has; the token itself is kept as the
  // client's text.
  [[nodiscard]] std::span<const std::byte> translate(std::span<const std::byte> message,
                                                     std::span<std::byte> room);

  [[nodiscard]] const Ouch42Counters& counters() const noexcept { return counters_; }

 private:
  class Writer;

  TokenPrefix prefix_;
  Ouch42Counters counters_;
};

}  // namespace ridley::order
