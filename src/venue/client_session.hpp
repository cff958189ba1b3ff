// SPDX-License-Identifier: Apache-2.0
// In: bytes of a client's connection, the time. Out: the messages of the account that logs in, and
// bytes to send: its sequenced stream over SoupBinTCP. Finds the account by the name in the login,
// then leaves the session to order::SoupServer. What goes wrong on the way goes wrong here, so a
// socket of the kernel and a simulated connection suffer alike. No clock, no socket. One owner.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "order/ouch42_port.hpp"
#include "order/soup_server.hpp"
#include "venue/account.hpp"
#include "venue/faulty_stream.hpp"

namespace ridley::venue {

// An account as the session layer sees it: its name and what was ever told to it.
struct AccountStream {
  AccountSettings settings;
  order::SoupStream stream;
  order::Ouch42Port older = {};  // of an account that speaks OUCH 4.2
};

class ClientSession {
 public:
  // Accounts of other ports are not known here. Times are of any clock that does not go back.
  explicit ClientSession(std::uint64_t now_ns, std::uint32_t port = 0, std::uint64_t seed = 0)
      : port_{port}, connected_ns_{now_ns}, up_{seed}, down_{seed + 1} {}

  // How much of what the client says is read now.
  [[nodiscard]] std::size_t room() const noexcept { return up_.room(); }
  void receive(std::span<const std::byte> bytes, std::uint64_t now_ns) { up_.give(bytes, now_ns); }
  // Ends who was silent for too long before the login.
  void wait(std::uint64_t now_ns) noexcept;
  // The next thing that the client did. The accounts must outlive the session.
  [[nodiscard]] std::optional<order::SoupServerEvent> next(
      const std::vector<AccountStream>& accounts, std::uint64_t now_ns);

  // Bytes for the client, of what its stream has gained too, and how many of them were taken.
  [[nodiscard]] std::span<const std::byte> output(std::uint64_t now_ns);
  void sent(std::size_t bytes);
  void end_session(std::uint64_t now_ns);
  // Everything was taken.
  [[nodiscard]] bool drained() const noexcept;

  // No more bytes will pass.
  [[nodiscard]] bool dead() const noexcept { return dead_; }
  void kill() noexcept { dead_ = true; }
  [[nodiscard]] bool logged_in() const noexcept { return logged_in_; }
  // Meaningful once logged in.
  [[nodiscard]] std::uint32_t account() const noexcept { return account_; }

  // What goes wrong from here on: to the venue, and from it.
  void impair_up(const StreamFaults& faults, std::uint64_t ns) noexcept { up_.set(faults, ns); }
  void impair_down(const StreamFaults& faults, std::uint64_t ns) noexcept { down_.set(faults, ns); }
  // Half open: the venue believes that there is a client and hears nothing, the client likewise.
  void go_silent() noexcept {
    up_.silence();
    down_.silence();
  }
  // The next bytes to be sent are the last, and some of them are missing.
  void cut() noexcept { cut_ = true; }
  // When something arrives that is on its way.
  [[nodiscard]] std::uint64_t next_ns() const noexcept {
    return std::min(up_.next_ns(), down_.next_ns());
  }

 private:
  void hear(const std::vector<AccountStream>& accounts, std::uint64_t now_ns);
  void open_server(const std::vector<AccountStream>& accounts, std::uint64_t now_ns);

  std::uint32_t port_;
  std::uint64_t connected_ns_;
  FaultyStream up_;
  FaultyStream down_;
  std::vector<std::byte> before_login_;
  std::optional<order::SoupServer> server_;
  std::uint32_t account_ = 0;
  bool logged_in_ = false;
  bool cut_ = false;
  bool dead_ = false;
};

}  // namespace ridley::venue
