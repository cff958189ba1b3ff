// SPDX-License-Identifier: Apache-2.0
// In: the simulated card's program and what its port is bound to. Out: a card of our own that
// listens at a socket nobody else knows, and that ends when we do, however we end. Cold.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/descriptor.hpp"

namespace ridley::control {

// Where the parts of the simulated card are: beside the program as built, or installed.
struct SimulatedCard {
  std::filesystem::path program;
  std::filesystem::path folder;     // for XRT
  std::filesystem::path bitstream;  // of Ridley's card

  // Throws base::Error (EX_UNAVAILABLE) when it was not built.
  [[nodiscard]] static SimulatedCard find();
};

class CardProcess {
 public:
  // Starts the program with these words and a socket, and waits until it listens. From here on
  // XRT in this process knows that card and no other. Throws base::Error (EX_UNAVAILABLE).
  CardProcess(const SimulatedCard& card, std::vector<std::string> words);
  ~CardProcess();
  CardProcess(const CardProcess&) = delete;
  CardProcess& operator=(const CardProcess&) = delete;

  // XRT has found it: nobody else shall, and no file stays behind.
  void hide() noexcept;

  // Throws base::Error (EX_IOERR), with its last words, when it has ended.
  void must_run();

 private:
  void start(std::vector<std::string> words);
  void wait_until_it_listens();
  [[nodiscard]] bool listens() const;
  [[nodiscard]] std::string last_words() const;

  std::filesystem::path folder_;
  std::string socket_;
  base::Descriptor said_;  // what it writes
  pid_t process_ = -1;
};

}  // namespace ridley::control
