// SPDX-License-Identifier: Apache-2.0
// In: request packets on a UDP port. Out: answers to where they came from
// (venue/rerequest_line.hpp). The kernel's UDP, never blocks; the venue's thread.
#pragma once

#include <cstdint>
#include <string>

#include "venue/bound_socket.hpp"
#include "venue/rerequest_line.hpp"

namespace ridley::venue {

class RerequestPort {
 public:
  // Port 0: any free one. The line must outlive it. Throws base::Error when it cannot be had.
  RerequestPort(const std::string& address, std::uint16_t port, RerequestLine& line);

  // Takes what has come, a bounded number of requests, and sends what is to be answered. True if
  // there was one.
  bool poll(const MessageHistory& history, std::uint64_t monotonic_ns);

  [[nodiscard]] std::uint16_t port() const noexcept { return socket_.port(); }

 private:
  RerequestLine& line_;
  BoundSocket socket_;
};

}  // namespace ridley::venue
