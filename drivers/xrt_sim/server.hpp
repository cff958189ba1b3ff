// SPDX-License-Identifier: Apache-2.0
// In: a path. Out: the card's hosts, each with its connection: their requests go to the card, its
// answers go back. Cold; one thread.
#pragma once

#include <poll.h>

#include <string>
#include <vector>

#include "xrt_sim/card.hpp"
#include "xrt_sim/mapping.hpp"

namespace ridley::xrt_sim {

class Server {
 public:
  // Throws base::Error when another card listens there. Files are waited at beside the hosts.
  Server(std::string path, Card& card, const std::vector<int>& files);
  // Removes the socket.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves what has come; waits so long for something to come. True: something had.
  bool serve(int wait_ms);
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  struct Host {
    int owner;
    Descriptor socket;
  };

  void welcome();
  // False: the host has gone.
  bool serve(Host& host);

  std::string path_;
  Card& card_;
  std::vector<int> files_;
  Descriptor listener_;
  std::vector<Host> hosts_;
  std::vector<pollfd> waits_;
  int next_owner_ = 1;
};

}  // namespace ridley::xrt_sim
