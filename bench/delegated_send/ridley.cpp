// SPDX-License-Identifier: Apache-2.0
// In: a lease, orders that stand in the order room's ring. Out: how long it takes until the frame
// stands in the port and the packet in the session thread's ring. The port is one in memory: what a
// driver does more is in the rows with DPDK, where the machine lets us open one.
#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "bench/delegated_send/orders.hpp"
#include "bench/support/latencies.hpp"
#include "bench/support/report.hpp"
#include "nic/dpdk_port.hpp"
#include "nic/dpdk_setup.hpp"
#include "nic/memory_port.hpp"
#include "order/hot_end.hpp"

namespace ridley::bench::delegated_send {
namespace {

// Another 4 MB are walked through between two orders of the cold row: more than the second cache.
constexpr std::size_t kScrubWords = std::size_t{4} << 17;
constexpr std::size_t kColdOrders = 3'000;

order::WireTask lease() {
  order::WireTask task;
  task.kind = order::WireTaskKind::Lease;
  task.connection = 1;
  task.generation = 1;
  // A head as the kernel writes it; what it says of its addresses costs nothing.
  task.bytes[12] = std::byte{0x08};
  task.bytes[14] = std::byte{0x45};
  task.bytes[23] = std::byte{nic::kProtocolTcp};
  return task;
}

template <typename Port, typename Drain>
Latencies send_orders(Port& port, std::size_t orders, bool cold, Drain drain, Report& report) {
  base::SpscRing<order::Outbound> packets{1'024};
  order::Handover handover{1'024};
  order::HotEnd<Port> hot{port, packets, handover};
  report.check(handover.tasks().push(lease()));
  hot.turn();
  const order::Outbound packet = order_packet();
  std::vector<std::uint64_t> scrub(cold ? kScrubWords : 0);
  Latencies times{orders};
  order::Outbound departed;
  for (std::size_t i = 0; i < orders; ++i) {
    handover.set_permit({.send_until = static_cast<std::uint32_t>(i * packet.length + 1'000),
                         .generation = 1,
                         .limit = order::Fallback::Window});
    handover.set_answer({.acknowledgement = static_cast<std::uint32_t>(i), .window = 500});
    for (std::uint64_t& word : scrub) word += i;
    report.check(packets.push(packet));
    const std::uint64_t begin = base::read_tsc();
    hot.depart();
    times.add(base::read_tsc() - begin);
    report.check(handover.departed().pop(departed) && departed.way == order::Way::Wire);
    drain();
  }
  return times;
}

void measure_in_memory(Report& report, const base::TscClock& clock) {
  nic::MemoryLink link{1'024};
  std::array<nic::Frame, nic::kBurstFramesMax> burst;
  const auto drain = [&] { (void)link.right().receive_burst(burst); };
  report.row("order bytes to the frame in the port", "ns",
             send_orders(link.left(), kOrders, false, drain, report).in_ns(clock));
  report.row("the same behind 4 MB of other work", "ns",
             send_orders(link.left(), kColdOrders, true, drain, report).in_ns(clock));
  report.row("two readings of the counter", "ns", timer_overhead().in_ns(clock));
}

// Each frame is a system call there; needs root.
void measure_af_packet(Report& report, const base::TscClock& clock) {
  try {
    const std::array<nic::PortRequest, 1> wire{
        {{.description = nic::describe_port("net_af_packet0,iface=lo")}}};
    nic::DpdkSetup setup{wire, clock, nic::Pages::Small};
    nic::DpdkSetup::adopt_calling_thread();
    report.row("order bytes to the frame on af_packet", "ns",
               send_orders(setup.port(0), kOrders / 10, false, [] {}, report).in_ns(clock));
  } catch (const base::Error&) {
    // The rows in memory stand alone.
  }
}

void measure(Report& report, Words) {
  const base::TscClock clock = base::TscClock::calibrate();
  measure_in_memory(report, clock);
  measure_af_packet(report, clock);
}

}  // namespace
}  // namespace ridley::bench::delegated_send

const ridley::bench::Contender ridley::bench::kContender{
    .task = "delegated_send",
    .name = "ridley",
    .timed = "HotEnd::depart: permit, template patched, port's send, packet passed on",
    .measure = ridley::bench::delegated_send::measure};
