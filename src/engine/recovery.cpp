// SPDX-License-Identifier: Apache-2.0
#include "engine/recovery.hpp"

#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <cstring>

namespace ridley::engine {
namespace {

constexpr std::size_t kReceiveBytes = 65'536;
// Datagrams of one server between two looks at everything else.
constexpr int kDatagramsMax = 64;
// While nothing is missing only the rings are looked at.
constexpr long kIdleNs = 100'000;

std::uint64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

feed::RerequestSettings asking(const RecoverySettings& settings) {
  feed::RerequestSettings asking = settings.asking;
  asking.servers = settings.rerequest.size();
  return asking;
}

}  // namespace

Recovery::Recovery(RecoveryLink& link, RecoveryWire& wire, const RecoverySettings& settings)
    : link_{link},
      wire_{wire},
      settings_{settings},
      counters_{settings.rerequest.size()},
      missing_{asking(settings)},
      older_{asking(settings)},
      join_{link, settings.symbols},
      received_(kReceiveBytes),
      backoff_ns_{settings.backoff_first_ns} {
  // A snapshot is the whole stream of its own session.
  settings_.login.session.clear();
  settings_.login.next_sequence = 1;
}

void Recovery::run() {
  // The kernel's default slack is half of the sleep.
  ::prctl(PR_SET_TIMERSLACK, 1UL);
  // Here and not before the start, which need not wait for it.
  if (settings_.glimpse) link_.shadow = std::make_unique<book::Books>(link_.limits);
  while (!stop_.load(std::memory_order_relaxed)) {
    if (step(monotonic_ns())) continue;
    const timespec idle{.tv_sec = 0, .tv_nsec = kIdleNs};
    ::nanosleep(&idle, nullptr);
  }
}

bool Recovery::step(std::uint64_t now_ns) {
  bool busy = take_missing(now_ns);
  busy |= ask(now_ns);
  busy |= snapshot(now_ns);
  publish_counters();
  return busy;
}

bool Recovery::take_missing(std::uint64_t now_ns) {
  Missing missing;
  bool any = false;
  while (link_.missing.pop(missing)) {
    any = true;
    lost_ = missing.lost;
    missing_.want(missing.session, missing.from, missing.end, now_ns);
  }
  return any;
}

// What comes may be for either: a packet says itself which numbers it has.
bool Recovery::ask(std::uint64_t now_ns) {
  bool busy = hear([this, now_ns](std::span<const std::byte> datagram, std::size_t server) {
    if (missing_.hear(datagram, server)) {
      if (!repair(missing_.from(), datagram)) missing_.ask_again(now_ns);
    } else if (state_ == SnapshotState::Joining && older_.hear(datagram, server)) {
      if (!join_.fill(datagram)) fail(SnapshotFailure::Hole, now_ns);
    } else {
      ++useless_;
    }
  });
  // What is here by now came in time, however late this core looks.
  busy |= send_due(missing_, now_ns);
  if (missing_.take_exhausted()) (void)repair(missing_.from(), {});
  if (state_ == SnapshotState::Joining) busy |= send_due(older_, now_ns);
  return busy;
}

bool Recovery::send_due(feed::RerequestClient& client, std::uint64_t now_ns) {
  const auto request = client.next(now_ns);
  if (request) wire_.ask(request->server, request->packet);
  return request.has_value();
}

template <typename Take>
bool Recovery::hear(Take&& take) {
  bool any = false;
  for (std::size_t server = 0; server < settings_.rerequest.size(); ++server) {
    for (int i = 0; i < kDatagramsMax; ++i) {
      const auto bytes = wire_.answer(server, received_);
      if (!bytes) break;
      any = true;
      take(std::span<const std::byte>{received_}.first(*bytes), server);
    }
  }
  return any;
}

// False: there is no room for it.
bool Recovery::repair(std::uint64_t from, std::span<const std::byte> packet) {
  Packet* const place = link_.repairs.claim();
  if (place == nullptr || packet.size() > place->payload.size()) return false;
  place->from = from;
  place->bytes = static_cast<std::uint32_t>(packet.size());
  if (!packet.empty()) std::memcpy(place->payload.data(), packet.data(), packet.size());
  link_.repairs.publish();
  return true;
}

void Recovery::publish_counters() noexcept {
  const auto set = [](std::atomic<std::uint64_t>& counter, std::uint64_t value) {
    counter.store(value, std::memory_order_relaxed);
  };
  for (std::size_t server = 0; server < counters_.servers.size(); ++server) {
    const feed::RerequestCounters& first = missing_.counters(server);
    const feed::RerequestCounters& second = older_.counters(server);
    ServerCounters& shown = counters_.servers[server];
    set(shown.requests, first.requests + second.requests);
    set(shown.answers, first.answers + second.answers);
    set(shown.timeouts, first.timeouts + second.timeouts);
  }
  set(counters_.useless, useless_);
  set(counters_.exhausted, missing_.exhausted() + older_.exhausted());
}

}  // namespace ridley::engine
