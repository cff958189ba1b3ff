// SPDX-License-Identifier: Apache-2.0
// In: work to measure. Out: what this thread and this process have used for it. Cold.
#pragma once

#include <cstdint>

namespace ridley::control {

// Processor time of the calling thread: another's turn on the same core does not count.
[[nodiscard]] std::uint64_t thread_cpu_ns() noexcept;

// Memory of the process's own, huge pages with it (RssAnon and HugetlbPages), in 10^6 bytes;
// mappings of files, as the day's, are not counted.
[[nodiscard]] double own_memory_mb();

// What one of the count units that pass does took.
template <typename Pass>
[[nodiscard]] double ns_for_each(std::uint64_t count, Pass&& pass) {
  const std::uint64_t begin = thread_cpu_ns();
  pass();
  return static_cast<double>(thread_cpu_ns() - begin) / static_cast<double>(count);
}

// What the compiler cannot see used elsewhere is used here: all of it must be in memory.
template <typename Value>
void keep(const Value& value) noexcept {
  asm volatile("" : : "r"(&value) : "memory");
}

}  // namespace ridley::control
