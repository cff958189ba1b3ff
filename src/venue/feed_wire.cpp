// SPDX-License-Identifier: Apache-2.0
#include "venue/feed_wire.hpp"

#include <array>
#include <chrono>
#include <thread>

#include "base/error.hpp"
#include "base/tsc_clock.hpp"
#include "nic/dpdk_port.hpp"
#include "nic/dpdk_setup.hpp"
#include "nic/frame.hpp"
#include "nic/port_description.hpp"

namespace ridley::venue {

namespace {

// A reader that takes nothing for so long is taken for gone.
constexpr std::chrono::milliseconds kPatience{500};

nic::PortRequest request(const std::string& description) {
  nic::PortRequest result;
  result.description = nic::describe_port(description);
  if (!nic::needs_dpdk(result.description.kind)) {
    throw base::Error::with_exit(
        EX_USAGE, "feed port ", description,
        ": nothing can be sent there; want net_vhost0,iface=PATH or a card");
  }
  return result;
}

}  // namespace

struct FeedWire::Parts {
  explicit Parts(const nic::PortRequest& wanted)
      : clock{base::TscClock::calibrate()}, setup{{&wanted, 1}, clock}, port{&setup.port(0)} {}

  base::TscClock clock;
  nic::DpdkSetup setup;
  nic::DpdkPort* port;
  bool patient = true;
};

FeedWire::FeedWire(const std::string& description)
    : parts_{std::make_unique<Parts>(request(description))} {
  nic::DpdkSetup::adopt_calling_thread();
}

FeedWire::~FeedWire() = default;

bool FeedWire::up() const noexcept { return parts_->port->link().up; }

bool FeedWire::send(std::span<const std::byte> frame) noexcept {
  if (parts_->port->send(frame)) return parts_->patient = true;
  if (!up() || !parts_->patient) return false;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (up() && std::chrono::steady_clock::now() < until) {
    std::this_thread::yield();
    if (parts_->port->send(frame)) return true;
  }
  // Once is enough: until the reader takes a frame again, nobody waits for it.
  parts_->patient = false;
  return false;
}

void FeedWire::drain() noexcept {
  std::array<nic::Frame, nic::kBurstFramesMax> frames;
  (void)parts_->port->receive_burst(frames);
}

}  // namespace ridley::venue
