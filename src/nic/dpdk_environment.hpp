// SPDX-License-Identifier: Apache-2.0
// In: which devices a process wants and how much memory they take. Out: DPDK's environment, started
// quietly on whatever pages there are, and ended without leaving a file. Cold; once a process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nic/port_description.hpp"

namespace ridley::nic {

// Automatic takes huge pages when enough of them are free.
enum class Pages : std::uint8_t { Automatic, Huge, Small };

struct EnvironmentNeeds {
  std::string file_prefix;                 // no other process has it
  std::size_t bytes = 0;                   // of packet memory
  std::vector<std::string> pci_addresses;  // empty: PCI is left alone
  std::vector<std::string> drivers;        // "net_vhost": loaded instead of a scan for all
  std::vector<unsigned> processors;        // the calling thread may use these and keeps them
};

// The command line for the environment, without the program's name.
[[nodiscard]] std::vector<std::string> environment_arguments(const EnvironmentNeeds& needs,
                                                             bool huge);

// Whether this program has the driver for such a port, or may load it. A program that was linked
// with DPDK's archives has those of the software wires and must load none: a driver would bring the
// shared DPDK along, a second environment beside ours (decision 0008).
[[nodiscard]] bool has_driver_for(PortKind kind) noexcept;

// Whether the kernel would give that many bytes in huge pages now.
[[nodiscard]] bool huge_pages_free(std::size_t bytes) noexcept;

class DpdkEnvironment {
 public:
  // Ignores SIGPIPE from then on unless somebody handles it. Throws base::Error (EX_OSERR, or
  // EX_CONFIG when huge pages are demanded and absent) with what DPDK said.
  DpdkEnvironment(EnvironmentNeeds needs, Pages pages);
  ~DpdkEnvironment();
  DpdkEnvironment(const DpdkEnvironment&) = delete;
  DpdkEnvironment& operator=(const DpdkEnvironment&) = delete;

  [[nodiscard]] bool huge() const noexcept { return huge_; }

  // What DPDK has said since the last call, its last lines only; for the text of an error.
  [[nodiscard]] static std::string take_log();

 private:
  bool huge_ = false;
};

}  // namespace ridley::nic
