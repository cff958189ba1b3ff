// SPDX-License-Identifier: Apache-2.0
// In: request packets on a loopback port, what was published. Out: one downstream packet for each,
// of as many messages as it likes. The test's own thread drives it, and makes it misbehave.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "feed/published.hpp"
#include "wire/mold.hpp"

namespace ridley::test {

class RerequestServer {
 public:
  explicit RerequestServer(const feed::Published& published) : published_{published} {
    descriptor_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~RerequestServer() { ::close(descriptor_); }
  RerequestServer(const RerequestServer&) = delete;
  RerequestServer& operator=(const RerequestServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  void serve() {
    std::array<std::byte, 64> request;
    sockaddr_in from{};
    socklen_t size = sizeof from;
    auto* const any = reinterpret_cast<sockaddr*>(&from);
    while (::recvfrom(descriptor_, request.data(), request.size(), 0, any, &size) == 20) {
      ++requests;
      const wire::mold::RequestPacket wanted{request.data()};
      const std::uint64_t first = wanted.sequence_number();
      if (silent || first < published_.first || first >= published_.end()) continue;
      const std::uint64_t most =
          std::min<std::uint64_t>(wanted.requested_message_count(), messages_max);
      feed::Bytes answer = published_.packet(first, std::min(published_.end(), first + most));
      if (cuts_short) answer.pop_back();
      EXPECT_GT(::sendto(descriptor_, answer.data(), answer.size(), 0, any, size), 0);
    }
  }

  bool silent = false;
  bool cuts_short = false;  // answers that cannot be read
  std::uint64_t messages_max = 10;
  std::uint64_t requests = 0;

 private:
  const feed::Published& published_;
  int descriptor_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace ridley::test
