// SPDX-License-Identifier: Apache-2.0
#include "engine/pinning.hpp"

#include <linux/mempolicy.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>

namespace ridley::engine {
namespace {

template <typename... Parts>
Refusal refused(const Parts&... parts) {
  const int why = errno;
  std::ostringstream text;
  (text << ... << parts);
  text << ": " << std::strerror(why);
  return text.str();
}

std::string list_of(std::span<const std::uint32_t> cores) {
  std::ostringstream text;
  const char* comma = "";
  for (const std::uint32_t core : cores) {
    text << comma << core;
    comma = ",";
  }
  return text.str();
}

}  // namespace

Refusal bind_this_thread(std::span<const std::uint32_t> cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const std::uint32_t core : cores) {
    if (core < CPU_SETSIZE) CPU_SET(core, &set);
  }
  const std::string list = list_of(cores);
  if (::sched_setaffinity(0, sizeof set, &set) == 0) return std::nullopt;
  return refused("a thread cannot be bound to core ", list);
}

Refusal prefer_memory_of_node(std::int32_t numa_node) {
  constexpr std::int32_t kNodes = 1024;
  constexpr std::int32_t kBits = 8 * sizeof(unsigned long);
  std::array<unsigned long, kNodes / kBits> mask{};
  if (numa_node < 0 || numa_node >= kNodes) {
    errno = EINVAL;
    return refused("memory of NUMA node ", numa_node, " cannot be preferred");
  }
  mask[static_cast<std::size_t>(numa_node / kBits)] = 1UL << (numa_node % kBits);
  if (::syscall(SYS_set_mempolicy, MPOL_PREFERRED, mask.data(), kNodes) == 0) return std::nullopt;
  return refused("memory of NUMA node ", numa_node, " cannot be preferred");
}

Refusal lock_memory() {
  if (::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) return std::nullopt;
  const int why = errno;
  rlimit limit{};
  ::getrlimit(RLIMIT_MEMLOCK, &limit);
  errno = why;
  return refused("memory is not locked and may be paged out (the limit is ", limit.rlim_cur / 1024,
                 " KiB, see ulimit -l)");
}

void prefault_stack() noexcept {
  std::array<std::byte, kHotStackBytes> below;
  // Volatile: the writes are the purpose.
  auto* const first = below.data();
  constexpr std::size_t kPageBytes = 4096;
  for (std::size_t i = 0; i < below.size(); i += kPageBytes) {
    static_cast<volatile std::byte*>(first)[i] = std::byte{0};
  }
}

}  // namespace ridley::engine
