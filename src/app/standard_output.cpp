// SPDX-License-Identifier: Apache-2.0
#include "app/standard_output.hpp"

#include <poll.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "base/error.hpp"

namespace ridley::app {

bool standard_output_has_no_reader() noexcept {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

void end_quietly_without_reader() {
  struct sigaction action{};
  // poll and _exit may be called in a signal's action.
  action.sa_handler = [](int) {
    if (standard_output_has_no_reader()) ::_exit(EX_OK);
  };
  ::sigaction(SIGPIPE, &action, nullptr);
}

void finish_standard_output() {
  errno = 0;
  std::cout.flush();
  const bool failed = !std::cout || std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  if (!failed || standard_output_has_no_reader()) return;
  const int error = errno != 0 ? errno : EIO;
  throw base::Error::with_exit(EX_IOERR, "standard output: ", std::strerror(error));
}

}  // namespace ridley::app
