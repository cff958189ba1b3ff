// SPDX-License-Identifier: Apache-2.0
// In: a connected socket that does not block. Out: the messages of the account that logs in, and
// its sequenced stream to the client. Finds the account by the name in the login, then leaves the
// session to order::SoupServer. Kernel TCP; the venue's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "order/soup_server.hpp"
#include "venue/account.hpp"

namespace ridley::venue {

// An account as the session layer sees it: its name and what was ever told to it.
struct AccountStream {
  AccountSettings settings;
  order::SoupStream stream;
};

class OrderConnection {
 public:
  // Owns the descriptor. Accounts of other ports are not known here.
  OrderConnection(int descriptor, std::uint64_t now_ns, std::uint32_t port = 0) noexcept
      : descriptor_{descriptor}, port_{port}, connected_ns_{now_ns} {}
  ~OrderConnection();
  OrderConnection(const OrderConnection&) = delete;
  OrderConnection& operator=(const OrderConnection&) = delete;

  // Reads what has come. Times are of any clock that does not go back.
  void read(const std::vector<AccountStream>& accounts, std::uint64_t now_ns);
  // The next thing that the client did.
  [[nodiscard]] std::optional<order::SoupServerEvent> next(std::uint64_t now_ns);
  // Sends what the stream has gained.
  void write(std::uint64_t now_ns);
  void end_session(std::uint64_t now_ns);
  // After the end of the session: sends the rest, then hangs up on the sending side and forgets
  // what the client still says. Closing at once could take the last replies away from it.
  void hear_out(std::uint64_t now_ns);

  // No more bytes will pass.
  [[nodiscard]] bool dead() const noexcept { return dead_; }
  void kill() noexcept { dead_ = true; }
  [[nodiscard]] bool logged_in() const noexcept { return logged_in_; }
  // Meaningful once logged in.
  [[nodiscard]] std::uint32_t account() const noexcept { return account_; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  // Everything was handed to the kernel.
  [[nodiscard]] bool drained() const noexcept { return !server_ || server_->output().empty(); }

 private:
  void open_session(const std::vector<AccountStream>& accounts, std::uint64_t now_ns);

  int descriptor_;
  std::uint32_t port_;
  std::uint64_t connected_ns_;
  std::vector<std::byte> before_login_;
  std::optional<order::SoupServer> server_;
  std::uint32_t account_ = 0;
  bool logged_in_ = false;
  bool hung_up_ = false;
  bool dead_ = false;
};

}  // namespace ridley::venue
