// SPDX-License-Identifier: Apache-2.0
#include "venue/feed_wire.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <chrono>
#include <string_view>
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

constexpr std::string_view kLineNames = "ABC";
using LineSet = std::bitset<kLineNames.size()>;

struct Wanted {
  nic::PortRequest port;
  LineSet lines;
};

// "AB:" and so on before the description of the port.
Wanted wanted_of(const std::string& description) {
  const std::size_t names = std::string_view{description}.find_first_not_of(kLineNames);
  const bool some = names != 0 && names < description.size() && description[names] == ':';
  Wanted result;
  for (std::size_t i = 0; i < kLineNames.size(); ++i)
    result.lines[i] = !some || description.find(kLineNames[i]) < names;
  result.port.description = nic::describe_port(some ? description.substr(names + 1) : description);
  if (!nic::needs_dpdk(result.port.description.kind)) {
    throw base::Error::with_exit(
        EX_USAGE, "feed port ", description,
        ": nothing can be sent there; want net_vhost0,iface=PATH or a card");
  }
  return result;
}

std::vector<nic::PortRequest> requests_of(std::span<const Wanted> wanted) {
  std::vector<nic::PortRequest> requests;
  for (const Wanted& wire : wanted) requests.push_back(wire.port);
  return requests;
}

// One wire, and whether its reader is waited for.
struct Wire {
  nic::DpdkPort* port;
  LineSet lines;
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
  explicit Parts(std::span<const Wanted> wanted)
      : clock{base::TscClock::calibrate()}, setup{requests_of(wanted), clock} {
    for (std::size_t i = 0; i < wanted.size(); ++i)
      wires.push_back({.port = &setup.port(i), .lines = wanted[i].lines});
  }

  base::TscClock clock;
  nic::DpdkSetup setup;
  std::vector<Wire> wires;
};

FeedWire::FeedWire(std::span<const std::string> descriptions) {
  std::vector<Wanted> wanted;
  for (const std::string& description : descriptions) wanted.push_back(wanted_of(description));
  parts_ = std::make_unique<Parts>(wanted);
  nic::DpdkSetup::adopt_calling_thread();
}

FeedWire::~FeedWire() = default;

bool FeedWire::up() const noexcept {
  return std::ranges::all_of(parts_->wires, [](const Wire& wire) { return wire.up(); });
}

bool FeedWire::send(std::size_t line, std::span<const std::byte> frame) noexcept {
  bool everywhere = true;
  for (Wire& wire : parts_->wires)
    if (wire.lines.test(line)) everywhere = wire.send(frame) && everywhere;
  return everywhere;
}

void FeedWire::drain() noexcept {
  std::array<nic::Frame, nic::kBurstFramesMax> frames;
  for (const Wire& wire : parts_->wires) (void)wire.port->receive_burst(frames);
}

}  // namespace ridley::venue
