// SPDX-License-Identifier: Apache-2.0
#include "app/stop_signals.hpp"

#include <signal.h>
#include <unistd.h>

namespace ridley::app {
namespace {

std::atomic<bool> stop_wanted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "it is written in a signal's action");

constexpr int kSignalExit = 128;

void on_signal(int number) {
  if (stop_wanted.exchange(true)) ::_exit(kSignalExit + number);
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  // Waiting calls end with EINTR, so that the flag is seen at once.
  for (const int number : {SIGTERM, SIGINT}) ::sigaction(number, &action, nullptr);
  return stop_wanted;
}

}  // namespace ridley::app
