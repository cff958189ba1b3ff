// SPDX-License-Identifier: Apache-2.0
// In: a message of a drop-copy stream. Out: the execution in it. No sheet defines what such a
// stream says, so this is the form of our own exchange (venue/account_streams.hpp): the account's
// name in six characters, padded on the right, then the message as the account got it. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "order/ouch42_replies.hpp"

namespace ridley::order {

struct CopiedExecution {
  std::string_view account;  // valid as long as the message
  std::uint32_t user_ref = 0;
  std::uint32_t quantity = 0;
  std::uint64_t price_e4 = 0;
  std::uint64_t match_number = 0;
};

class DropCopyReader {
 public:
  // With the prefix of our tokens where the account speaks OUCH 4.2.
  explicit DropCopyReader(std::optional<TokenPrefix> prefix = std::nullopt);

  // Nothing when it is something else than an execution.
  [[nodiscard]] std::optional<CopiedExecution> read(std::span<const std::byte> message);

  // Messages that are no whole message of the account's protocol.
  [[nodiscard]] std::uint64_t malformed() const noexcept { return malformed_; }

 private:
  std::optional<Ouch42Replies> older_;
  std::uint64_t malformed_ = 0;
};

}  // namespace ridley::order
