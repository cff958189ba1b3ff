// SPDX-License-Identifier: Apache-2.0
#include "control/wires.hpp"

#include <vector>

#include "base/error.hpp"
#include "nic/dpdk_port.hpp"

namespace ridley::control {

Wires::Wires(const Config& config, const base::TscCalibration& begun) {
  const nic::PortDescription feed = nic::describe_port(config.feed.port);
  const auto finish_clock = [&]() -> const base::TscClock& {
    return clock_ ? *clock_ : clock_.emplace(base::TscClock::calibrate(begun));
  };
  open(config, feed, finish_clock);
  if (feed_ != nullptr) return;
  if (feed.kind != nic::PortKind::Capture)
    throw base::Error::with_exit(EX_CONFIG, "feed.port: a memory port joins nothing to a process");
  capture_.emplace(nic::CaptureRecording::load(feed.path), feed.rate,
                   nic::TscReplayClock{finish_clock()});
}

// DPDK starts once a process, with all of its ports.
void Wires::open(const Config& config, const nic::PortDescription& feed,
                 const nic::DpdkSetup::ClockSource& clock) {
  std::vector<nic::PortRequest> requests;
  const bool has_feed = nic::needs_dpdk(feed.kind);
  const bool has_order = config.order.transport == Transport::Delegated;
  if (has_feed) requests.push_back({.description = feed});
  if (has_order) requests.push_back({.description = nic::describe_port(config.order.wire)});
  if (requests.empty()) return;
  const bool small = config.engine.huge_pages == HugePages::Off;
  dpdk_ = std::make_unique<nic::DpdkSetup>(requests, clock,
                                           small ? nic::Pages::Small : nic::Pages::Automatic);
  if (has_feed) feed_ = &dpdk_->port(0);
  if (has_order) order_ = &dpdk_->port(requests.size() - 1);
}

nic::IgmpSender Wires::sender() const {
  nic::IgmpSender sender;
  if (feed_ != nullptr) sender.mac = feed_->mac();
  return sender;
}

void Wires::adopt_calling_thread() {
  if (dpdk_) nic::DpdkSetup::adopt_calling_thread();
}

void Wires::run(const engine::HotLoop& loop) {
  if (feed_ == nullptr) return engine::run_hot_loop(*capture_, loop);
  engine::run_hot_loop(*feed_, loop);
}

nic::PortStatistics Wires::statistics() const {
  return feed_ != nullptr ? feed_->statistics() : capture_->statistics();
}

nic::Link Wires::link() const { return feed_ != nullptr ? feed_->link() : capture_->link(); }

bool Wires::huge_pages() const { return dpdk_ && dpdk_->huge_pages(); }

std::string_view Wires::time_source() const {
  return event::name_of(feed_ != nullptr ? feed_->time_source() : event::TimeSource::Capture);
}

}  // namespace ridley::control
