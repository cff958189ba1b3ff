// SPDX-License-Identifier: Apache-2.0
#include "control/topology_command.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <nlohmann/json.hpp>

#include "engine/topology.hpp"

namespace ridley::control {
namespace {

const char* use_of(const engine::Core& core, const engine::Placement& placement) {
  if (core.number == placement.hot_core) return "pipeline";
  for (const std::uint32_t other : placement.other_cores) {
    if (core.number == other) return "everything else";
  }
  return "left alone";
}

void print_json(const engine::Machine& machine, const engine::Placement& placement) {
  nlohmann::ordered_json cores = nlohmann::ordered_json::array();
  for (const engine::Core& core : machine.cores) {
    cores.push_back({{"core", core.number},
                     {"physical_core", core.physical_core},
                     {"numa_node", core.numa_node},
                     {"isolated", core.isolated},
                     {"use", use_of(core, placement)}});
  }
  const nlohmann::ordered_json all{{"cores", std::move(cores)},
                                   {"hot_core", placement.hot_core},
                                   {"warnings", placement.warnings}};
  fmt::print("{}\n", all.dump(2));
}

}  // namespace

int topology_command(const TopologyOptions& options) {
  const engine::Machine machine = engine::read_machine();
  engine::PlacementWish wish;
  wish.hot_core = options.hot_core;
  const engine::Placement placement = engine::place(machine, wish);
  if (options.json) {
    print_json(machine, placement);
    return EX_OK;
  }
  fmt::print("core  physical  node  isolated  use\n");
  for (const engine::Core& core : machine.cores) {
    fmt::print("{:4}  {:8}  {:4}  {:8}  {}\n", core.number, core.physical_core, core.numa_node,
               core.isolated ? "yes" : "no", use_of(core, placement));
  }
  for (const std::string& warning : placement.warnings) fmt::print(stderr, "{}\n", warning);
  return EX_OK;
}

}  // namespace ridley::control
