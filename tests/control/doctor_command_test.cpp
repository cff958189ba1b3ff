// SPDX-License-Identifier: Apache-2.0
#include "control/doctor_command.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "control/machine_checks.hpp"
#include "control/machine_files.hpp"

namespace ridley::control {
namespace {

namespace fs = std::filesystem;

// A machine made of files.
class DoctorTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/ridley_machine_XXXXXX";
    root_ = ::mkdtemp(name);
  }
  void TearDown() override { fs::remove_all(root_); }

  void put(const std::string& path, const std::string& content) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream{root_ / path} << content;
  }
  void link(const std::string& path, const std::string& target) {
    fs::create_directories((root_ / path).parent_path());
    fs::create_symlink(target, root_ / path);
  }

  [[nodiscard]] Finding finding(const std::string& check) const {
    for (const Finding& found : check_machine(root_)) {
      if (found.check == check) return found;
    }
    ADD_FAILURE() << "no finding " << check;
    return {};
  }

  void make_good_machine() {
    for (const std::string size : {"hugepages-2048kB", "hugepages-1048576kB"}) {
      const std::string folder = "sys/devices/system/node/node0/hugepages/" + size;
      put(folder + "/free_hugepages", "500\n");
      put(folder + "/nr_hugepages", "512\n");
    }
    const std::string processors = "sys/devices/system/cpu/";
    put(processors + "present", "0-3\n");
    put(processors + "isolated", "2-3\n");
    put(processors + "nohz_full", "2-3\n");
    put(processors + "smt/active", "0\n");
    put(processors + "cpu0/cpufreq/scaling_governor", "performance\n");
    put(processors + "cpu0/cpuidle/state0/latency", "0\n");
    put(processors + "cpu0/cpuidle/state1/latency", "130\n");
    put(processors + "cpu0/cpuidle/state1/disable", "1\n");
    put("proc/cmdline", "quiet nohz_full=2-3\n");
    put("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu tsc constant_tsc nonstop_tsc sse\n");
    put("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    put("sys/bus/pci/devices/0000:01:00.0/class", "0x020000\n");
    put("sys/bus/pci/devices/0000:01:00.0/numa_node", "0\n");
    put("sys/bus/pci/devices/0000:01:00.0/local_cpulist", "0-3\n");
    link("sys/bus/pci/devices/0000:01:00.0/driver", "../../../bus/pci/drivers/vfio-pci");
    put("sys/bus/pci/devices/0000:02:00.0/class", "0x010802\n");
    put("sys/kernel/iommu_groups/0/type", "DMA\n");
    put("proc/sys/vm/swappiness", "1\n");
    put("proc/sys/kernel/numa_balancing", "0\n");
    put("proc/sys/kernel/perf_event_paranoid", "1\n");
    put("proc/sys/kernel/nmi_watchdog", "0\n");
    put("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
    put("proc/self/limits",
        "Limit                     Soft Limit           Hard Limit           Units\n"
        "Max locked memory         unlimited            unlimited            bytes\n");
  }

  fs::path root_;
};

}  // namespace

TEST_F(DoctorTest, FindsNothingToMendOnAGoodMachine) {
  make_good_machine();
  for (const Finding& found : check_machine(root_)) {
    EXPECT_EQ(found.verdict, Verdict::Ok) << found.check << ": " << found.seen;
    EXPECT_EQ(found.mend, "") << found.check;
  }
}

TEST_F(DoctorTest, KnowsNothingOfAnEmptyMachineAndDoesNotFail) {
  for (const Finding& found : check_machine(root_)) {
    const bool measured = found.check == "tsc_frequency";
    EXPECT_EQ(found.verdict, measured ? Verdict::Ok : Verdict::Unknown) << found.check;
  }
}

TEST_F(DoctorTest, NamesTheCommandForEachFault) {
  make_good_machine();
  struct Fault {
    const char* file;
    const char* content;
    const char* check;
    const char* mend;
  };
  const Fault faults[] = {
      {"sys/devices/system/node/node0/hugepages/hugepages-2048kB/free_hugepages", "0",
       "huge_pages_2mb", "nr_hugepages"},
      {"sys/devices/system/cpu/isolated", "", "isolated_processors",
       "isolcpus=managed_irq,domain,1-3"},
      {"sys/devices/system/cpu/nohz_full", "(null)", "tickless_processors", "nohz_full=1-3"},
      {"proc/cmdline", "quiet", "rcu_callbacks", "rcu_nocbs=1-3"},
      {"sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet", "clock_source",
       "tsc"},
      {"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave", "governor",
       "cpupower frequency-set -g performance"},
      {"sys/devices/system/cpu/cpu0/cpuidle/state1/disable", "0", "idle_states",
       "cpupower idle-set"},
      {"sys/devices/system/cpu/smt/active", "1", "smt", "smt/control"},
      {"sys/bus/pci/devices/0000:01:00.0/local_cpulist", "0-1", "card_node", "isolcpus="},
      {"proc/sys/vm/swappiness", "60", "swappiness", "sysctl -w vm.swappiness=1"},
      {"proc/sys/kernel/perf_event_paranoid", "4", "performance_counters", "perf_event_paranoid=1"},
      {"proc/sys/kernel/nmi_watchdog", "1", "watchdog", "nmi_watchdog=0"},
      {"sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never",
       "transparent_huge_pages", "echo madvise"},
      {"proc/self/limits", "Max locked memory         8388608              8388608    bytes\n",
       "locked_memory", "memlock"},
  };
  for (const Fault& fault : faults) {
    const std::string before = MachineFiles{root_}.text(fault.file).value();
    put(fault.file, fault.content);
    const Finding found = finding(fault.check);
    EXPECT_EQ(found.verdict, Verdict::Warn) << fault.check << ": " << found.seen;
    EXPECT_NE(found.mend.find(fault.mend), std::string::npos) << fault.check << ": " << found.mend;
    put(fault.file, before);
  }
}

TEST_F(DoctorTest, ReadsTheProcessorsFlagsAsWholeWords) {
  make_good_machine();
  put("proc/cpuinfo", "flags\t\t: not_constant_tsc nonstop_tsc hypervisor\n");
  EXPECT_EQ(finding("tsc").verdict, Verdict::Warn);
  EXPECT_EQ(finding("virtualisation").verdict, Verdict::Warn);
}

TEST_F(DoctorTest, SaysWhichCardTheKernelHolds) {
  make_good_machine();
  fs::remove(root_ / "sys/bus/pci/devices/0000:01:00.0/driver");
  link("sys/bus/pci/devices/0000:01:00.0/driver", "../../../bus/pci/drivers/ixgbe");
  const Finding found = finding("card_binding");
  EXPECT_EQ(found.verdict, Verdict::Warn);
  EXPECT_EQ(found.mend, "dpdk-devbind.py -b vfio-pci 0000:01:00.0");
}

TEST_F(DoctorTest, WritesTextAndJson) {
  make_good_machine();
  put("proc/sys/vm/swappiness", "60");
  std::ostringstream text;
  std::ostringstream json;
  std::ostringstream messages;
  EXPECT_EQ(doctor({.json = false, .root = root_.string()}, text, messages), 0);
  EXPECT_NE(text.str().find("# sysctl -w vm.swappiness=1"), std::string::npos);
  EXPECT_NE(messages.str().find("1 to mend"), std::string::npos);
  EXPECT_EQ(doctor({.json = true, .root = root_.string()}, json, messages), 0);
  const auto parsed = nlohmann::json::parse(json.str());
  EXPECT_EQ(parsed["warn"], 1);
  EXPECT_EQ(parsed["findings"].size(), check_machine(root_).size());
}

TEST_F(DoctorTest, LooksAtThisMachineWithoutFailing) { EXPECT_GE(check_machine("/").size(), 15u); }

TEST(ProcessorList, GoesBothWays) {
  using List = std::vector<unsigned>;
  EXPECT_EQ(parse_processor_list("0-2,5"), (List{0, 1, 2, 5}));
  EXPECT_EQ(format_processor_list({0, 1, 2, 5}), "0-2,5");
  EXPECT_EQ(format_processor_list({}), "");
  for (const char* wrong : {"", "(null)", "3-1", "1-", "1;2", "0-99999999"}) {
    EXPECT_EQ(parse_processor_list(wrong), List{}) << wrong;
  }
}

}  // namespace ridley::control
