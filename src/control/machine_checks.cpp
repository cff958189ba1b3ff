// SPDX-License-Identifier: Apache-2.0
// In: the folders in which Linux describes the machine. Out: one finding for each thing that makes
// packets late. Cold.
#include "control/machine_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/tsc_clock.hpp"
#include "control/machine_files.hpp"

namespace ridley::control {
namespace {

constexpr std::string_view kProcessors = "sys/devices/system/cpu/";

// Long enough to know the TSC's frequency to some ppm.
constexpr std::uint32_t kTscMicroseconds = 50'000;

Finding unknown(std::string check, std::string seen) {
  return {std::move(check), Verdict::Unknown, std::move(seen), {}};
}

Finding ok_or_warn(bool ok, std::string check, std::string seen, std::string mend) {
  return {std::move(check), ok ? Verdict::Ok : Verdict::Warn, std::move(seen),
          ok ? std::string{} : std::move(mend)};
}

std::string at(std::string_view folder, std::string_view rest) {
  return std::string{folder} + std::string{rest};
}

// A word of its own in the first line that starts so ("flags" in /proc/cpuinfo).
bool line_has_word(const std::string& text, std::string_view line_start, std::string_view word) {
  const std::size_t begin = text.find(line_start);
  if (begin == std::string::npos) return false;
  const std::string line = text.substr(begin, text.find('\n', begin) - begin) + " ";
  return line.find(fmt::format(" {} ", word)) != std::string::npos;
}

std::vector<unsigned> all_processors(const MachineFiles& files) {
  return parse_processor_list(files.text(at(kProcessors, "present")).value_or(""));
}

// What an operator would give to the hot cores: everything but the first processor.
std::string suggested_processors(const MachineFiles& files) {
  std::vector<unsigned> processors = all_processors(files);
  if (processors.size() < 2) return "1";
  processors.erase(processors.begin());
  return format_processor_list(processors);
}

std::string boot_argument(const std::string& argument) {
  return fmt::format(
      "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&{} /' /etc/default/grub && update-grub && reboot",
      argument);
}

void check_huge_pages(const MachineFiles& files, std::vector<Finding>& findings) {
  const std::string nodes = "sys/devices/system/node";
  for (const auto& [check, size] : {std::pair{"huge_pages_2mb", "hugepages-2048kB"},
                                    {"huge_pages_1gb", "hugepages-1048576kB"}}) {
    bool found = false;
    const bool large = std::string_view{size} != "hugepages-2048kB";
    for (const std::string& node : files.names(nodes, "node")) {
      const std::string folder = fmt::format("{}/{}/hugepages/{}/", nodes, node, size);
      const auto free = files.number(folder + "free_hugepages");
      const auto all = files.number(folder + "nr_hugepages");
      if (!free || !all) continue;
      found = true;
      const std::string seen = fmt::format("{}: {} of {} free", node, *free, *all);
      // Two megabytes are enough; the larger ones are worth a word only.
      findings.push_back(ok_or_warn(large || *free > 0, check, seen,
                                    fmt::format("echo 512 > /{}nr_hugepages", folder)));
    }
    if (!found) findings.push_back(unknown(check, "the kernel tells of none"));
  }
}

void check_isolation(const MachineFiles& files, std::vector<Finding>& findings) {
  const std::string processors = suggested_processors(files);
  for (const auto& [check, file] :
       {std::pair{"isolated_processors", "isolated"}, {"tickless_processors", "nohz_full"}}) {
    const auto list = files.text(at(kProcessors, file));
    const std::string argument =
        std::string_view{file} == "isolated" ? "isolcpus=managed_irq,domain," : "nohz_full=";
    if (!list) {
      findings.push_back(unknown(check, "the kernel does not say"));
      continue;
    }
    const bool some = !parse_processor_list(*list).empty();
    findings.push_back(
        ok_or_warn(some, check, some ? *list : "none", boot_argument(argument + processors)));
  }
  const auto line = files.text("proc/cmdline");
  if (!line) {
    findings.push_back(unknown("rcu_callbacks", "no kernel command line"));
    return;
  }
  const bool moved = line->find("rcu_nocbs=") != std::string::npos ||
                     line->find("nohz_full=") != std::string::npos;
  findings.push_back(ok_or_warn(moved, "rcu_callbacks",
                                moved ? "away from the hot cores" : "on every core",
                                boot_argument("rcu_nocbs=" + processors)));
}

void check_tsc(const MachineFiles& files, std::vector<Finding>& findings) {
  const auto processor = files.text("proc/cpuinfo");
  if (!processor) {
    findings.push_back(unknown("tsc", "no /proc/cpuinfo"));
  } else {
    const bool constant = line_has_word(*processor, "flags", "constant_tsc");
    const bool nonstop = line_has_word(*processor, "flags", "nonstop_tsc");
    findings.push_back(
        ok_or_warn(constant && nonstop, "tsc",
                   fmt::format("{}, {}", constant ? "constant" : "not constant",
                               nonstop ? "never stops" : "stops in deep idle states"),
                   {}));
  }
  const auto clock = base::TscClock::calibrate(kTscMicroseconds);
  findings.push_back({"tsc_frequency",
                      Verdict::Ok,
                      fmt::format("{:.6f} GHz as measured", clock.frequency_hz() / 1e9),
                      {}});
  const std::string folder = "sys/devices/system/clocksource/clocksource0/";
  const auto current = files.text(folder + "current_clocksource");
  if (!current) {
    findings.push_back(unknown("clock_source", "the kernel does not say"));
    return;
  }
  const std::string available = files.text(folder + "available_clocksource").value_or("");
  const bool possible = (" " + available + " ").find(" tsc ") != std::string::npos;
  findings.push_back(ok_or_warn(*current == "tsc", "clock_source", *current,
                                possible ? fmt::format("echo tsc > /{}current_clocksource", folder)
                                         : boot_argument("tsc=reliable clocksource=tsc")));
}

void check_frequency(const MachineFiles& files, std::vector<Finding>& findings) {
  std::string slow;
  std::size_t known = 0;
  for (const unsigned processor : all_processors(files)) {
    const auto governor =
        files.text(at(kProcessors, fmt::format("cpu{}/cpufreq/scaling_governor", processor)));
    if (!governor) continue;
    ++known;
    if (*governor != "performance" && slow.empty()) {
      slow = fmt::format("processor {} is governed by {}", processor, *governor);
    }
  }
  if (known == 0) {
    findings.push_back(unknown("governor", "the frequency is not ours to set"));
  } else {
    findings.push_back(ok_or_warn(slow.empty(), "governor", slow.empty() ? "performance" : slow,
                                  "cpupower frequency-set -g performance"));
  }
  long worst_us = -1;
  for (const std::string& state : files.names(at(kProcessors, "cpu0/cpuidle"), "state")) {
    const std::string folder = at(kProcessors, "cpu0/cpuidle/" + state + "/");
    if (files.number(folder + "disable").value_or(0) != 0) continue;
    worst_us = std::max(worst_us, files.number(folder + "latency").value_or(-1));
  }
  if (worst_us < 0) {
    findings.push_back(unknown("idle_states", "the kernel tells of none"));
  } else {
    findings.push_back(ok_or_warn(worst_us <= 2, "idle_states",
                                  fmt::format("waking takes up to {} us", worst_us),
                                  "cpupower idle-set -D 2"));
  }
}

void check_siblings(const MachineFiles& files, std::vector<Finding>& findings) {
  const auto active = files.number(at(kProcessors, "smt/active"));
  if (!active) {
    findings.push_back(unknown("smt", "the kernel does not say"));
    return;
  }
  std::string seen = "off";
  if (*active != 0) {
    seen = fmt::format(
        "on, processor 0 shares its core: {}",
        files.text(at(kProcessors, "cpu0/topology/thread_siblings_list")).value_or("unknown"));
  }
  findings.push_back(
      ok_or_warn(*active == 0, "smt", seen, fmt::format("echo off > /{}smt/control", kProcessors)));
}

// Drivers with which DPDK works: bound away from the kernel, or beside it.
bool usable_by_dpdk(const std::string& driver) {
  constexpr std::string_view kDrivers[] = {"vfio-pci",  "uio_pci_generic", "igb_uio",
                                           "mlx5_core", "mlx4_core",       "mana"};
  return std::find(std::begin(kDrivers), std::end(kDrivers), driver) != std::end(kDrivers);
}

void check_card(const MachineFiles& files, const std::string& address,
                std::vector<Finding>& findings) {
  const std::string folder = "sys/bus/pci/devices/" + address + "/";
  const std::string driver = files.link_name(folder + "driver").value_or("none");
  findings.push_back(ok_or_warn(usable_by_dpdk(driver), "card_binding",
                                fmt::format("{} has driver {}", address, driver),
                                "dpdk-devbind.py -b vfio-pci " + address));
  const long node = files.number(folder + "numa_node").value_or(-1);
  const auto near = files.text(folder + "local_cpulist");
  const auto isolated = parse_processor_list(files.text(at(kProcessors, "isolated")).value_or(""));
  if (node < 0 || !near || isolated.empty()) {
    findings.push_back(unknown("card_node", fmt::format("{}: nothing to compare", address)));
    return;
  }
  const auto near_list = parse_processor_list(*near);
  const bool close = std::any_of(isolated.begin(), isolated.end(), [&](unsigned processor) {
    return std::find(near_list.begin(), near_list.end(), processor) != near_list.end();
  });
  findings.push_back(ok_or_warn(
      close, "card_node", fmt::format("{} is on node {} with processors {}", address, node, *near),
      boot_argument("isolcpus=managed_irq,domain," + *near)));
}

void check_cards(const MachineFiles& files, std::vector<Finding>& findings) {
  bool found = false;
  for (const std::string& address : files.names("sys/bus/pci/devices")) {
    const auto device_class = files.text("sys/bus/pci/devices/" + address + "/class");
    if (!device_class || !device_class->starts_with("0x0200")) continue;
    found = true;
    check_card(files, address, findings);
  }
  if (!found) {
    findings.push_back(unknown("card_binding", "no network card on PCI"));
    return;
  }
  const bool iommu = !files.names("sys/kernel/iommu_groups").empty();
  findings.push_back(ok_or_warn(iommu, "iommu", iommu ? "on" : "off",
                                boot_argument("intel_iommu=on amd_iommu=on iommu=pt")));
}

// A number that one sysctl sets.
void check_setting(const MachineFiles& files, const char* check, const std::string& setting,
                   long most, std::vector<Finding>& findings) {
  std::string path = setting;
  std::replace(path.begin(), path.end(), '.', '/');
  const auto value = files.number("proc/sys/" + path);
  if (!value) {
    findings.push_back(unknown(check, setting + " does not exist"));
    return;
  }
  findings.push_back(ok_or_warn(*value <= most, check, fmt::format("{} is {}", setting, *value),
                                fmt::format("sysctl -w {}={}", setting, most)));
}

void check_memory(const MachineFiles& files, std::vector<Finding>& findings) {
  check_setting(files, "swappiness", "vm.swappiness", 1, findings);
  const std::string path = "sys/kernel/mm/transparent_hugepage/enabled";
  if (const auto enabled = files.text(path)) {
    findings.push_back(ok_or_warn(enabled->find("[always]") == std::string::npos,
                                  "transparent_huge_pages", *enabled,
                                  fmt::format("echo madvise > /{}", path)));
  } else {
    findings.push_back(unknown("transparent_huge_pages", "the kernel has none"));
  }
  check_setting(files, "numa_balancing", "kernel.numa_balancing", 0, findings);
}

void check_limits(const MachineFiles& files, std::vector<Finding>& findings) {
  const auto limits = files.text("proc/self/limits");
  const std::string_view line_start = "Max locked memory";
  const std::size_t begin = limits ? limits->find(line_start) : std::string::npos;
  if (begin == std::string::npos) {
    findings.push_back(unknown("locked_memory", "no /proc/self/limits"));
  } else {
    const std::string line = limits->substr(begin, limits->find('\n', begin) - begin);
    const std::size_t value_at = line.find_first_not_of(' ', line_start.size());
    const std::string value = value_at == std::string::npos
                                  ? "unknown"
                                  : line.substr(value_at, line.find(' ', value_at) - value_at);
    findings.push_back(ok_or_warn(value == "unlimited", "locked_memory", value,
                                  "prlimit --pid $$ --memlock=unlimited:unlimited"));
  }
  check_setting(files, "performance_counters", "kernel.perf_event_paranoid", 1, findings);
  check_setting(files, "watchdog", "kernel.nmi_watchdog", 0, findings);
}

void check_virtualisation(const MachineFiles& files, std::vector<Finding>& findings) {
  const auto processor = files.text("proc/cpuinfo");
  if (!processor) {
    findings.push_back(unknown("virtualisation", "no /proc/cpuinfo"));
    return;
  }
  const bool guest = line_has_word(*processor, "flags", "hypervisor");
  findings.push_back(ok_or_warn(!guest, "virtualisation",
                                guest ? "a guest: the host may stop it at any time" : "bare metal",
                                {}));
}

}  // namespace

const char* name(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::Ok: return "ok";
    case Verdict::Warn: return "warn";
    case Verdict::Unknown: return "unknown";
  }
  return "unknown";
}

std::vector<unsigned> parse_processor_list(const std::string& text) {
  // More than any kernel is built for; a list from outside cannot ask for more memory.
  constexpr unsigned kProcessorsMax = 8192;
  std::vector<unsigned> processors;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    unsigned first = 0;
    auto read = std::from_chars(at, end, first);
    if (read.ec != std::errc{}) return {};
    unsigned last = first;
    if (read.ptr < end && *read.ptr == '-') {
      read = std::from_chars(read.ptr + 1, end, last);
      if (read.ec != std::errc{}) return {};
    }
    if (last < first || last >= kProcessorsMax) return {};
    for (unsigned processor = first; processor <= last; ++processor) {
      processors.push_back(processor);
    }
    if (read.ptr < end && *read.ptr != ',') return {};
    at = read.ptr < end ? read.ptr + 1 : end;
  }
  return processors;
}

std::string format_processor_list(const std::vector<unsigned>& processors) {
  std::string text;
  for (std::size_t i = 0; i < processors.size();) {
    std::size_t last = i;
    while (last + 1 < processors.size() && processors[last + 1] == processors[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(processors[i]);
    if (last > i) text += fmt::format("-{}", processors[last]);
    i = last + 1;
  }
  return text;
}

std::vector<Finding> check_machine(const std::filesystem::path& root) {
  const MachineFiles files{root};
  std::vector<Finding> findings;
  check_huge_pages(files, findings);
  check_isolation(files, findings);
  check_tsc(files, findings);
  check_frequency(files, findings);
  check_siblings(files, findings);
  check_cards(files, findings);
  check_memory(files, findings);
  check_limits(files, findings);
  check_virtualisation(files, findings);
  return findings;
}

}  // namespace ridley::control
