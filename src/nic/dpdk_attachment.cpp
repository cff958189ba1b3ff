// SPDX-License-Identifier: Apache-2.0
// In: one port's request. Out: its device opened, watched, taken away and brought back. Cold.
#include "nic/dpdk_attachment.hpp"

#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/error.hpp"
#include "nic/address.hpp"
#include "nic/dpdk_clock.hpp"
#include "nic/socket_file.hpp"

namespace ridley::nic {
namespace {

using base::Error;
using namespace std::chrono_literals;

// How often a missing peer is looked for: a failed attempt costs a few system calls.
constexpr auto kAttemptEvery = 100ms;

// Polls after which the hot core cannot be using a device any more: it has begun that many bursts
// since the device was hidden, more than a processor keeps stores back (some 70).
constexpr std::uint64_t kPollsUntilUnused = 256;

// An address of our own making (locally administered), the same every day for the same wire, and
// known before the peer comes.
MacAddress mac_for(const std::string& path) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325ULL;  // FNV-1a
  for (const char letter : path) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x0000'0100'0000'01B3ULL;
  }
  MacAddress mac{0x02};
  for (std::size_t i = 1; i < mac.size(); ++i) mac[i] = static_cast<std::uint8_t>(hash >> (8 * i));
  return mac;
}

bool has_argument(const std::string& arguments, const std::string& key) {
  return arguments.starts_with(key + "=") || arguments.find("," + key + "=") != std::string::npos;
}

}  // namespace

DpdkAttachment::DpdkAttachment(AttachmentPlan plan, const base::TscClock& clock,
                               const StampField& field)
    : plan_{std::move(plan)}, clock_{&clock}, field_{&field} {
  const std::string pool = "ridley_pool_" + std::to_string(plan_.index);
  const PacketMemory& memory = plan_.memory;
  port_.pool_ = rte_pktmbuf_pool_create(pool.c_str(), memory.buffers, memory.cache_buffers, 0,
                                        memory.room_bytes, SOCKET_ID_ANY);
  if (port_.pool_ == nullptr) {
    throw Error::with_exit(EX_OSERR, "port ", plan_.request.description.device, ": no memory for ",
                           memory.buffers, " buffers: ", rte_strerror(rte_errno));
  }
  const PortDescription& description = plan_.request.description;
  if (needs_peer() && !has_argument(description.arguments, "mac")) {
    port_.mac_ = mac_for(description.path);
  }
}

DpdkAttachment::~DpdkAttachment() {
  port_.id_.store(DpdkPort::kAbsent, std::memory_order_relaxed);
  port_.release_held();
  if (state_ != State::Absent) close_device();
  rte_mempool_free(port_.pool_);
}

bool DpdkAttachment::needs_peer() const noexcept {
  return plan_.request.description.kind == PortKind::VirtioUser;
}

bool DpdkAttachment::peer_may_be_there() const noexcept {
  struct stat found{};
  return ::stat(plan_.request.description.path.c_str(), &found) == 0;
}

std::string DpdkAttachment::device_arguments() const {
  const PortDescription& description = plan_.request.description;
  std::string arguments = description.arguments;
  if (!needs_peer()) return arguments;
  if (!has_argument(arguments, "queue_size")) {
    arguments += ",queue_size=" + std::to_string(kVirtioRing);
  }
  if (!has_argument(arguments, "mac")) arguments += ",mac=" + format_mac(port_.mac_);
  return arguments;
}

void DpdkAttachment::create_device() {
  const PortDescription& description = plan_.request.description;
  static_cast<void>(DpdkEnvironment::take_log());
  if (description.kind == PortKind::Vhost) remove_stale_socket(description.path);
  if (description.kind != PortKind::Pci) {
    const std::string arguments = device_arguments();
    const int failed = rte_eal_hotplug_add("vdev", description.device.c_str(), arguments.c_str());
    if (failed != 0) {
      throw Error::with_exit(EX_UNAVAILABLE, "port ", description.device, ",", arguments,
                             ": cannot be opened: ", rte_strerror(-failed), "\n",
                             DpdkEnvironment::take_log());
    }
  }
  if (rte_eth_dev_get_port_by_name(description.device.c_str(), &id_) != 0) {
    throw Error::with_exit(EX_UNAVAILABLE, "port ", description.device,
                           ": DPDK has no driver for it, or it is not bound to vfio-pci: "
                           "dpdk-devbind.py -b vfio-pci ",
                           description.device);
  }
}

void DpdkAttachment::open_unless_peer_decides() {
  if (!needs_peer()) open();
}

void DpdkAttachment::open() {
  create_device();
  state_ = State::Open;
  try {
    start_device();
  } catch (...) {
    close_device();
    throw;
  }
  show();
}

void DpdkAttachment::start_device() {
  const std::string& device = plan_.request.description.device;
  rte_eth_dev_info device_facts{};
  if (const int failed = rte_eth_dev_info_get(id_, &device_facts); failed != 0) {
    throw Error::with_exit(EX_OSERR, "port ", device, ": ", rte_strerror(-failed));
  }
  const std::uint64_t stamps = device_facts.rx_offload_capa & RTE_ETH_RX_OFFLOAD_TIMESTAMP;
  rte_eth_conf configuration{};
  configuration.rxmode.offloads = stamps;
  configuration.txmode.offloads = device_facts.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE;
  if (const int failed = rte_eth_dev_configure(id_, 1, 1, &configuration); failed != 0) {
    throw Error::with_exit(EX_OSERR, "port ", device,
                           ": cannot be configured: ", rte_strerror(-failed));
  }
  set_up_queues();
  if (const int failed = rte_eth_dev_start(id_); failed != 0) {
    throw Error::with_exit(EX_OSERR, "port ", device, ": does not start: ", rte_strerror(-failed),
                           "\n", DpdkEnvironment::take_log());
  }
  set_stamps(stamps != 0);
  // Not every driver can take all groups without taking everything.
  const bool groups = rte_eth_allmulticast_enable(id_) == 0;
  if (plan_.request.promiscuous || !groups) rte_eth_promiscuous_enable(id_);
  keep_mac();
}

// Others read it at any time, so it is written once.
void DpdkAttachment::keep_mac() {
  if (port_.mac_ != MacAddress{}) return;
  rte_ether_addr address{};
  rte_eth_macaddr_get(id_, &address);
  std::copy(std::begin(address.addr_bytes), std::end(address.addr_bytes), port_.mac_.begin());
}

void DpdkAttachment::set_up_queues() {
  const std::string& device = plan_.request.description.device;
  std::uint16_t receive = plan_.request.receive_descriptors;
  std::uint16_t send = plan_.request.send_descriptors;
  int failed = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &receive, &send);
  const auto node = static_cast<unsigned>(rte_eth_dev_socket_id(id_));
  if (failed == 0) failed = rte_eth_rx_queue_setup(id_, 0, receive, node, nullptr, port_.pool_);
  if (failed == 0) failed = rte_eth_tx_queue_setup(id_, 0, send, node, nullptr);
  if (failed != 0) {
    throw Error::with_exit(EX_OSERR, "port ", device, ": no queues of ", receive, " and ", send,
                           " frames: ", rte_strerror(-failed), "\n", DpdkEnvironment::take_log());
  }
}

void DpdkAttachment::set_stamps(bool in_hardware) {
  const bool first = port_.stamp_at_ < 0;
  port_.stamp_at_ = field_->at;
  port_.stamp_flag_ = field_->valid_bit;
  const bool from_file = plan_.request.description.kind == PortKind::DpdkCapture;
  if (!in_hardware && !from_file) {
    callback_ = rte_eth_add_first_rx_callback(id_, 0, stamp_burst, const_cast<StampField*>(field_));
  }
  if (!first) return;
  if (from_file) {
    port_.scale_ = scale_of_capture();
  } else {
    port_.scale_ = in_hardware ? scale_of_hardware(id_, *clock_) : scale_of_tsc(*clock_);
  }
}

void DpdkAttachment::show() {
  read_link();
  // Release: everything above is in place before the hot core uses the number.
  port_.id_.store(id_, std::memory_order_release);
}

void DpdkAttachment::withdraw() noexcept {
  // Sequentially consistent: the number is hidden from the hot core before its polls are read.
  port_.id_.store(DpdkPort::kAbsent, std::memory_order_seq_cst);
  polls_at_withdrawal_ = port_.polls_.load(std::memory_order_seq_cst);
  state_ = State::Withdrawn;
}

void DpdkAttachment::close_device() noexcept {
  read_counters();
  before_ = port_.statistics();
  port_.link_up_.store(false, std::memory_order_relaxed);
  if (callback_ != nullptr) {
    rte_eth_remove_rx_callback(id_, 0, callback_);
    callback_ = nullptr;
  }
  rte_eth_dev_stop(id_);
  if (plan_.request.description.kind == PortKind::Pci) {
    rte_eth_dev_close(id_);
  } else {
    // Closes it too.
    rte_eal_hotplug_remove("vdev", plan_.request.description.device.c_str());
  }
  state_ = State::Absent;
}

void DpdkAttachment::look() noexcept {
  switch (state_) {
    case State::Open:
      read_link();
      read_counters();
      // The other end of the software wire has gone; only a new connection brings it back.
      if (needs_peer() && !port_.link().up) withdraw();
      return;
    case State::Withdrawn:
      // Acquire: what the hot core did with the device is over.
      if (port_.polls_.load(std::memory_order_acquire) - polls_at_withdrawal_ >=
          kPollsUntilUnused) {
        close_device();
      }
      return;
    case State::Absent: look_for_peer(); return;
  }
}

void DpdkAttachment::look_for_peer() noexcept {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_attempt_ || !peer_may_be_there()) return;
  next_attempt_ = now + kAttemptEvery;
  try {
    open();
  } catch (const std::exception&) {
    // The socket file is there but nobody answers: as good as no peer.
  }
}

void DpdkAttachment::read_link() noexcept {
  rte_eth_link link{};
  if (rte_eth_link_get_nowait(id_, &link) != 0) link = {};
  const bool known = link.link_speed != RTE_ETH_SPEED_NUM_UNKNOWN;
  port_.megabits_per_second_.store(known ? link.link_speed : 0, std::memory_order_relaxed);
  port_.link_up_.store(link.link_status == RTE_ETH_LINK_UP, std::memory_order_relaxed);
}

void DpdkAttachment::read_counters() noexcept {
  rte_eth_stats counted{};
  if (rte_eth_stats_get(id_, &counted) != 0) return;
  port_.missed_.store(before_.missed + counted.imissed, std::memory_order_relaxed);
  port_.no_buffer_.store(before_.no_buffer + counted.rx_nombuf, std::memory_order_relaxed);
  port_.errors_.store(before_.errors + counted.ierrors, std::memory_order_relaxed);
}

}  // namespace ridley::nic
