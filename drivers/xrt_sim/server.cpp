// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "xrt_sim/message_socket.hpp"

namespace ridley::xrt_sim {
namespace {

using base::Error;

constexpr std::size_t kHostsMax = 64;

// Makes way: a file that a killed card left behind goes, a card that listens stays.
void make_way(const std::string& path) {
  struct stat facts{};
  if (::lstat(path.c_str(), &facts) != 0) return;
  if (!S_ISSOCK(facts.st_mode)) {
    throw Error::with_exit(EX_CANTCREAT, path, ": is there, and is no socket");
  }
  const Descriptor other = connect_to(path, 0);
  if (other || errno != ECONNREFUSED) {
    ucred process{};
    socklen_t bytes = sizeof process;
    ::getsockopt(other.number(), SOL_SOCKET, SO_PEERCRED, &process, &bytes);
    throw Error::with_exit(EX_UNAVAILABLE, path, ": another card listens there already (process ",
                           process.pid, ")");
  }
  ::unlink(path.c_str());
}

}  // namespace

Server::Server(std::string path, Card& card, const std::vector<int>& files)
    : path_{std::move(path)}, card_{card}, files_{files} {
  make_way(path_);
  const mode_t before = ::umask(0077);
  listener_ = listen_on(path_);
  const int cause = errno;
  ::umask(before);
  if (!listener_) throw Error::with_exit(EX_CANTCREAT, path_, ": ", std::strerror(cause));
}

Server::~Server() { ::unlink(path_.c_str()); }

bool Server::serve(int wait_ms) {
  waits_.clear();
  waits_.push_back({listener_.number(), POLLIN, 0});
  for (const Host& host : hosts_) waits_.push_back({host.socket.number(), POLLIN, 0});
  for (const int file : files_) waits_.push_back({file, POLLIN, 0});
  if (::poll(waits_.data(), waits_.size(), wait_ms) <= 0) return false;
  std::size_t host = 0;
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    // Hosts that stay move up.
    if (waits_[i + 1].revents == 0 || serve(hosts_[i])) {
      if (host != i) hosts_[host] = std::move(hosts_[i]);
      ++host;
    } else {
      card_.forget(hosts_[i].owner);
    }
  }
  hosts_.resize(host);
  if (waits_[0].revents != 0) welcome();
  return true;
}

// All that knock: there is a limit to how many wait.
void Server::welcome() {
  for (;;) {
    Descriptor socket{
        ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (!socket) return;
    if (hosts_.size() < kHostsMax) hosts_.push_back({next_owner_++, std::move(socket)});
  }
}

bool Server::serve(Host& host) {
  Request request;
  Descriptor file;
  const Transfer received = receive_message(host.socket.number(), request, file);
  if (received == Transfer::NotNow) return true;
  if (received == Transfer::Over || request.protocol != kProtocol) return false;
  const Answer answer = card_.serve(host.owner, request, file);
  // A host that does not take its answers has no room for them: it is gone, or as good as.
  return send_message(host.socket.number(), answer) == Transfer::Done;
}

}  // namespace ridley::xrt_sim
