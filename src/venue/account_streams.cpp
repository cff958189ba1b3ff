// SPDX-License-Identifier: Apache-2.0
#include "venue/account_streams.hpp"

#include <algorithm>
#include <limits>

#include "wire/ouch.hpp"

namespace ridley::venue {
namespace {

constexpr std::uint64_t kNoDigest = 0xCBF2'9CE4'8422'2325ULL;

void mix(std::uint64_t& digest, std::span<const std::byte> bytes) noexcept {
  for (const std::byte byte : bytes)
    digest = (digest ^ static_cast<std::uint64_t>(byte)) * 0x0000'0100'0000'01B3ULL;
}

std::vector<AccountStream> streams_of(const std::string& session,
                                      const std::vector<AccountSettings>& all) {
  std::vector<AccountStream> streams;
  for (const AccountSettings& one : all) streams.push_back({one, order::SoupStream{session}});
  return streams;
}

bool is_copied(std::span<const std::byte> message) noexcept {
  const auto type = static_cast<char>(message[0]);
  return type == wire::ouch::OrderExecuted::kType || type == wire::ouch::BrokenTrade::kType;
}

bool acknowledges(std::span<const std::byte> message) noexcept {
  const auto type = static_cast<char>(message[0]);
  return type == wire::ouch::OrderAccepted::kType || type == wire::ouch::OrderReplaced::kType;
}

}  // namespace

AccountStreams::AccountStreams(const std::string& session,
                               const std::vector<AccountSettings>& accounts,
                               const std::vector<AccountSettings>& drop_copies, std::uint64_t seed)
    : accounts_{streams_of(session, accounts)},
      drop_copies_{streams_of(session, drop_copies)},
      digests_(accounts.size(), kNoDigest),
      late_(accounts.size()),
      kept_(accounts.size()),
      random_{seed} {}

void AccountStreams::collect(std::vector<Account>& accounts, std::uint64_t ns) {
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    MessageBuffer& replies = accounts[i].replies;
    for_each_message(replies.bytes(), [&](std::span<const std::byte> message) {
      const LateAcknowledgements& late = late_[i];
      const bool is_late = late.share > 0 && acknowledges(message) && random_.chance(late.share);
      if (!is_late) return tell(i, message);
      kept_[i].emplace(ns + late.late_ns, std::vector<std::byte>{message.begin(), message.end()});
    });
    replies.clear();
    while (!kept_[i].empty() && kept_[i].begin()->first <= ns) {
      tell(i, kept_[i].begin()->second);
      kept_[i].erase(kept_[i].begin());
    }
  }
}

void AccountStreams::tell(std::size_t account, std::span<const std::byte> message) {
  AccountStream& owner = accounts_[account];
  const bool copied = is_copied(message);
  if (owner.settings.ouch42) message = owner.older.to_client(message);
  if (message.empty()) return;
  owner.stream.append(message);
  mix(digests_[account], message);
  if (copied) copy(owner.settings, message);
}

std::span<const std::byte> AccountStreams::heard(std::uint32_t account,
                                                 std::span<const std::byte> message,
                                                 std::uint64_t exchange_ns) {
  AccountStream& owner = accounts_[account];
  if (!owner.settings.ouch42) return message;
  constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
  return owner.older.to_exchange(message, static_cast<std::uint32_t>(exchange_ns / kNsPerSecond));
}

std::uint64_t AccountStreams::next_ns() const noexcept {
  std::uint64_t ns = std::numeric_limits<std::uint64_t>::max();
  for (const Kept& kept : kept_) {
    if (!kept.empty()) ns = std::min(ns, kept.begin()->first);
  }
  return ns;
}

std::uint64_t AccountStreams::digest() const noexcept {
  std::uint64_t all = kNoDigest;
  for (const std::uint64_t digest : digests_) mix(all, std::as_bytes(std::span{&digest, 1}));
  return all;
}

void AccountStreams::copy(const AccountSettings& account, std::span<const std::byte> message) {
  if (drop_copies_.empty()) return;
  std::vector<std::byte> copied;
  order::append_padded_right(copied, account.username, order::kUsernameBytes);
  copied.insert(copied.end(), message.begin(), message.end());
  for (AccountStream& drop_copy : drop_copies_) {
    const std::string& firm = drop_copy.settings.firm;
    if (firm.empty() || firm == account.firm) drop_copy.stream.append(copied);
  }
}

}  // namespace ridley::venue
