// SPDX-License-Identifier: Apache-2.0
#include "control/feed_wire.hpp"

#include <array>

#include "base/error.hpp"
#include "nic/dpdk_port.hpp"

namespace ridley::control {

FeedWire::FeedWire(const Config& config, const base::TscCalibration& begun)
    : description_{nic::describe_port(config.feed.port)} {
  const auto finish_clock = [&]() -> const base::TscClock& {
    return clock_.emplace(base::TscClock::calibrate(begun));
  };
  if (nic::needs_dpdk(description_.kind)) {
    const std::array<nic::PortRequest, 1> requests{{{.description = description_}}};
    const bool small = config.engine.huge_pages == HugePages::Off;
    dpdk_ = std::make_unique<nic::DpdkSetup>(requests, finish_clock,
                                             small ? nic::Pages::Small : nic::Pages::Automatic);
  } else if (description_.kind == nic::PortKind::Capture) {
    capture_.emplace(nic::CaptureRecording::load(description_.path), description_.rate,
                     nic::TscReplayClock{finish_clock()});
  } else {
    throw base::Error::with_exit(EX_CONFIG, "feed.port: a memory port joins nothing to a process");
  }
}

nic::IgmpSender FeedWire::sender() const {
  nic::IgmpSender sender;
  if (dpdk_) sender.mac = dpdk_->port(0).mac();
  return sender;
}

void FeedWire::adopt_calling_thread() {
  if (dpdk_) nic::DpdkSetup::adopt_calling_thread();
}

void FeedWire::run(const engine::HotLoop& loop) {
  if (!dpdk_) return engine::run_hot_loop(*capture_, loop);
  engine::run_hot_loop(dpdk_->port(0), loop);
}

nic::PortStatistics FeedWire::statistics() const {
  return dpdk_ ? dpdk_->port(0).statistics() : capture_->statistics();
}

nic::Link FeedWire::link() const { return dpdk_ ? dpdk_->port(0).link() : capture_->link(); }

bool FeedWire::huge_pages() const { return dpdk_ && dpdk_->huge_pages(); }

std::string_view FeedWire::time_source() const {
  return event::name_of(dpdk_ ? dpdk_->port(0).time_source() : event::TimeSource::Capture);
}

}  // namespace ridley::control
