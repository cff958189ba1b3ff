// SPDX-License-Identifier: Apache-2.0
#include "control/control_client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "control/config_rules.hpp"

namespace ridley::control {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void nobody(const std::filesystem::path& socket, int error) {
  if (error == ENOENT || error == ECONNREFUSED) {
    throw base::Error::with_exit(EX_UNAVAILABLE, "no appliance listens at ", socket.string(),
                                 "; start ridleyd, or name its socket with --socket");
  }
  throw base::Error::with_exit(error == EACCES ? EX_NOPERM : EX_UNAVAILABLE, socket.string(), ": ",
                               std::strerror(error));
}

base::Descriptor connect_to(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& path = socket.native();
  if (path.empty() || path.size() > kSocketPathMax) {
    throw base::Error::with_exit(EX_USAGE, "the socket's path must have 1 to ", kSocketPathMax,
                                 " characters");
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  base::Descriptor descriptor{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!descriptor) throw base::Error::with_exit(EX_OSERR, "socket: ", std::strerror(errno));
  // A unix socket connects at once or not at all.
  if (::connect(descriptor.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
      0) {
    nobody(socket, errno);
  }
  return descriptor;
}

// Until the descriptor is ready; throws when the time is over.
void await(const base::Descriptor& descriptor, short event, Clock::time_point end) {
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd ready{descriptor.number(), event, 0};
    const int count = left <= 0 ? 0 : ::poll(&ready, 1, static_cast<int>(left));
    if (count > 0) return;
    if (count == 0) {
      throw base::Error::with_exit(EX_UNAVAILABLE, "the appliance does not answer in time");
    }
    if (errno != EINTR) throw base::Error::with_exit(EX_OSERR, "poll: ", std::strerror(errno));
  }
}

void send_all(const base::Descriptor& descriptor, std::string_view line, Clock::time_point end) {
  while (!line.empty()) {
    await(descriptor, POLLOUT, end);
    const ssize_t sent = ::send(descriptor.number(), line.data(), line.size(), MSG_NOSIGNAL);
    // A refusal may lie in the socket although the other end is closed already.
    if (sent < 0 && errno == EPIPE) return;
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
      throw base::Error::with_exit(EX_IOERR, "the appliance is gone: ", std::strerror(errno));
    }
    if (sent > 0) line.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string receive_line(const base::Descriptor& descriptor, Clock::time_point end) {
  std::string received;
  std::array<char, 65'536> bytes;
  while (received.find('\n') == std::string::npos) {
    await(descriptor, POLLIN, end);
    const ssize_t length = ::recv(descriptor.number(), bytes.data(), bytes.size(), 0);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (length <= 0) {
      throw base::Error::with_exit(EX_UNAVAILABLE, "the appliance ended before it answered");
    }
    received.append(bytes.data(), static_cast<std::size_t>(length));
  }
  return received.substr(0, received.find('\n'));
}

}  // namespace

Answer ask(const std::filesystem::path& socket, const Request& request,
           std::chrono::milliseconds timeout) {
  const auto end = Clock::now() + timeout;
  const base::Descriptor descriptor = connect_to(socket);
  send_all(descriptor, request_line(request) + "\n", end);
  return parse_answer(receive_line(descriptor, end));
}

}  // namespace ridley::control
