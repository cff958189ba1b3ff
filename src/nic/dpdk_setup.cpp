// SPDX-License-Identifier: Apache-2.0
// In: the ports a process wants. Out: DPDK started and a DpdkPort for each; a cold thread watches
// them. Cold.
#include "nic/dpdk_setup.hpp"

#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "nic/dpdk_attachment.hpp"
#include "nic/dpdk_port.hpp"
#include "nic/packet_memory.hpp"

namespace ridley::nic {
namespace {

using base::Error;
using namespace std::chrono_literals;

// How old link() may be. A look costs a system call or a register read.
constexpr auto kLookEvery = 20ms;

std::vector<std::string> drivers_for(std::span<const PortRequest> requests) {
  std::vector<std::string> drivers;
  const auto want = [&drivers](const char* driver) {
    if (std::find(drivers.begin(), drivers.end(), driver) == drivers.end()) {
      drivers.emplace_back(driver);
    }
  };
  want("mempool_ring");
  for (const PortRequest& request : requests) {
    if (request.description.kind != PortKind::Pci) want("bus_vdev");
    switch (request.description.kind) {
      case PortKind::Vhost: want("net_vhost"); break;
      case PortKind::VirtioUser: want("net_virtio"); break;
      case PortKind::AfPacket: want("net_af_packet"); break;
      case PortKind::AfXdp: want("net_af_xdp"); break;
      case PortKind::DpdkCapture: want("net_pcap"); break;
      case PortKind::Pci:
      case PortKind::Capture:
      case PortKind::Memory: break;
    }
  }
  return drivers;
}

EnvironmentNeeds needs_of(std::span<const PortRequest> requests) {
  EnvironmentNeeds needs;
  needs.file_prefix = "ridley_" + std::to_string(::getpid());
  needs.drivers = drivers_for(requests);
  for (const PortRequest& request : requests) {
    if (!needs_dpdk(request.description.kind)) {
      throw Error::with_exit(EX_CONFIG, "a port of kind ", name(request.description.kind),
                             " does not go through DPDK");
    }
    needs.bytes += packet_memory_for(request).bytes;
    if (request.description.kind == PortKind::Pci) {
      const std::string& arguments = request.description.arguments;
      needs.pci_addresses.push_back(request.description.device +
                                    (arguments.empty() ? "" : "," + arguments));
    }
  }
  return needs;
}

StampField register_stamp_field() {
  StampField field;
  if (rte_mbuf_dyn_rx_timestamp_register(&field.at, &field.valid_bit) != 0) {
    throw Error::with_exit(EX_OSERR, "DPDK has no room for time stamps: ", rte_strerror(rte_errno));
  }
  return field;
}

}  // namespace

struct DpdkSetup::Parts {
  Parts(std::span<const PortRequest> requests, const ClockSource& ready_clock, Pages pages)
      : environment{needs_of(requests), pages}, field{register_stamp_field()} {
    const base::TscClock& clock = ready_clock();
    for (std::size_t i = 0; i < requests.size(); ++i) {
      attachments.push_back(std::make_unique<DpdkAttachment>(
          AttachmentPlan{
              .request = requests[i], .index = i, .memory = packet_memory_for(requests[i])},
          clock, field));
    }
    for (const auto& attachment : attachments) attachment->open_unless_peer_decides();
    watcher = std::thread{[this] { watch(); }};
  }

  ~Parts() {
    {
      const std::lock_guard lock{mutex};
      ending = true;
    }
    wake.notify_one();
    if (watcher.joinable()) watcher.join();
  }

  void watch() {
    std::unique_lock lock{mutex};
    do {
      for (const auto& attachment : attachments) attachment->look();
    } while (!wake.wait_for(lock, kLookEvery, [this] { return ending; }));
  }

  // Ports are closed before the environment ends.
  DpdkEnvironment environment;
  StampField field;
  std::vector<std::unique_ptr<DpdkAttachment>> attachments;
  std::mutex mutex;
  std::condition_variable wake;
  bool ending = false;
  std::thread watcher;
};

DpdkSetup::DpdkSetup(std::span<const PortRequest> requests, const base::TscClock& clock,
                     Pages pages)
    : DpdkSetup{requests, [&clock]() -> const base::TscClock& { return clock; }, pages} {}

DpdkSetup::DpdkSetup(std::span<const PortRequest> requests, const ClockSource& clock, Pages pages)
    : parts_{std::make_unique<Parts>(requests, clock, pages)} {}

DpdkSetup::~DpdkSetup() = default;

DpdkPort& DpdkSetup::port(std::size_t index) noexcept { return parts_->attachments[index]->port(); }
std::size_t DpdkSetup::port_count() const noexcept { return parts_->attachments.size(); }
bool DpdkSetup::huge_pages() const noexcept { return parts_->environment.huge(); }

void DpdkSetup::adopt_calling_thread() {
  if (rte_lcore_id() == LCORE_ID_ANY && rte_thread_register() != 0) {
    throw Error::with_exit(EX_OSERR, "DPDK takes no further thread: ", rte_strerror(rte_errno));
  }
}

}  // namespace ridley::nic
