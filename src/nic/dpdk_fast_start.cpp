// SPDX-License-Identifier: Apache-2.0
// In: calls of three C library functions from anywhere. Out: what the library would say, except to
// the thread that holds a FastStart. The definitions here win over libc's for the DPDK libraries,
// because a program's own symbols come first. Cold.
#include "nic/dpdk_fast_start.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string_view>
#include <system_error>

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

// The number behind a word at the front of the text, both taken away; -1 when it is not there.
int take_number_after(std::string_view word, std::string_view& text) noexcept {
  if (!text.starts_with(word)) return -1;
  int number = -1;
  const auto [end, error] =
      std::from_chars(text.data() + word.size(), text.data() + text.size(), number);
  if (error != std::errc{}) return -1;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// Whether what stands behind kProcessorFolder names a processor or a node beyond the last one. It
// is asked 5,000 times, so not by sscanf.
bool names_no_processor(std::string_view name) noexcept {
  static const long processors = ::sysconf(_SC_NPROCESSORS_CONF);
  static const int nodes = count_nodes();
  const int node = take_number_after("node/node", name);
  const int processor = take_number_after(node < 0 ? "cpu/cpu" : "/cpu", name);
  return processor >= processors || (node >= nodes && processor >= 0);
}

}  // namespace

FastStart::FastStart(bool skip_driver_scan) noexcept : slack_ns_{::prctl(PR_GET_TIMERSLACK)} {
  // The environment waits for its threads in naps of 1 us, which take 50 more by default.
  ::prctl(PR_SET_TIMERSLACK, 1UL);
  starting = true;
  skip_next_driver_scan = skip_driver_scan;
}

FastStart::~FastStart() {
  starting = skip_next_driver_scan = false;
  ::prctl(PR_SET_TIMERSLACK, static_cast<unsigned long>(slack_ns_));
}

}  // namespace ridley::nic

extern "C" {

int nanosleep(const timespec* wanted, timespec* left) {
  timespec pause = *wanted;
  constexpr long kLongestNs = 200'000;
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
      names_no_processor(path + sizeof kProcessorFolder - 1)) {
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
