// SPDX-License-Identifier: Apache-2.0
#include "control/start_clock.hpp"

#include <fmt/format.h>

#include <ctime>

namespace ridley::control {
namespace {

std::chrono::nanoseconds processor_time() noexcept {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

}  // namespace

StartClock::StartClock() noexcept
    : before_main_{processor_time()}, main_{std::chrono::steady_clock::now()} {}

double StartClock::milliseconds() const noexcept {
  const auto passed = before_main_ + (std::chrono::steady_clock::now() - main_);
  return std::chrono::duration<double, std::milli>{passed}.count();
}

void StartClock::done(std::string_view step) { steps_.push_back({step, milliseconds()}); }

std::string StartClock::report() const {
  std::string lines;
  for (const Step& step : steps_) {
    lines += fmt::format("{:8.2f} ms {}\n", step.milliseconds, step.name);
  }
  return lines;
}

}  // namespace ridley::control
