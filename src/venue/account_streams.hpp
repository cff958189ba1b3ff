// SPDX-License-Identifier: Apache-2.0
// In: what the exchange said to its accounts, the time. Out: the sequenced stream of every account
// and of every drop copy, and one digest over all of them. Streams outlive connections. One owner.
//
// No sheet defines a drop copy's messages, so they are ours: the account's name in six characters,
// padded on the right, then the OUCH 5.0 outbound message as the account got it. Executions and
// broken trades are copied, of the accounts of one firm or of all.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "venue/client_session.hpp"
#include "venue/random.hpp"

namespace ridley::venue {

// Acknowledgements (accepted, replaced) that come late: what happens to the order in the meantime
// is told before them.
struct LateAcknowledgements {
  double share = 0;
  std::uint64_t late_ns = 0;
};

class AccountStreams {
 public:
  // The firm of a drop copy's settings says whose executions it gets; empty: everybody's. The seed
  // is of what goes wrong.
  AccountStreams(const std::string& session, const std::vector<AccountSettings>& accounts,
                 const std::vector<AccountSettings>& drop_copies = {}, std::uint64_t seed = 0);

  // What the client has said, in OUCH 5.0; empty when the exchange need not hear of it. Valid until
  // the next call.
  [[nodiscard]] std::span<const std::byte> heard(std::uint32_t account,
                                                 std::span<const std::byte> message,
                                                 std::uint64_t exchange_ns);

  // Takes what is new out of the accounts, which are those of the constructor, and what was kept
  // back until that time of the exchange.
  void collect(std::vector<Account>& accounts, std::uint64_t ns);
  void delay(std::uint32_t account, const LateAcknowledgements& late) { late_[account] = late; }
  // When something that is kept back is told.
  [[nodiscard]] std::uint64_t next_ns() const noexcept;

  [[nodiscard]] const std::vector<AccountStream>& accounts() const noexcept { return accounts_; }
  [[nodiscard]] const std::vector<AccountStream>& drop_copies() const noexcept {
    return drop_copies_;
  }
  // FNV-1a, 64 bits, over the messages of each account, then over the accounts.
  [[nodiscard]] std::uint64_t digest() const noexcept;

 private:
  using Kept = std::multimap<std::uint64_t, std::vector<std::byte>>;  // by when it is told

  void tell(std::size_t account, std::span<const std::byte> message);
  void copy(const AccountSettings& account, std::span<const std::byte> message);

  std::vector<AccountStream> accounts_;
  std::vector<AccountStream> drop_copies_;
  std::vector<std::uint64_t> digests_;
  std::vector<LateAcknowledgements> late_;
  std::vector<Kept> kept_;  // of each account
  Random random_;
};

}  // namespace ridley::venue
