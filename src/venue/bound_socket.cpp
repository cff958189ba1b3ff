// SPDX-License-Identifier: Apache-2.0
#include "venue/bound_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace ridley::venue {
namespace {

constexpr int kBacklog = 16;

}  // namespace

BoundSocket::BoundSocket(std::string address, std::uint16_t port, Kind kind)
    : address_{std::move(address)}, kind_{kind}, port_{port} {
  open();
}

void BoundSocket::open() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  if (::inet_pton(AF_INET, address_.c_str(), &address.sin_addr) != 1) {
    throw base::Error::with_exit(EX_USAGE, "order address ", address_, " is not an IPv4 address");
  }
  const bool listens = kind_ == Kind::Tcp;
  const int type = listens ? SOCK_STREAM : SOCK_DGRAM;
  descriptor_ = ::socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (listens) ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  if (::bind(descriptor_, name, sizeof address) != 0 ||
      (listens && ::listen(descriptor_, kBacklog) != 0)) {
    const int cause = errno;
    close();
    throw base::Error::with_exit(EX_UNAVAILABLE, "port ", address_, ":", port_, ": ",
                                 std::strerror(cause));
  }
  socklen_t size = sizeof address;
  ::getsockname(descriptor_, name, &size);
  port_ = ntohs(address.sin_port);
}

void BoundSocket::close() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

int BoundSocket::accept() const noexcept {
  if (descriptor_ < 0) return -1;
  const int client = ::accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  const int on = 1;
  if (client >= 0) ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return client;
}

}  // namespace ridley::venue
