// SPDX-License-Identifier: Apache-2.0
#include "venue/rerequest_port.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "venue/listening_socket.hpp"

namespace ridley::venue {
namespace {

// Requests between two looks at everybody else.
constexpr int kRequestsAPoll = 32;

}  // namespace

RerequestPort::RerequestPort(const std::string& address, std::uint16_t port, std::string session)
    : rerequest_{std::move(session)},
      descriptor_{open_bound({.address = address, .port = port, .type = SOCK_DGRAM})},
      port_{bound_port(descriptor_)} {}

RerequestPort::~RerequestPort() { ::close(descriptor_); }

bool RerequestPort::poll(const MessageHistory& history, std::uint64_t monotonic_ns) {
  bool any = false;
  for (int i = 0; i < kRequestsAPoll; ++i) {
    std::array<std::byte, 64> request;
    sockaddr_in from{};
    socklen_t from_bytes = sizeof from;
    auto* const address = reinterpret_cast<sockaddr*>(&from);
    const ssize_t count =
        ::recvfrom(descriptor_, request.data(), request.size(), MSG_TRUNC, address, &from_bytes);
    if (count < 0) return any;
    any = true;
    const std::size_t bytes = std::min(static_cast<std::size_t>(count), request.size());
    const auto answer = rerequest_.answer(std::span{request}.first(bytes), history, monotonic_ns);
    // A full socket loses the answer, as a network may.
    if (!answer.empty()) {
      (void)::sendto(descriptor_, answer.data(), answer.size(), 0, address, from_bytes);
    }
  }
  return any;
}

}  // namespace ridley::venue
