// SPDX-License-Identifier: Apache-2.0
#include "venue/client_session.hpp"

#include <cctype>
#include <string_view>

namespace ridley::venue {

namespace {

// A client that says nothing is dropped after this.
constexpr std::uint64_t kLoginTimeout_ns = 30'000'000'000;

// Length, type, user name: enough of a login request to know whose it is.
constexpr std::size_t kNameEnd = order::kSoupHeaderBytes + order::kUsernameBytes;

// Longer than a user name of the protocol.
constexpr const char* kNobody = "nobody at all";

bool same_name(std::string_view one, std::string_view other) noexcept {
  if (one.size() != other.size()) return false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const auto lower = [](char letter) { return std::tolower(static_cast<unsigned char>(letter)); };
    if (lower(one[i]) != lower(other[i])) return false;
  }
  return true;
}

}  // namespace

std::optional<order::SoupServerEvent> ClientSession::next(
    const std::vector<AccountStream>& accounts, std::uint64_t now_ns) {
  if (dead_) return std::nullopt;
  hear(accounts, now_ns);
  if (!server_) return std::nullopt;
  auto happened = server_->next(now_ns);
  if (happened && happened->kind == order::SoupServerEventKind::LoggedIn) logged_in_ = true;
  return happened;
}

std::span<const std::byte> ClientSession::output(std::uint64_t now_ns) {
  if (dead_) return {};
  if (server_) {
    server_->poll(now_ns);
    const std::span<const std::byte> said = server_->output();
    down_.give(said, now_ns);
    server_->sent(said.size());
  }
  const bool told_all = down_.waiting() == 0;
  if (told_all && (cut_ || (server_ && server_->broken()))) dead_ = true;
  const std::span<const std::byte> bytes = down_.arrived(now_ns);
  return cut_ ? bytes.first((bytes.size() + 1) / 2) : bytes;
}

void ClientSession::sent(std::size_t bytes) {
  down_.take(bytes);
  dead_ = dead_ || cut_;
}

void ClientSession::wait(std::uint64_t now_ns) noexcept {
  if (!server_ && now_ns - connected_ns_ > kLoginTimeout_ns) dead_ = true;
}

void ClientSession::end_session(std::uint64_t now_ns) {
  if (server_) server_->end_session(now_ns);
}

bool ClientSession::drained() const noexcept {
  return !server_ || (server_->output().empty() && down_.waiting() == 0);
}

void ClientSession::hear(const std::vector<AccountStream>& accounts, std::uint64_t now_ns) {
  const std::span<const std::byte> heard = up_.arrived(now_ns);
  if (heard.empty()) return;
  if (server_) {
    server_->receive(heard, now_ns);
  } else {
    before_login_.insert(before_login_.end(), heard.begin(), heard.end());
    open_server(accounts, now_ns);
  }
  up_.take(heard.size());
}

// Whoever is not known gets a server that refuses any name.
void ClientSession::open_server(const std::vector<AccountStream>& accounts, std::uint64_t now_ns) {
  if (before_login_.size() < kNameEnd || accounts.empty()) return;
  const std::string_view name = order::text_of(std::span<const std::byte>{before_login_}.subspan(
      order::kSoupHeaderBytes, order::kUsernameBytes));
  bool known = false;
  for (std::uint32_t i = 0; i < accounts.size(); ++i) {
    const AccountSettings& settings = accounts[i].settings;
    if (settings.port != port_) continue;
    if (!same_name(order::without_spaces_around(name), settings.username)) continue;
    account_ = i;
    known = true;
  }
  const AccountStream& account = accounts[account_];
  order::SoupServerSettings settings;
  // A name that no login can have, for who is not known here.
  settings.username = known ? account.settings.username : kNobody;
  settings.password = account.settings.password;
  server_.emplace(account.stream, settings, now_ns);
  server_->receive(before_login_, now_ns);
  before_login_.clear();
}

}  // namespace ridley::venue
