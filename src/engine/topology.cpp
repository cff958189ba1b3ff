// SPDX-License-Identifier: Apache-2.0
#include "engine/topology.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <tuple>

#include "base/error.hpp"

namespace ridley::engine {
namespace {

std::string first_line_of(const std::string& path) {
  std::string line;
  std::ifstream file{path};
  std::getline(file, line);
  return line;
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

Placement place(const Machine& machine, const PlacementWish& wish) {
  if (machine.cores.empty()) throw base::Error::with_exit(EX_OSERR, "no core may be used");
  const Core& hot = wish.hot_core ? wanted(machine, *wish.hot_core) : best(machine, wish);
  return {hot.number, hot.numa_node, cores_beside(machine, hot), faults_of(machine, hot, wish)};
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
