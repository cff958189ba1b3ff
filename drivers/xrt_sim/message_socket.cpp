// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/message_socket.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace ridley::xrt_sim {
namespace {

constexpr int kWaitingMax = 64;  // hosts that knock at once

union FileMessage {
  cmsghdr header;
  std::array<char, CMSG_SPACE(sizeof(int))> room;
};

// False, with errno, when the path does not fit.
bool fill(sockaddr_un& address, const std::string& path) {
  address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return false;
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return true;
}

Descriptor message_socket(int more = 0) {
  return Descriptor{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | more, 0)};
}

Transfer failed() {
  const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return later ? Transfer::NotNow : Transfer::Over;
}

void take_file(msghdr& envelope, Descriptor& file) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&envelope); part != nullptr;
       part = CMSG_NXTHDR(&envelope, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    int number = -1;
    std::memcpy(&number, CMSG_DATA(part), sizeof number);
    file = Descriptor{number};
  }
}

}  // namespace

std::string socket_path() {
  const char* chosen = std::getenv("RIDLEY_CARD_SIM");
  if (chosen != nullptr && chosen[0] != '\0') return chosen;
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const std::string user = std::to_string(::getuid());
  const std::string run = runtime != nullptr && runtime[0] != '\0' ? runtime : "/run/user/" + user;
  if (::access(run.c_str(), W_OK) == 0) return run + "/ridley-card-sim";
  return "/tmp/ridley-card-sim-" + user;
}

Descriptor connect_to(const std::string& path, int wait_ms) {
  sockaddr_un address;
  Descriptor made = message_socket();
  if (!made || !fill(address, path)) return {};
  // Zero would be for ever.
  const timeval limit{.tv_sec = wait_ms / 1'000, .tv_usec = wait_ms % 1'000 * 1'000 + 1};
  ::setsockopt(made.number(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const auto* at = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(made.number(), at, sizeof address) != 0) return {};
  return made;
}

Descriptor listen_on(const std::string& path) {
  sockaddr_un address;
  Descriptor made = message_socket(SOCK_NONBLOCK);
  if (!made || !fill(address, path)) return {};
  const auto* at = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(made.number(), at, sizeof address) != 0) return {};
  if (::listen(made.number(), kWaitingMax) != 0) return {};
  return made;
}

Transfer send_message(int socket, std::span<const std::byte> message, int file) {
  iovec part{const_cast<std::byte*>(message.data()), message.size()};
  msghdr envelope{};
  envelope.msg_iov = &part;
  envelope.msg_iovlen = 1;
  FileMessage with_file{};
  if (file >= 0) {
    envelope.msg_control = with_file.room.data();
    envelope.msg_controllen = with_file.room.size();
    cmsghdr* header = CMSG_FIRSTHDR(&envelope);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof file);
    std::memcpy(CMSG_DATA(header), &file, sizeof file);
  }
  const ssize_t sent = ::sendmsg(socket, &envelope, MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent == static_cast<ssize_t>(message.size()) ? Transfer::Done : failed();
}

Transfer receive_message(int socket, std::span<std::byte> message, Descriptor& file) {
  iovec part{message.data(), message.size()};
  FileMessage with_file{};
  msghdr envelope{};
  envelope.msg_iov = &part;
  envelope.msg_iovlen = 1;
  envelope.msg_control = with_file.room.data();
  envelope.msg_controllen = with_file.room.size();
  const ssize_t got = ::recvmsg(socket, &envelope, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0) return failed();
  take_file(envelope, file);
  const bool whole =
      got == static_cast<ssize_t>(message.size()) && !(envelope.msg_flags & MSG_TRUNC);
  return whole ? Transfer::Done : Transfer::Over;
}

}  // namespace ridley::xrt_sim
