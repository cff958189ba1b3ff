// SPDX-License-Identifier: Apache-2.0
#include "engine/topology.hpp"

#include <hwloc.h>
#include <sched.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <memory>
#include <tuple>
#include <type_traits>

#include "base/error.hpp"

namespace ridley::engine {
namespace {

struct DestroyTopology {
  void operator()(hwloc_topology_t topology) const noexcept { hwloc_topology_destroy(topology); }
};
using Topology = std::unique_ptr<std::remove_pointer_t<hwloc_topology_t>, DestroyTopology>;

// Only what is needed here: without caches and devices it loads in under a millisecond.
Topology load_topology() {
  hwloc_topology_t topology = nullptr;
  if (hwloc_topology_init(&topology) != 0) {
    throw base::Error::with_exit(EX_OSERR, "hwloc cannot be initialised");
  }
  Topology owner{topology};
  hwloc_topology_set_all_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_NONE);
  hwloc_topology_set_type_filter(topology, HWLOC_OBJ_CORE, HWLOC_TYPE_FILTER_KEEP_ALL);
  if (hwloc_topology_load(topology) != 0) {
    throw base::Error::with_exit(EX_OSERR, "hwloc cannot read the machine's topology");
  }
  return owner;
}

std::string first_line_of(const std::string& path) {
  std::string line;
  std::ifstream file{path};
  std::getline(file, line);
  return line;
}

bool is_in(const std::vector<std::uint32_t>& numbers, std::uint32_t number) {
  return std::ranges::find(numbers, number) != numbers.end();
}

std::int32_t node_of(hwloc_topology_t topology, hwloc_obj_t unit) {
  for (hwloc_obj_t node = nullptr;
       (node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node)) != nullptr;) {
    if (hwloc_bitmap_isset(node->cpuset, unit->os_index)) {
      return static_cast<std::int32_t>(node->os_index);
    }
  }
  return 0;
}

std::vector<const Core*> siblings_of(const Machine& machine, const Core& core) {
  std::vector<const Core*> siblings;
  for (const Core& other : machine.cores) {
    if (other.physical_core == core.physical_core && other.number != core.number) {
      siblings.push_back(&other);
    }
  }
  return siblings;
}

bool is_near(const Core& core, const PlacementWish& wish) {
  return wish.nic_numa_node < 0 || core.numa_node == wish.nic_numa_node;
}

// Isolated before near before alone on its physical core before not core 0; then the last one,
// because interrupts and daemons gather on the first.
const Core& best(const Machine& machine, const PlacementWish& wish) {
  const auto rank = [&](const Core& core) {
    return std::tuple{core.isolated, is_near(core, wish), siblings_of(machine, core).empty(),
                      core.number != 0, core.number};
  };
  return *std::ranges::max_element(machine.cores, {}, rank);
}

const Core& wanted(const Machine& machine, std::uint32_t number) {
  const auto found = std::ranges::find(machine.cores, number, &Core::number);
  if (found != machine.cores.end()) return *found;
  throw base::Error::with_exit(EX_CONFIG, "hot core ", number, " is not among the ",
                               machine.cores.size(), " cores that this process may use");
}

std::vector<std::uint32_t> cores_beside(const Machine& machine, const Core& hot) {
  std::vector<std::uint32_t> quiet;   // neither isolated nor the other half of the hot core
  std::vector<std::uint32_t> others;  // whatever is left
  for (const Core& core : machine.cores) {
    if (core.number == hot.number) continue;
    others.push_back(core.number);
    if (!core.isolated && core.physical_core != hot.physical_core) quiet.push_back(core.number);
  }
  if (!quiet.empty()) return quiet;
  if (!others.empty()) return others;
  return {hot.number};
}

std::vector<std::string> faults_of(const Machine& machine, const Core& hot,
                                   const PlacementWish& wish) {
  std::vector<std::string> faults;
  const std::string name = "hot core " + std::to_string(hot.number);
  if (machine.cores.size() == 1) {
    faults.push_back(name + " is the only core: everything else takes turns with it");
  }
  if (!hot.isolated) {
    const std::string number = std::to_string(hot.number);
    faults.push_back(name + " is not isolated: boot with isolcpus=" + number +
                     " nohz_full=" + number + " rcu_nocbs=" + number);
  }
  for (const Core* sibling : siblings_of(machine, hot)) {
    faults.push_back(name + " shares its physical core with core " +
                     std::to_string(sibling->number));
  }
  if (hot.number == 0) faults.push_back(name + " is where the kernel's own work gathers");
  if (!is_near(hot, wish)) {
    faults.push_back(name + " is on NUMA node " + std::to_string(hot.numa_node) +
                     ", the network port on node " + std::to_string(wish.nic_numa_node));
  }
  return faults;
}

}  // namespace

Machine read_machine() {
  const Topology topology = load_topology();
  const auto isolated = parse_core_list(first_line_of("/sys/devices/system/cpu/isolated"));
  cpu_set_t told;
  CPU_ZERO(&told);
  const bool knows = ::sched_getaffinity(0, sizeof told, &told) == 0;
  Machine machine;
  for (hwloc_obj_t unit = nullptr;
       (unit = hwloc_get_next_obj_by_type(topology.get(), HWLOC_OBJ_PU, unit)) != nullptr;) {
    Core core{.number = unit->os_index};
    core.isolated = is_in(isolated, core.number);
    // Isolated cores are in nobody's mask from the start, and may be chosen all the same.
    if (knows && !core.isolated && !CPU_ISSET(core.number, &told)) continue;
    const hwloc_obj_t physical =
        hwloc_get_ancestor_obj_by_type(topology.get(), HWLOC_OBJ_CORE, unit);
    core.physical_core = physical != nullptr ? physical->logical_index : unit->os_index;
    core.numa_node = node_of(topology.get(), unit);
    machine.cores.push_back(core);
  }
  std::ranges::sort(machine.cores, {}, &Core::number);
  return machine;
}

Placement place(const Machine& machine, const PlacementWish& wish) {
  if (machine.cores.empty()) throw base::Error::with_exit(EX_OSERR, "no core may be used");
  const Core& hot = wish.hot_core ? wanted(machine, *wish.hot_core) : best(machine, wish);
  return {hot.number, hot.numa_node, cores_beside(machine, hot), faults_of(machine, hot, wish)};
}

std::vector<std::uint32_t> parse_core_list(std::string_view text) {
  constexpr std::uint32_t kCoreMax = 4095;
  std::vector<std::uint32_t> cores;
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

std::int32_t numa_node_of_device(std::string_view pci_address) {
  if (pci_address.find('/') != std::string_view::npos) return -1;
  const std::string line =
      first_line_of("/sys/bus/pci/devices/" + std::string{pci_address} + "/numa_node");
  std::int32_t node = -1;
  std::from_chars(line.data(), line.data() + line.size(), node);
  return node;
}

}  // namespace ridley::engine
