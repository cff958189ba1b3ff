// SPDX-License-Identifier: Apache-2.0
// In: requests of operators, one line of JSON each, over a unix socket. Out: answers, one line
// each. The control core polls it; nothing here blocks longer than the poll was allowed to.
//
// Only the appliance's own user, root and, if so configured, its group are answered. An operator
// who sends nothing cannot keep another out: at the limit the longest silent one has to go.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "base/instance_lock.hpp"
#include "control/config.hpp"
#include "control/dispatcher.hpp"

namespace ridley::control {

// A request is a line of some hundred bytes; the rest is room for long lists of limits.
inline constexpr std::size_t kRequestBytesMax = 65'536;
// Answers that an operator does not take away.
inline constexpr std::size_t kUnreadBytesMax = 4 * 1'048'576;
inline constexpr std::size_t kOperatorsMax = 16;

// The process at the other end, as the kernel names it.
struct Peer {
  uid_t user = 0;
  std::vector<gid_t> groups;
  pid_t process = 0;
};

// The appliance's own user and group are `owner` (its first group).
[[nodiscard]] bool may_command(const Peer& peer, const Peer& owner, Permissions permissions);

class ControlSocket {
 public:
  // Locks <path>.lock, takes the place of a socket that nobody serves, and listens. EX_TEMPFAIL
  // when another appliance serves it, EX_CANTCREAT when the path is something else.
  ControlSocket(std::filesystem::path path, Permissions permissions, Operations operations);
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  // Serves whoever is ready, waiting for the first one at most that long.
  void poll(std::chrono::milliseconds wait);

  // Sends the answers that are still queued; for the end.
  void drain(std::chrono::milliseconds wait);

 private:
  struct Operator {
    base::Descriptor descriptor;
    std::string name;  // "uid 1000 pid 4711"
    std::string received;
    std::string unsent;
    std::uint64_t last_heard = 0;
    bool closing = false;
  };

  void accept_one();
  void make_room();
  void receive(Operator& who);
  static void hang_up(Operator& who);
  void answer_lines(Operator& who);
  static void send(Operator& who);

  std::filesystem::path path_;
  Permissions permissions_;
  Operations operations_;
  base::InstanceLock lock_;
  base::Descriptor listener_;
  std::vector<Operator> operators_;
  std::uint64_t heard_ = 0;  // counts requests, so that silence is an order and not a time
};

}  // namespace ridley::control
