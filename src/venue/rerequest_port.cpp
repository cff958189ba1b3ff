// SPDX-License-Identifier: Apache-2.0
#include "venue/rerequest_port.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace ridley::venue {
namespace {

// Requests between two looks at everybody else.
constexpr int kRequestsAPoll = 32;

// Address and port, both as the kernel has them.
RerequestLine::Client client_of(const sockaddr_in& address) noexcept {
  return RerequestLine::Client{address.sin_addr.s_addr} << 16 | address.sin_port;
}

sockaddr_in address_of(RerequestLine::Client client) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = static_cast<in_addr_t>(client >> 16);
  address.sin_port = static_cast<in_port_t>(client & 0xFFFF);
  return address;
}

}  // namespace

RerequestPort::RerequestPort(const std::string& address, std::uint16_t port, RerequestLine& line)
    : line_{line}, socket_{address, port, BoundSocket::Kind::Udp} {}

bool RerequestPort::poll(const MessageHistory& history, std::uint64_t monotonic_ns) {
  bool any = false;
  for (int i = 0; i < kRequestsAPoll; ++i) {
    std::array<std::byte, 64> request;
    sockaddr_in from{};
    socklen_t from_bytes = sizeof from;
    auto* const address = reinterpret_cast<sockaddr*>(&from);
    const ssize_t count = ::recvfrom(socket_.descriptor(), request.data(), request.size(),
                                     MSG_TRUNC, address, &from_bytes);
    if (count < 0) break;
    any = true;
    const std::size_t bytes = std::min(static_cast<std::size_t>(count), request.size());
    line_.ask(client_of(from), std::span{request}.first(bytes), monotonic_ns);
  }
  line_.answer(history, monotonic_ns,
               [this](RerequestLine::Client client, std::span<const std::byte> answer) {
                 const sockaddr_in to = address_of(client);
                 // A full socket loses the answer, as a network may.
                 (void)::sendto(socket_.descriptor(), answer.data(), answer.size(), 0,
                                reinterpret_cast<const sockaddr*>(&to), sizeof to);
               });
  return any;
}

}  // namespace ridley::venue
