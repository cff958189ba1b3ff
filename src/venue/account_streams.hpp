// SPDX-License-Identifier: Apache-2.0
// In: what the exchange said to its accounts. Out: the sequenced stream of every account and of
// every drop copy, and one digest over all of them. Streams outlive connections. One owner.
//
// No sheet defines a drop copy's messages, so they are ours: the account's name in six characters,
// padded on the right, then the OUCH 5.0 outbound message as the account got it. Executions and
// broken trades are copied, of the accounts of one firm or of all.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "venue/order_connection.hpp"

namespace ridley::venue {

class AccountStreams {
 public:
  // The firm of a drop copy's settings says whose executions it gets; empty: everybody's.
  AccountStreams(const std::string& session, const std::vector<AccountSettings>& accounts,
                 const std::vector<AccountSettings>& drop_copies = {});

  // Takes what is new out of the accounts, which are those of the constructor.
  void collect(std::vector<Account>& accounts);

  [[nodiscard]] const std::vector<AccountStream>& accounts() const noexcept { return accounts_; }
  [[nodiscard]] const std::vector<AccountStream>& drop_copies() const noexcept {
    return drop_copies_;
  }
  // FNV-1a, 64 bits, over the messages of each account, then over the accounts.
  [[nodiscard]] std::uint64_t digest() const noexcept;

 private:
  void copy(const AccountSettings& account, std::span<const std::byte> message);

  std::vector<AccountStream> accounts_;
  std::vector<AccountStream> drop_copies_;
  std::vector<std::uint64_t> digests_;
};

}  // namespace ridley::venue
