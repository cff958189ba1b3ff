// SPDX-License-Identifier: Apache-2.0
// In: which devices a process wants and how much memory they take. Out: DPDK's environment, started
// quietly on whatever pages there are, and ended without leaving a file. Cold; once a process.
#include "nic/dpdk_environment.hpp"

#include <linux/memfd.h>
#include <rte_bus.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <rte_memory.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <mutex>
#include <utility>

#include "base/error.hpp"
#include "nic/dpdk_fast_start.hpp"

namespace ridley::nic {
namespace {

using base::Error;

// Besides packet memory the environment and the drivers take some, 3 MB as measured.
constexpr std::size_t kOwnBytes = 8U << 20;
// Enough for the lines that belong to one failure.
constexpr std::size_t kLogBytesMax = 4096;

struct Log {
  std::mutex mutex;
  std::string text;
};

// Lives as long as the process: DPDK's threads may write until the very end.
Log& log() {
  static Log* const kept = new Log;
  return *kept;
}

ssize_t append_to_log(void*, const char* bytes, std::size_t count) {
  const std::lock_guard lock{log().mutex};
  log().text.append(bytes, count);
  if (log().text.size() > kLogBytesMax) log().text.erase(0, log().text.size() - kLogBytesMax);
  return static_cast<ssize_t>(count);
}

void collect_log() {
  static std::FILE* const stream = [] {
    std::FILE* opened = ::fopencookie(
        nullptr, "w", {.read = nullptr, .write = append_to_log, .seek = nullptr, .close = nullptr});
    if (opened != nullptr) std::setvbuf(opened, nullptr, _IOLBF, 1024);
    return opened;
  }();
  if (stream != nullptr) rte_openlog_stream(stream);
}

std::string list_of(const std::vector<unsigned>& numbers) {
  std::string list;
  for (const unsigned number : numbers) {
    if (!list.empty()) list += ',';
    list += std::to_string(number);
  }
  return list;
}

// Empty in both page modes and of no use afterwards; DPDK would leave it behind, and so would a
// process that is killed.
void remove_runtime_folder() noexcept {
  if (const char* folder = rte_eal_get_runtime_dir()) ::rmdir(folder);
}

// A bus is in the list before the environment starts only when it was linked in.
bool drivers_are_linked_in() noexcept {
  static const bool linked_in = rte_bus_find_by_name("vdev") != nullptr;
  return linked_in;
}

bool would_map(std::size_t bytes, unsigned size_flag, std::size_t page_bytes) noexcept {
  const int file = ::memfd_create("ridley_probe", MFD_CLOEXEC | MFD_HUGETLB | size_flag);
  if (file < 0) return false;
  const std::size_t rounded = (bytes + page_bytes - 1) / page_bytes * page_bytes;
  bool mapped = false;
  if (::ftruncate(file, static_cast<off_t>(rounded)) == 0) {
    // A shared mapping reserves its pages at once or fails; none is touched.
    void* at = ::mmap(nullptr, rounded, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    mapped = at != MAP_FAILED;
    if (mapped) ::munmap(at, rounded);
  }
  ::close(file);
  return mapped;
}

// The virtio_user driver writes to a peer that may be gone; that must not end the process.
void survive_lost_peers() noexcept {
  struct sigaction set{};
  if (::sigaction(SIGPIPE, nullptr, &set) == 0 && set.sa_handler == SIG_DFL) {
    ::signal(SIGPIPE, SIG_IGN);
  }
}

// The environment writes zeros into tables for 64 GB of pages, most of which it never has. What is
// anonymous and zero need not be there; it comes back as zeros should pages ever be added.
int give_back_empty_table(const rte_memseg_list* list, void*) noexcept {
  constexpr std::size_t kPageBytes = 4096;
  const rte_fbarray& table = list->memseg_arr;
  if (list->external != 0 || table.count != 0) return 0;
  // What stands behind the elements, the marks of the used ones, is not zero.
  const std::size_t bytes = std::size_t{table.len} * table.elt_sz / kPageBytes * kPageBytes;
  ::madvise(table.data, bytes, MADV_DONTNEED);
  return 0;
}

std::vector<unsigned> allowed_processors(const cpu_set_t& set) {
  std::vector<unsigned> processors;
  for (unsigned i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) processors.push_back(i);
  }
  return processors;
}

}  // namespace

bool has_driver_for(PortKind kind) noexcept {
  switch (kind) {
    case PortKind::Vhost:
    case PortKind::VirtioUser:
    case PortKind::AfPacket:
    case PortKind::Capture:
    case PortKind::Memory: return true;
    case PortKind::Pci:
    case PortKind::AfXdp:
    case PortKind::DpdkCapture: break;
  }
  return !drivers_are_linked_in();
}

bool huge_pages_free(std::size_t bytes) noexcept {
  const std::size_t all = bytes + kOwnBytes;
  return would_map(all, MFD_HUGE_2MB, std::size_t{2} << 20) ||
         would_map(all, MFD_HUGE_1GB, std::size_t{1} << 30);
}

std::vector<std::string> environment_arguments(const EnvironmentNeeds& needs, bool huge) {
  std::vector<std::string> arguments{
      "--file-prefix=" + needs.file_prefix,
      "--no-telemetry",
      "--log-level=*:warning",
      // One logical core that may run wherever the process may: the environment then pins nothing.
      "--lcores=0@(" + list_of(needs.processors) + ")",
  };
  if (huge) {
    // Nothing on a file system, and one file for the peer of a software wire to map (it takes
    // eight).
    arguments.insert(arguments.end(), {"--in-memory", "--single-file-segments"});
  } else {
    const std::size_t megabytes = (needs.bytes + kOwnBytes + (1U << 20) - 1) >> 20;
    arguments.insert(arguments.end(),
                     {"--no-huge", "--no-shconf", "-m", std::to_string(megabytes)});
  }
  if (needs.pci_addresses.empty()) {
    arguments.insert(arguments.end(), {"--no-pci", "--iova-mode=va"});
  }
  for (const std::string& address : needs.pci_addresses) {
    arguments.insert(arguments.end(), {"-a", address});
  }
  for (const std::string& driver : needs.drivers) {
    arguments.insert(arguments.end(), {"-d", RTE_EAL_PMD_PATH "/librte_" + driver + ".so"});
  }
  return arguments;
}

DpdkEnvironment::DpdkEnvironment(EnvironmentNeeds needs, Pages pages) {
  huge_ = pages != Pages::Small && huge_pages_free(needs.bytes);
  if (pages == Pages::Huge && !huge_) {
    throw Error::with_exit(EX_CONFIG, "huge pages are demanded but ", (needs.bytes >> 20) + 8,
                           " MB of them are not free: sysctl vm.nr_hugepages=64");
  }
  cpu_set_t before;
  CPU_ZERO(&before);
  if (::sched_getaffinity(0, sizeof before, &before) != 0) CPU_SET(0, &before);
  needs.processors = allowed_processors(before);
  if (drivers_are_linked_in()) needs.drivers.clear();

  std::vector<std::string> arguments = environment_arguments(needs, huge_);
  arguments.insert(arguments.begin(), "ridley");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  collect_log();
  survive_lost_peers();
  int started = 0;
  {
    const FastStart fast{needs.pci_addresses.empty()};
    started = rte_eal_init(static_cast<int>(pointers.size()), pointers.data());
  }
  ::sched_setaffinity(0, sizeof before, &before);
  remove_runtime_folder();
  if (started >= 0 && huge_) rte_memseg_list_walk(give_back_empty_table, nullptr);
  if (started < 0) {
    throw Error::with_exit(EX_OSERR, "DPDK does not start: ", rte_strerror(rte_errno), "\n",
                           take_log());
  }
}

DpdkEnvironment::~DpdkEnvironment() { rte_eal_cleanup(); }

std::string DpdkEnvironment::take_log() {
  const std::lock_guard lock{log().mutex};
  return std::exchange(log().text, {});
}

}  // namespace ridley::nic
