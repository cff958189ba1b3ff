// SPDX-License-Identifier: Apache-2.0
#include "engine/hot_loop.hpp"

#include <thread>

#include "engine/allocation_watch.hpp"
#include "engine/pipeline.hpp"

namespace ridley::engine {
namespace {

template <nic::Port FeedPort, typename Card, typename Wire>
void run(FeedPort& port, const HotLoop& loop, Card card, Wire wire) noexcept {
  Pipeline<FeedPort, TscHopClock, Card, Wire> pipeline{port, loop.street.rooms(),
                                                       TscHopClock{loop.clock}, card, wire};
  std::uint64_t publish_ns = 0;
  {
    const HotSection watched;
    // Relaxed: the flag guards nothing but itself.
    while (!loop.finish.load(std::memory_order_relaxed) && !pipeline.stopped()) {
      const std::uint64_t now_ns = loop.clock.utc_ns(base::read_tsc());
      const std::size_t frames = pipeline.poll(now_ns);
      loop.membership.refresh(port, now_ns);
      if (now_ns >= publish_ns) {
        loop.street.publish();
        publish_ns = now_ns + kPublishNs;
      }
      if (loop.yields && frames == 0) std::this_thread::yield();  // Cold: shares its core anyway
    }
    loop.membership.leave(port);
    wire.leave();
    loop.street.publish();
  }
  // Release: whoever sees it sees the last counters too.
  loop.finished.store(true, std::memory_order_release);
}

template <nic::Port FeedPort, typename Card>
void run(FeedPort& port, const HotLoop& loop, Card card) noexcept {
  if (loop.wire != nullptr) return run(port, loop, card, WithWire<WireEnd>{*loop.wire});
  run(port, loop, card, NoWire{});
}

template <nic::Port FeedPort>
void run(FeedPort& port, const HotLoop& loop) noexcept {
  if (loop.card != nullptr) return run(port, loop, WithCard{*loop.card});
  run(port, loop, NoCard{});
}

}  // namespace

void run_hot_loop(nic::DpdkPort& port, const HotLoop& loop) noexcept { run(port, loop); }

void run_hot_loop(ReplayPort& port, const HotLoop& loop) noexcept { run(port, loop); }

}  // namespace ridley::engine
