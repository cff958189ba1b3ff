// SPDX-License-Identifier: Apache-2.0
#include "control/own_costs.hpp"

#include <time.h>

#include <fstream>
#include <string>
#include <string_view>

namespace ridley::control {

std::uint64_t thread_cpu_ns() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

double own_memory_mb() {
  std::ifstream status{"/proc/self/status"};
  std::uint64_t bytes = 0;
  for (std::string line; std::getline(status, line);) {
    for (const std::string_view name : {"RssAnon:", "HugetlbPages:"}) {
      if (line.starts_with(name)) bytes += std::stoull(line.substr(name.size())) * 1024;
    }
  }
  return static_cast<double>(bytes) / 1e6;
}

}  // namespace ridley::control
