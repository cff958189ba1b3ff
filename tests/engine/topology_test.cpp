// SPDX-License-Identifier: Apache-2.0
#include "engine/topology.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace ridley::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Two sockets of two physical cores of two threads each; 3 and 7 are the halves of one of them.
Machine server() {
  Machine machine;
  for (std::uint32_t number = 0; number < 8; ++number) {
    machine.cores.push_back({.number = number,
                             .physical_core = number % 4,
                             .numa_node = static_cast<std::int32_t>(number % 4 / 2),
                             .isolated = number == 2 || number == 3 || number == 7});
  }
  return machine;
}

}  // namespace

TEST(Topology, PrefersAnIsolatedCoreOnTheNodeOfTheNetworkPort) {
  EXPECT_EQ(place(server(), {.hot_core = {}, .nic_numa_node = 1}).hot_core, 7U);
  Machine machine = server();
  machine.cores[1].isolated = true;
  EXPECT_EQ(place(machine, {.hot_core = {}, .nic_numa_node = 0}).hot_core, 1U);
}

TEST(Topology, PrefersACoreThatSharesNothing) {
  Machine machine = server();
  std::erase_if(machine.cores, [](const Core& core) { return core.number == 6; });
  EXPECT_EQ(place(machine, {}).hot_core, 2U);
}

TEST(Topology, KeepsTheOthersOffTheHotAndTheIsolatedCores) {
  const Placement placement = place(server(), {.hot_core = 2, .nic_numa_node = 1});
  EXPECT_THAT(placement.other_cores, ElementsAre(0, 1, 4, 5));
  EXPECT_EQ(placement.numa_node, 1);
  EXPECT_THAT(placement.warnings, ElementsAre(HasSubstr("shares its physical core with core 6")));
}

TEST(Topology, NamesEverythingThatIsWrongWithTheWish) {
  const Placement placement = place(server(), {.hot_core = 0, .nic_numa_node = 1});
  EXPECT_THAT(placement.warnings, SizeIs(4));
  EXPECT_THAT(placement.warnings, Contains(HasSubstr("not isolated")));
  EXPECT_THAT(placement.warnings, Contains(HasSubstr("kernel's own work")));
  EXPECT_THAT(placement.warnings, Contains(HasSubstr("network port on node 1")));
}

TEST(Topology, IsSilentAboutAPerfectCore) {
  Machine machine = server();
  std::erase_if(machine.cores, [](const Core& core) { return core.number == 6; });
  EXPECT_THAT(place(machine, {.hot_core = 2, .nic_numa_node = 1}).warnings, IsEmpty());
}

TEST(Topology, WorksWithOneCore) {
  const Placement placement = place({.cores = {Core{}}}, {});
  EXPECT_EQ(placement.hot_core, 0U);
  EXPECT_THAT(placement.other_cores, ElementsAre(0));
  EXPECT_THAT(placement.warnings, Contains(HasSubstr("only core")));
}

TEST(Topology, UsesTheOtherHalfWhenNothingElseIsLeft) {
  const Machine machine{.cores = {Core{.number = 0}, Core{.number = 1}}};
  const Placement placement = place(machine, {});
  EXPECT_EQ(placement.hot_core, 1U);
  EXPECT_THAT(placement.other_cores, ElementsAre(0));
}

TEST(Topology, RefusesACoreThatIsNotThere) {
  try {
    static_cast<void>(place(server(), {.hot_core = 8, .nic_numa_node = -1}));
    FAIL() << "core 8 was placed";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_CONFIG);
    EXPECT_THAT(error.what(), HasSubstr("hot core 8"));
  }
  EXPECT_THROW(static_cast<void>(place({}, {})), base::Error);
}

TEST(Topology, ReadsThisMachine) {
  const Machine machine = read_machine();
  ASSERT_THAT(machine.cores, testing::Not(IsEmpty()));
  const Placement placement = place(machine, {});
  EXPECT_THAT(placement.other_cores, testing::Not(IsEmpty()));
  if (machine.cores.size() > 1) {
    EXPECT_THAT(placement.other_cores, testing::Not(Contains(placement.hot_core)));
  }
}

TEST(Topology, ReadsCoreLists) {
  EXPECT_THAT(parse_core_list(""), IsEmpty());
  EXPECT_THAT(parse_core_list("3"), ElementsAre(3));
  EXPECT_THAT(parse_core_list("0-2,5,7-8\n"), ElementsAre(0, 1, 2, 5, 7, 8));
  EXPECT_THAT(parse_core_list("2-1"), IsEmpty());
  EXPECT_THAT(parse_core_list("1,x"), ElementsAre(1));
  EXPECT_THAT(parse_core_list("4096"), IsEmpty());
}

TEST(Topology, DoesNotKnowTheNodeOfNoDevice) {
  EXPECT_EQ(numa_node_of_device("no such device"), -1);
  EXPECT_EQ(numa_node_of_device("../../x"), -1);
}

}  // namespace ridley::engine
