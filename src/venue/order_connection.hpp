// SPDX-License-Identifier: Apache-2.0
// In: a connected socket that does not block. Out: a client's session over it
// (venue/client_session.hpp). Kernel TCP; the venue's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "venue/client_session.hpp"

namespace ridley::venue {

class OrderConnection {
 public:
  // Owns the descriptor.
  OrderConnection(int descriptor, std::uint64_t now_ns, std::uint32_t port = 0,
                  std::uint64_t seed = 0)
      : descriptor_{descriptor}, session_{now_ns, port, seed} {}
  ~OrderConnection();
  OrderConnection(const OrderConnection&) = delete;
  OrderConnection& operator=(const OrderConnection&) = delete;

  // Reads what has come. Times are of any clock that does not go back.
  void read(std::uint64_t now_ns);
  // Sends what the stream has gained.
  void write(std::uint64_t now_ns);
  // After the end of the session: sends the rest, then hangs up on the sending side and forgets
  // what the client still says. Closing at once could take the last replies away from it.
  void hear_out(std::uint64_t now_ns);

  [[nodiscard]] ClientSession& session() noexcept { return session_; }
  [[nodiscard]] const ClientSession& session() const noexcept { return session_; }
  [[nodiscard]] bool dead() const noexcept { return session_.dead(); }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
  ClientSession session_;
  bool hung_up_ = false;
};

}  // namespace ridley::venue
