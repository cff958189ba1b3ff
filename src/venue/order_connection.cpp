// SPDX-License-Identifier: Apache-2.0
#include "venue/order_connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <string_view>

namespace ridley::venue {

namespace {

// One read takes this much; a client that sends more waits for the next round.
constexpr std::size_t kReadBytes = 64 * 1024;

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

OrderConnection::~OrderConnection() { ::close(descriptor_); }

void OrderConnection::read(const std::vector<AccountStream>& accounts, std::uint64_t now_ns) {
  if (dead_) return;
  std::array<std::byte, kReadBytes> bytes;
  const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) dead_ = true;
  if (!server_ && now_ns - connected_ns_ > kLoginTimeout_ns) dead_ = true;
  if (count <= 0) return;
  const auto received = std::span{bytes}.first(static_cast<std::size_t>(count));
  if (server_) return server_->receive(received, now_ns);
  before_login_.insert(before_login_.end(), received.begin(), received.end());
  open_session(accounts, now_ns);
}

std::optional<order::SoupServerEvent> OrderConnection::next(std::uint64_t now_ns) {
  if (!server_) return std::nullopt;
  auto happened = server_->next(now_ns);
  if (happened && happened->kind == order::SoupServerEventKind::LoggedIn) logged_in_ = true;
  return happened;
}

void OrderConnection::write(std::uint64_t now_ns) {
  if (dead_ || !server_) return;
  server_->poll(now_ns);
  while (!server_->output().empty()) {
    const std::span<const std::byte> output = server_->output();
    const ssize_t count = ::send(descriptor_, output.data(), output.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN && errno != EINTR) dead_ = true;
    if (count <= 0) return;
    server_->sent(static_cast<std::size_t>(count));
  }
  if (server_->broken()) dead_ = true;
}

void OrderConnection::end_session(std::uint64_t now_ns) {
  if (server_) server_->end_session(now_ns);
}

void OrderConnection::hear_out(std::uint64_t now_ns) {
  write(now_ns);
  if (dead_) return;
  if (drained() && !hung_up_) {
    ::shutdown(descriptor_, SHUT_WR);
    hung_up_ = true;
  }
  std::array<std::byte, 4096> bytes;
  const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) dead_ = true;
}

// Whoever is not known gets a server that refuses any name.
void OrderConnection::open_session(const std::vector<AccountStream>& accounts,
                                   std::uint64_t now_ns) {
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
