// SPDX-License-Identifier: Apache-2.0
// In: calls of three C library functions from anywhere. Out: what the library would say, except to
// the thread that holds a FastStart. The definitions here win over libc's for the DPDK libraries,
// because a program's own symbols come first. Cold.
#include "nic/dpdk_fast_start.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace ridley::nic {
namespace {

thread_local bool starting = false;
// The first question for the folder of drivers is whether to scan it; later ones check who may
// write to the drivers that were named.
thread_local bool skip_next_driver_scan = false;

constexpr char kProcessorFolder[] = "/sys/devices/system/";

int access_of_kernel(const char* path, int mode) noexcept {
  return static_cast<int>(::syscall(SYS_faccessat, AT_FDCWD, path, mode));
}

int count_nodes() noexcept {
  char path[64];
  int nodes = 0;
  do {
    std::snprintf(path, sizeof path, "/sys/devices/system/node/node%d", nodes);
  } while (access_of_kernel(path, F_OK) == 0 && ++nodes < 1024);
  return nodes;
}

// Whether the path names a processor or a node beyond the last one.
bool names_no_processor(const char* path) noexcept {
  static const long processors = ::sysconf(_SC_NPROCESSORS_CONF);
  static const int nodes = count_nodes();
  int node = 0;
  int processor = 0;
  if (std::sscanf(path, "/sys/devices/system/node/node%d/cpu%d", &node, &processor) == 2) {
    return node >= nodes || processor >= processors;
  }
  return std::sscanf(path, "/sys/devices/system/cpu/cpu%d/", &processor) == 1 &&
         processor >= processors;
}

}  // namespace

FastStart::FastStart(bool skip_driver_scan) noexcept {
  starting = true;
  skip_next_driver_scan = skip_driver_scan;
}

FastStart::~FastStart() { starting = skip_next_driver_scan = false; }

}  // namespace ridley::nic

extern "C" {

int nanosleep(const timespec* wanted, timespec* left) {
  timespec pause = *wanted;
  constexpr long kLongestNs = 1'000'000;
  const bool cut = ridley::nic::starting && pause.tv_sec == 0 && pause.tv_nsec > kLongestNs;
  if (cut) pause.tv_nsec = kLongestNs;
  const int error = ::clock_nanosleep(CLOCK_REALTIME, 0, &pause, left);
  if (error == 0) return 0;
  errno = error;
  return -1;
}

int access(const char* path, int mode) noexcept {
  using namespace ridley::nic;
  if (starting && std::strncmp(path, kProcessorFolder, sizeof kProcessorFolder - 1) == 0 &&
      names_no_processor(path)) {
    errno = ENOENT;
    return -1;
  }
  return access_of_kernel(path, mode);
}

int stat64(const char* path, struct stat64* result) noexcept {
  if (ridley::nic::skip_next_driver_scan && std::strstr(path, "/dpdk/pmds-") != nullptr) {
    ridley::nic::skip_next_driver_scan = false;
    errno = ENOENT;
    return -1;
  }
  return ::fstatat64(AT_FDCWD, path, result, 0);
}

}  // extern "C"
