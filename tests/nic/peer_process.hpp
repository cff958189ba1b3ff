// SPDX-License-Identifier: Apache-2.0
// In: a command line. Out: a process whose lines a test can wait for, whose standard input it can
// close, and which does not outlive the test.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

extern char** environ;

namespace ridley::nic::test {

// Generous: the processor may be busy with something else.
inline constexpr std::chrono::seconds kProcessPatience{30};

class PeerProcess {
 public:
  explicit PeerProcess(std::vector<std::string> arguments) {
    int input[2];
    int output[2];
    if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0) std::abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    if (::posix_spawnp(&id_, pointers[0], &actions, nullptr, pointers.data(), environ) != 0) {
      id_ = -1;
    }
    posix_spawn_file_actions_destroy(&actions);
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    output_ = output[0];
  }
  ~PeerProcess() {
    if (id_ > 0) kill();
    close_input();
    ::close(output_);
  }
  PeerProcess(const PeerProcess&) = delete;
  PeerProcess& operator=(const PeerProcess&) = delete;

  // The first line from now on that contains the text; nothing at the end or when it takes too
  // long.
  std::optional<std::string> wait_for(const std::string& text) {
    const auto end = std::chrono::steady_clock::now() + kProcessPatience;
    while (true) {
      if (auto line = take_line()) {
        seen_ += *line + '\n';
        if (line->find(text) != std::string::npos) return line;
        continue;
      }
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
      pollfd output{.fd = output_, .events = POLLIN, .revents = 0};
      if (left.count() <= 0 || ::poll(&output, 1, static_cast<int>(left.count())) <= 0) return {};
      char bytes[4096];
      const ssize_t count = ::read(output_, bytes, sizeof bytes);
      if (count <= 0) return {};
      pending_.append(bytes, static_cast<std::size_t>(count));
    }
  }

  void close_input() {
    if (input_ >= 0) ::close(input_);
    input_ = -1;
  }
  void interrupt() const { ::kill(id_, SIGINT); }
  void kill() {
    ::kill(id_, SIGKILL);
    static_cast<void>(wait());
  }
  // The exit code; 128 and more for a signal.
  int wait() {
    int status = 0;
    ::waitpid(id_, &status, 0);
    id_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  [[nodiscard]] pid_t id() const { return id_; }
  // What it has said so far.
  [[nodiscard]] const std::string& seen() const { return seen_; }

 private:
  std::optional<std::string> take_line() {
    const std::size_t end = pending_.find('\n');
    if (end == std::string::npos) return {};
    std::string line = pending_.substr(0, end);
    pending_.erase(0, end + 1);
    return line;
  }

  pid_t id_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string pending_;
  std::string seen_;
};

inline std::string wire_peer_path() {
  const char* build = std::getenv("RIDLEY_BUILD_FOLDER");
  return std::string{build != nullptr ? build : "."} + "/tests/nic/nic_wire_peer";
}

}  // namespace ridley::nic::test
