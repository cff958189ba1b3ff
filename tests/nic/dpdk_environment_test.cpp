// SPDX-License-Identifier: Apache-2.0
// What the environment is asked for; that it starts is seen in dpdk_setup_test.cpp.
#include "nic/dpdk_environment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace ridley::nic {
namespace {

bool has(const std::vector<std::string>& arguments, const std::string& wanted) {
  return std::find(arguments.begin(), arguments.end(), wanted) != arguments.end();
}

EnvironmentNeeds needs() {
  return {.file_prefix = "ridley_1",
          .bytes = std::size_t{4} << 20,
          .pci_addresses = {},
          .drivers = {"net_vhost"},
          .processors = {0, 3}};
}

}  // namespace

TEST(DpdkEnvironment, AsksForHugePagesInMemoryOnly) {
  const auto arguments = environment_arguments(needs(), true);
  for (const char* wanted : {"--in-memory", "--single-file-segments", "--no-pci", "--iova-mode=va",
                             "--file-prefix=ridley_1", "--no-telemetry", "--lcores=0@(0,3)"}) {
    EXPECT_TRUE(has(arguments, wanted)) << wanted;
  }
  EXPECT_FALSE(has(arguments, "--no-huge"));
}

TEST(DpdkEnvironment, AsksForAFixedAmountOfSmallPages) {
  const auto arguments = environment_arguments(needs(), false);
  EXPECT_TRUE(has(arguments, "--no-huge"));
  EXPECT_TRUE(has(arguments, "--no-shconf"));
  EXPECT_TRUE(has(arguments, "12"));
  EXPECT_FALSE(has(arguments, "--in-memory"));
}

TEST(DpdkEnvironment, LooksAtPciOnlyForTheCardsNamed) {
  EnvironmentNeeds with_card = needs();
  with_card.pci_addresses = {"0000:01:00.0"};
  const auto arguments = environment_arguments(with_card, true);
  EXPECT_FALSE(has(arguments, "--no-pci"));
  const auto allowed = std::find(arguments.begin(), arguments.end(), "-a");
  ASSERT_NE(allowed, arguments.end());
  EXPECT_EQ(*(allowed + 1), "0000:01:00.0");
}

TEST(DpdkEnvironment, KnowsThatNoMachineHasThatManyHugePages) {
  EXPECT_FALSE(huge_pages_free(std::numeric_limits<std::size_t>::max() / 4));
}

// This program was linked with the shared DPDK; ridleyd's start_test looks at the other kind.
TEST(DpdkEnvironment, LoadsAnyDriverWhereNoneIsLinkedIn) {
  EXPECT_TRUE(has_driver_for(PortKind::VirtioUser));
  EXPECT_TRUE(has_driver_for(PortKind::Pci));
  EXPECT_TRUE(has_driver_for(PortKind::AfXdp));
}

}  // namespace ridley::nic
