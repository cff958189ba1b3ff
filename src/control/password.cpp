// SPDX-License-Identifier: Apache-2.0
#include "control/password.hpp"

#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "base/error.hpp"

namespace ridley::control {
namespace {

// No echo as long as it lives. Ctrl-C ends the program before: a shell sets its terminal right.
class Silence {
 public:
  Silence() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_silent_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~Silence() {
    if (!is_silent_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cerr << '\n';
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  bool is_silent_ = false;
};

}  // namespace

std::string read_password(std::string_view prompt) {
  if (::isatty(STDIN_FILENO) != 0) std::cerr << prompt << ": " << std::flush;
  const Silence silence;
  std::string password;
  if (!std::getline(std::cin, password)) {
    throw base::Error::with_exit(EX_NOINPUT, "a password is needed: type it, or give it as a line");
  }
  return password;
}

}  // namespace ridley::control
