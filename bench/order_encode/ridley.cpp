// SPDX-License-Identifier: Apache-2.0
// In: 16,384 intents for 500 instruments. Out: the time of one OUCH Enter Order packet written into
// a slot, of a Replace, and of OrderEntry::send: encode, push into the ring of the session thread,
// and remember the order.
#include <benchmark/benchmark.h>

#include "bench/gate/orders.hpp"
#include "bench/support/google_rows.hpp"
#include "bench/support/report.hpp"
#include "order/order_entry.hpp"
#include "order/order_packets.hpp"
#include "wire/ouch.hpp"

namespace ridley::bench::order_encode {
namespace {

constexpr event::Symbol kSymbol{'R', 'D', 'L', 'Y', ' ', ' ', ' ', ' '};
constexpr std::size_t kRingSlots = 32'768;
constexpr std::size_t kOpenOrders = 1'000;

template <typename Write>
void write_packets(benchmark::State& state, Write&& write) {
  const std::vector<gate::Asked> orders = gate::random_orders(false);
  const order::OrderPackets packets{{'R', 'D', 'L', 'Y'}, 'P'};
  // As many slots as a ring would use in turn while nobody reads for a while.
  std::vector<order::Outbound> slots(256);
  std::uint32_t user_ref = 0;
  for (auto _ : state) {
    ++user_ref;
    order::Outbound& slot = slots[user_ref % slots.size()];
    write(packets, orders[user_ref % gate::kOrders].intent, user_ref, slot);
    benchmark::DoNotOptimize(&slot);
    benchmark::ClobberMemory();
  }
}

void enter_packet(benchmark::State& state) {
  write_packets(state, [](const order::OrderPackets& packets, const event::OrderIntent& intent,
                          std::uint32_t user_ref, order::Outbound& slot) {
    packets.enter(intent, user_ref, kSymbol, slot);
  });
}

void replace_packet(benchmark::State& state) {
  write_packets(state, [](const order::OrderPackets& packets, const event::OrderIntent& intent,
                          std::uint32_t user_ref,
                          order::Outbound& slot) { packets.replace(intent, user_ref, slot); });
}

void log_in(order::OrderEntry& entry) {
  order::Inbound inbound;
  inbound.kind = order::InboundKind::LoggedIn;
  inbound.connection = 1;
  (void)entry.receive(inbound);
  inbound.kind = order::InboundKind::Message;
  std::byte* message = inbound.bytes.data();
  wire::ouch::AccountQueryResponseWriter{message}.next_user_ref_num(1);
  inbound.length = wire::ouch::AccountQueryResponse::kSize;
  (void)entry.receive(inbound);
}

order::Inbound rejection_of(std::uint32_t user_ref) {
  order::Inbound inbound;
  inbound.kind = order::InboundKind::Message;
  wire::ouch::OrderRejectedWriter{inbound.bytes.data()}.user_ref_num(user_ref);
  inbound.length = wire::ouch::OrderRejected::kSize;
  return inbound;
}

// Approved orders are made outside of what is measured, and so is making room: the session thread's
// part and the exchange's are played between batches.
void send(benchmark::State& state) {
  const std::vector<gate::Asked> asked = gate::random_orders(false);
  risk::RiskGate gate{gate::wide_limits(), gate::kInstruments + 1};
  gate::open(gate);
  std::vector<risk::ApprovedOrder> orders;
  for (std::size_t i = 0; i < gate::kOrders; ++i) {
    orders.push_back(*gate.check(asked[i].intent, asked[i].market, i * 1'000).order);
  }
  base::SpscRing<order::Outbound> ring{kRingSlots};
  order::OrderEntry entry{{.firm = {'R', 'D', 'L', 'Y'}}, ring};
  for (std::uint32_t locate = 0; locate <= gate::kInstruments; ++locate) {
    entry.set_symbol(static_cast<std::uint16_t>(locate), kSymbol);
  }
  log_in(entry);
  if (!entry.ready()) return state.SkipWithError("no login");
  std::size_t at = 0;
  std::uint32_t oldest = entry.next_user_ref();
  order::Outbound taken;
  while (state.KeepRunningBatch(kOpenOrders)) {
    for (std::size_t i = 0; i < kOpenOrders; ++i) {
      const order::Sent sent = entry.send(orders[at++ % gate::kOrders]);
      benchmark::DoNotOptimize(&sent);
      benchmark::ClobberMemory();
      if (!sent.ok) return state.SkipWithError("not sent");
    }
    state.PauseTiming();
    for (; oldest < entry.next_user_ref(); ++oldest) (void)entry.receive(rejection_of(oldest));
    while (ring.pop(taken)) {
    }
    state.ResumeTiming();
  }
}

BENCHMARK(enter_packet);
BENCHMARK(replace_packet);
BENCHMARK(send);

}  // namespace
}  // namespace ridley::bench::order_encode

const ridley::bench::Contender ridley::bench::kContender{
    .task = "order_encode",
    .name = "ridley",
    .timed = "the packet alone written into a slot; send: encode, hand over and remember the order",
    .measure = run_google_benchmarks};
