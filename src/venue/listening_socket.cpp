// SPDX-License-Identifier: Apache-2.0
#include "venue/listening_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace ridley::venue {
namespace {

constexpr int kBacklog = 16;

}  // namespace

int open_bound(const BoundSocket& wanted) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(wanted.port);
  if (::inet_pton(AF_INET, wanted.address.c_str(), &address.sin_addr) != 1) {
    throw base::Error::with_exit(EX_USAGE, "order address ", wanted.address,
                                 " is not an IPv4 address");
  }
  const int descriptor = ::socket(AF_INET, wanted.type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  const bool listens = wanted.type == SOCK_STREAM;
  if (listens) ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      (listens && ::listen(descriptor, kBacklog) != 0)) {
    const int cause = errno;
    ::close(descriptor);
    throw base::Error::with_exit(EX_UNAVAILABLE, "port ", wanted.address, ":", wanted.port, ": ",
                                 std::strerror(cause));
  }
  return descriptor;
}

std::uint16_t bound_port(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

int accept_client(int descriptor) {
  const int client = ::accept4(descriptor, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  const int on = 1;
  if (client >= 0) ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return client;
}

}  // namespace ridley::venue
