// SPDX-License-Identifier: Apache-2.0
#include "venue/feed_wire.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <vector>

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

// One wire, and whether its reader is waited for.
struct Wire {
  nic::DpdkPort* port;
  bool patient = true;

  [[nodiscard]] bool up() const noexcept { return port->link().up; }

  bool send(std::span<const std::byte> frame) noexcept {
    if (port->send(frame)) return patient = true;
    if (!up() || !patient) return false;
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (up() && std::chrono::steady_clock::now() < until) {
      std::this_thread::yield();
      if (port->send(frame)) return true;
    }
    // Once is enough: until the reader takes a frame again, nobody waits for it.
    patient = false;
    return false;
  }
};

}  // namespace

struct FeedWire::Parts {
  explicit Parts(std::span<const nic::PortRequest> wanted)
      : clock{base::TscClock::calibrate()}, setup{wanted, clock} {
    for (std::size_t i = 0; i < wanted.size(); ++i) wires.push_back({&setup.port(i)});
  }

  base::TscClock clock;
  nic::DpdkSetup setup;
  std::vector<Wire> wires;
};

FeedWire::FeedWire(std::span<const std::string> descriptions) {
  std::vector<nic::PortRequest> wanted;
  for (const std::string& description : descriptions) wanted.push_back(request(description));
  parts_ = std::make_unique<Parts>(wanted);
  nic::DpdkSetup::adopt_calling_thread();
}

FeedWire::~FeedWire() = default;

bool FeedWire::up() const noexcept {
  return std::ranges::all_of(parts_->wires, [](const Wire& wire) { return wire.up(); });
}

bool FeedWire::send(std::span<const std::byte> frame) noexcept {
  bool everywhere = true;
  for (Wire& wire : parts_->wires) everywhere = wire.send(frame) && everywhere;
  return everywhere;
}

bool FeedWire::send_on(std::size_t wire, std::span<const std::byte> frame) noexcept {
  return parts_->wires[wire].send(frame);
}

void FeedWire::drain() noexcept {
  std::array<nic::Frame, nic::kBurstFramesMax> frames;
  for (const Wire& wire : parts_->wires) (void)wire.port->receive_burst(frames);
}

}  // namespace ridley::venue
