// SPDX-License-Identifier: Apache-2.0
#include "nic/udp_socket.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "base/error.hpp"

namespace ridley::nic {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* first) const noexcept { freeaddrinfo(first); }
};

}  // namespace

UdpSocket::UdpSocket(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_DGRAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (failure != 0)
    throw base::Error::with_exit(EX_NOHOST, "cannot find ", host, ": ", gai_strerror(failure));
  const std::unique_ptr<addrinfo, FreeAddresses> addresses{found};
  descriptor_ = ::socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  // Connected: the kernel drops what comes from anywhere else.
  if (descriptor_ < 0 || ::connect(descriptor_, found->ai_addr, found->ai_addrlen) != 0) {
    const int error = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    throw base::Error::with_exit(EX_OSERR, "no UDP socket to ", host, " port ", port, ": ",
                                 std::strerror(error));
  }
}

UdpSocket::UdpSocket(UdpSocket&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)} {}

UdpSocket::~UdpSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool UdpSocket::send(std::span<const std::byte> datagram) noexcept {
  return ::send(descriptor_, datagram.data(), datagram.size(), 0) >= 0;
}

// A server that is not there answers with a refusal, which is an error once: it is no datagram.
std::optional<std::size_t> UdpSocket::receive(std::span<std::byte> into) noexcept {
  const ssize_t count = ::recv(descriptor_, into.data(), into.size(), 0);
  if (count < 0) return std::nullopt;
  return static_cast<std::size_t>(count);
}

}  // namespace ridley::nic
