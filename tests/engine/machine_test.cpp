// SPDX-License-Identifier: Apache-2.0
#include "engine/machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/scratch_folder.hpp"

namespace ridley::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A copy of what the kernel says of a machine, as far as it is asked.
class KernelFiles {
 public:
  KernelFiles& put(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path} << text << '\n';
    return *this;
  }

  // A core's threads, and the node's members.
  KernelFiles& core(std::uint32_t number, const std::string& threads) {
    return put("sys/devices/system/cpu/cpu" + std::to_string(number) + "/topology/core_cpus_list",
               threads);
  }

  [[nodiscard]] std::vector<Core> read(const std::vector<std::uint32_t>& allowed) const {
    return machine_from((folder_ / "").string(), allowed).cores;
  }

 private:
  test::ScratchFolder folder_;
};

std::vector<std::uint32_t> numbers_of(const std::vector<Core>& cores) {
  std::vector<std::uint32_t> numbers;
  for (const Core& core : cores) numbers.push_back(core.number);
  return numbers;
}

// Two nodes of two cores of two threads; the last core is isolated, so in nobody's mask.
class ServerFiles : public KernelFiles {
 public:
  ServerFiles() {
    put("sys/devices/system/cpu/online", "0-7").put("sys/devices/system/cpu/isolated", "3,7");
    put("sys/devices/system/node/online", "0-1");
    put("sys/devices/system/node/node0/cpulist", "0-1,4-5");
    put("sys/devices/system/node/node1/cpulist", "2-3,6-7");
    for (std::uint32_t number = 0; number < 8; ++number) {
      const std::string low = std::to_string(number % 4);
      core(number, low + "," + std::to_string(number % 4 + 4));
    }
  }
};

}  // namespace

TEST(Machine, KnowsThreadsNodesAndIsolation) {
  ServerFiles files;
  const std::vector<Core> cores = files.read({0, 1, 2, 4, 5, 6});
  ASSERT_THAT(numbers_of(cores), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(cores[6].physical_core, 2U);
  EXPECT_EQ(cores[6].numa_node, 1);
  EXPECT_EQ(cores[4].numa_node, 0);
  EXPECT_FALSE(cores[6].isolated);
  EXPECT_TRUE(cores[7].isolated);
}

TEST(Machine, KeepsOffCoresThatTheProcessWasKeptOff) {
  ServerFiles files;
  EXPECT_THAT(numbers_of(files.read({1})), ElementsAre(1, 3, 7));
}

TEST(Machine, KeepsOffIsolatedCoresBeyondTheCpuset) {
  ServerFiles files;
  files.put("proc/self/cgroup", "0::/desk/seven");
  // The group itself has no cpuset, so its parent's counts.
  files.put("sys/fs/cgroup/desk/cpuset.cpus.effective", "0-3");
  EXPECT_THAT(numbers_of(files.read({0, 1, 2})), ElementsAre(0, 1, 2, 3));
}

TEST(Machine, ReadsTheOlderFormOfCpusets) {
  ServerFiles files;
  files.put("proc/self/cgroup", "11:memory:/other\n4:cpuset:/desk\n0::/desk");
  files.put("sys/fs/cgroup/cpuset/desk/cpuset.effective_cpus", "0-2,7");
  EXPECT_THAT(numbers_of(files.read({0, 1, 2})), ElementsAre(0, 1, 2, 7));
}

TEST(Machine, LeavesOutIsolatedCoresThatAreOff) {
  ServerFiles files;
  files.put("sys/devices/system/cpu/online", "0-6");
  EXPECT_THAT(numbers_of(files.read({0})), ElementsAre(0, 3));
}

TEST(Machine, MakesDoWithoutAnyFile) {
  const KernelFiles files;
  const std::vector<Core> cores = files.read({5, 2});
  ASSERT_THAT(numbers_of(cores), ElementsAre(2, 5));
  EXPECT_EQ(cores[1].physical_core, 5U);
  EXPECT_EQ(cores[1].numa_node, 0);
  EXPECT_THAT(files.read({}), IsEmpty());
}

TEST(Machine, ReadsThisOne) { EXPECT_THAT(read_machine().cores, testing::Not(IsEmpty())); }

}  // namespace ridley::engine
