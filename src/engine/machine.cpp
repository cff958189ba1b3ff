// SPDX-License-Identifier: Apache-2.0
#include "engine/machine.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "base/error.hpp"

namespace ridley::engine {
namespace {

using Numbers = std::vector<std::uint32_t>;

constexpr std::uint32_t kCoreMax = 4095;

// Empty when there is no such file. All of these fit: a list of 4,096 single cores has 19 KB.
std::string text_of(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::array<char, 32'768> buffer;
  const ssize_t got = ::read(file, buffer.data(), buffer.size());
  ::close(file);
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

Numbers list_in(const std::string& path) { return parse_core_list(text_of(path)); }

bool is_in(std::span<const std::uint32_t> numbers, std::uint32_t number) {
  return std::ranges::find(numbers, number) != numbers.end();
}

// The path of the process in the hierarchy that has cpusets: "0::/PATH" where there is but one,
// "N:cpuset:/PATH" in the older form.
std::optional<std::string> path_after(const std::string& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t begin = at + mark.size();
  return text.substr(begin, text.find('\n', begin) - begin);
}

// Nothing where there are no cpusets: then every core is in it.
std::optional<Numbers> cpuset_of_process(const std::string& root) {
  const std::string groups = text_of(root + "/proc/self/cgroup");
  std::string folder = root + "/sys/fs/cgroup";
  const char* file = "/cpuset.cpus.effective";
  std::optional<std::string> path = path_after(groups, ":cpuset:");
  if (path) {
    folder += "/cpuset";
    file = "/cpuset.effective_cpus";
  } else {
    path = path_after(groups, "0::");
  }
  // A group without the controller has its nearest parent's cores.
  while (path) {
    if (Numbers cores = list_in(folder + *path + file); !cores.empty()) return cores;
    const std::size_t slash = path->rfind('/');
    if (slash == std::string::npos) break;
    path->resize(slash);
  }
  return std::nullopt;
}

// Isolated cores are in nobody's mask from the start, and may be chosen all the same.
Numbers usable(const std::string& root, std::span<const std::uint32_t> allowed,
               std::span<const std::uint32_t> isolated) {
  Numbers cores{allowed.begin(), allowed.end()};
  Numbers beyond;
  std::ranges::copy_if(isolated, std::back_inserter(beyond),
                       [&](std::uint32_t core) { return !is_in(allowed, core); });
  if (!beyond.empty()) {
    const Numbers online = list_in(root + "/sys/devices/system/cpu/online");
    const std::optional<Numbers> cpuset = cpuset_of_process(root);
    for (const std::uint32_t core : beyond) {
      if (is_in(online, core) && (!cpuset || is_in(*cpuset, core))) cores.push_back(core);
    }
  }
  std::ranges::sort(cores);
  return cores;
}

// The lowest number among the threads of its physical core.
std::uint32_t physical_core_of(const std::string& root, std::uint32_t core) {
  const std::string folder =
      root + "/sys/devices/system/cpu/cpu" + std::to_string(core) + "/topology/";
  Numbers threads = list_in(folder + "core_cpus_list");
  if (threads.empty()) threads = list_in(folder + "thread_siblings_list");
  return threads.empty() ? core : threads.front();
}

}  // namespace

Machine machine_from(const std::string& root, std::span<const std::uint32_t> allowed) {
  const Numbers isolated = list_in(root + "/sys/devices/system/cpu/isolated");
  Machine machine;
  for (const std::uint32_t number : usable(root, allowed, isolated)) {
    machine.cores.push_back({.number = number,
                             .physical_core = physical_core_of(root, number),
                             .numa_node = 0,
                             .isolated = is_in(isolated, number)});
  }
  const std::string nodes = root + "/sys/devices/system/node/";
  for (const std::uint32_t node : list_in(nodes + "online")) {
    const Numbers members = list_in(nodes + "node" + std::to_string(node) + "/cpulist");
    for (Core& core : machine.cores) {
      if (is_in(members, core.number)) core.numa_node = static_cast<std::int32_t>(node);
    }
  }
  return machine;
}

Machine read_machine() {
  struct Mask {
    std::array<cpu_set_t, (kCoreMax + 1) / CPU_SETSIZE> sets{};
  } mask;
  if (::sched_getaffinity(0, sizeof mask, mask.sets.data()) != 0) {
    throw base::Error::with_exit(
        EX_OSERR, "the kernel does not say on which cores we may run: ", std::strerror(errno));
  }
  Numbers allowed;
  for (std::uint32_t core = 0; core <= kCoreMax; ++core) {
    if (CPU_ISSET_S(core, sizeof mask, mask.sets.data())) allowed.push_back(core);
  }
  return machine_from("", allowed);
}

std::vector<std::uint32_t> parse_core_list(std::string_view text) {
  Numbers cores;
  const auto take_number = [&](std::uint32_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number > kCoreMax) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
  };
  for (std::uint32_t first = 0; take_number(first);) {
    std::uint32_t last = first;
    if (text.starts_with('-')) {
      text.remove_prefix(1);
      if (!take_number(last)) break;
    }
    for (std::uint32_t core = first; core <= last; ++core) cores.push_back(core);
    if (!text.starts_with(',')) break;
    text.remove_prefix(1);
  }
  return cores;
}

}  // namespace ridley::engine
