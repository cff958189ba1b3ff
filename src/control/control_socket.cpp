// SPDX-License-Identifier: Apache-2.0
#include "control/control_socket.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "control/config_rules.hpp"

namespace ridley::control {
namespace {

constexpr int kBacklog = 16;
constexpr std::size_t kGroupsMax = 1'024;

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.empty() || text.size() > kSocketPathMax) {
    throw base::Error::with_exit(EX_CONFIG, "the socket's path '", text, "' must have 1 to ",
                                 kSocketPathMax, " characters");
  }
  std::copy(text.begin(), text.end(), address.sun_path);
  return address;
}

// The lock is held, so whoever bound the path is gone.
void remove_stale(const std::filesystem::path& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) {
    throw base::Error::with_exit(EX_CANTCREAT, path.string(), " is in the way and is not a socket");
  }
  ::unlink(path.c_str());
}

base::Descriptor listen_at(const std::filesystem::path& path, Permissions permissions) {
  const sockaddr_un address = address_of(path);
  remove_stale(path);
  base::Descriptor listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!listener) throw base::Error::with_exit(EX_OSERR, "socket: ", std::strerror(errno));

  // Set before the path exists, so that it is never open to more than it should be.
  const mode_t mode = permissions == Permissions::Group ? 0660 : 0600;
  const bool bound =
      ::fchmod(listener.number(), 0600) == 0 &&
      ::bind(listener.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (!bound || ::chmod(path.c_str(), mode) != 0 || ::listen(listener.number(), kBacklog) != 0) {
    throw base::Error::with_exit(errno == EACCES ? EX_NOPERM : EX_CANTCREAT, path.string(), ": ",
                                 std::strerror(errno));
  }
  return listener;
}

std::optional<Peer> peer_of(int descriptor) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
  Peer peer{credentials.uid, {credentials.gid}, credentials.pid};
  std::array<gid_t, kGroupsMax> groups{};
  size = sizeof groups;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0) {
    peer.groups.insert(peer.groups.end(), groups.begin(), groups.begin() + size / sizeof(gid_t));
  }
  return peer;
}

}  // namespace

bool may_command(const Peer& peer, const Peer& owner, Permissions permissions) {
  if (peer.user == 0 || peer.user == owner.user) return true;
  if (permissions != Permissions::Group || owner.groups.empty()) return false;
  return std::find(peer.groups.begin(), peer.groups.end(), owner.groups.front()) !=
         peer.groups.end();
}

ControlSocket::ControlSocket(std::filesystem::path path, Permissions permissions,
                             Operations operations)
    : path_{std::move(path)},
      permissions_{permissions},
      operations_{std::move(operations)},
      lock_{path_.string() + ".lock"},
      listener_{listen_at(path_, permissions)} {}

ControlSocket::~ControlSocket() { ::unlink(path_.c_str()); }

void ControlSocket::poll(std::chrono::milliseconds wait) {
  std::vector<pollfd> ready{{listener_.number(), POLLIN, 0}};
  for (const Operator& who : operators_) {
    // Nothing more is read of one who is closing, and its end would always be ready.
    const int wanted = (who.closing ? 0 : POLLIN) | (who.unsent.empty() ? 0 : POLLOUT);
    ready.push_back({who.descriptor.number(), static_cast<short>(wanted), 0});
  }
  if (::poll(ready.data(), ready.size(), static_cast<int>(wait.count())) <= 0) return;

  // Before accepting, which changes the list.
  for (std::size_t i = 0; i < operators_.size(); ++i) {
    const int events = ready[i + 1].revents;
    if ((events & POLLOUT) != 0) send(operators_[i]);
    if ((events & POLLIN) != 0) receive(operators_[i]);
    if ((events & (POLLHUP | POLLERR)) != 0) hang_up(operators_[i]);
  }
  std::erase_if(operators_, [](const Operator& who) { return who.closing && who.unsent.empty(); });
  if ((ready[0].revents & POLLIN) != 0) accept_one();
}

void ControlSocket::drain(std::chrono::milliseconds wait) {
  const auto end = std::chrono::steady_clock::now() + wait;
  for (Operator& who : operators_) {
    while (!who.unsent.empty() && std::chrono::steady_clock::now() < end) {
      pollfd ready{who.descriptor.number(), POLLOUT, 0};
      if (::poll(&ready, 1, static_cast<int>(wait.count())) > 0) send(who);
    }
  }
}

void ControlSocket::accept_one() {
  base::Descriptor descriptor{
      ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
  // The operator may be gone already.
  if (!descriptor) return;
  const std::optional<Peer> peer = peer_of(descriptor.number());
  if (!peer) return;
  make_room();
  Operator& who = operators_.emplace_back();
  who.descriptor = std::move(descriptor);
  who.name = "uid " + std::to_string(peer->user) + " pid " + std::to_string(peer->process);
  who.last_heard = ++heard_;
  if (may_command(*peer, {::geteuid(), {::getegid()}, ::getpid()}, permissions_)) return;

  who.closing = true;
  who.unsent = answer_line({false, EX_NOPERM, "this user may not command the appliance", {}});
  who.unsent += '\n';
  if (operations_.audit) operations_.audit(who.name + ": refused, not permitted");
  send(who);
}

void ControlSocket::make_room() {
  if (operators_.size() < kOperatorsMax) return;
  operators_.erase(std::min_element(operators_.begin(), operators_.end(),
                                    [](const Operator& left, const Operator& right) {
                                      return left.last_heard < right.last_heard;
                                    }));
}

void ControlSocket::receive(Operator& who) {
  std::array<char, 4096> bytes;
  // A poll hands over what has come; the bound leaves the others their turn.
  constexpr std::size_t kReadsMax = kRequestBytesMax / sizeof bytes;
  for (std::size_t i = 0; i < kReadsMax && !who.closing; ++i) {
    const ssize_t length = ::recv(who.descriptor.number(), bytes.data(), bytes.size(), 0);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (length <= 0) {
      if (length < 0) return hang_up(who);
      who.closing = true;
      return;
    }
    who.received.append(bytes.data(), static_cast<std::size_t>(length));
    answer_lines(who);
  }
}

void ControlSocket::hang_up(Operator& who) {
  // Both directions are closed: a request that came before was read just now, its answer is lost.
  who.closing = true;
  who.unsent.clear();
}

void ControlSocket::answer_lines(Operator& who) {
  std::size_t end = 0;
  while (!who.closing && (end = who.received.find('\n')) != std::string::npos) {
    const std::string line = who.received.substr(0, end);
    who.received.erase(0, end + 1);
    who.last_heard = ++heard_;
    who.unsent += dispatch(operations_, line, who.name) + '\n';
    send(who);
    if (who.unsent.size() > kUnreadBytesMax) hang_up(who);
  }
  if (who.received.size() <= kRequestBytesMax) return;
  who.received.clear();
  who.closing = true;
  who.unsent += answer_line({false, EX_DATAERR, "the request is too long", {}}) + '\n';
  send(who);
}

void ControlSocket::send(Operator& who) {
  const ssize_t sent =
      ::send(who.descriptor.number(), who.unsent.data(), who.unsent.size(), MSG_NOSIGNAL);
  if (sent >= 0) {
    who.unsent.erase(0, static_cast<std::size_t>(sent));
  } else if (errno != EAGAIN && errno != EINTR) {
    hang_up(who);
  }
}

}  // namespace ridley::control
