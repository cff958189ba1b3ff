// SPDX-License-Identifier: Apache-2.0
// One end of a wire, for tests that need two processes.
//   wire_peer DEVICE huge|small|automatic exchange COUNT   sends COUNT numbered frames, wants as
//   many wire_peer DEVICE PAGES echo                            sends back what comes, until stdin
//   ends wire_peer DEVICE PAGES ping COUNT                      round trips one at a time, prints
//   their times wire_peer DEVICE PAGES receive COUNT                   prints each datagram's
//   payload and time source wire_peer DEVICE PAGES join GROUP                      sends an IGMP
//   join and leave, then waits as echo
// DEVICE may be several, with semicolons between them; the last one is used, the others are open.
// Prints one word or number line for every change: "ready", "link up", "link down", results.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/tsc_clock.hpp"
#include "nic/address.hpp"
#include "nic/datagram.hpp"
#include "nic/dpdk_port.hpp"
#include "nic/dpdk_setup.hpp"
#include "nic/igmp.hpp"

namespace {

using namespace ridley;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kPatience = 60s;
constexpr std::size_t kHeadBytes = 14;

struct Numbered {
  std::uint64_t number;
  std::uint64_t done;  // 1: the sender has received everything it wanted
};

volatile std::sig_atomic_t interrupted = 0;

// True once the parent has closed our standard input, or on a signal.
bool told_to_end() {
  if (interrupted != 0) return true;
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (::poll(&input, 1, 0) <= 0) return false;
  char ignored[64];
  return ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0;
}

class LinkReport {
 public:
  explicit LinkReport(const nic::DpdkPort& port) : port_{port} {}
  void look() {
    const bool up = port_.link().up;
    if (up == up_) return;
    up_ = up;
    std::cout << (up ? "link up" : "link down") << std::endl;
  }
  [[nodiscard]] bool up() const { return up_; }

 private:
  const nic::DpdkPort& port_;
  bool up_ = false;
};

std::array<std::byte, 64> frame_with(const Numbered& numbered) {
  std::array<std::byte, 64> frame{};
  frame[12] = std::byte{0x88};  // local experimental
  frame[13] = std::byte{0xB5};
  std::memcpy(frame.data() + kHeadBytes, &numbered, sizeof numbered);
  return frame;
}

bool is_ours(const nic::Frame& frame) {
  return frame.length >= 64 && frame.bytes[12] == std::byte{0x88} &&
         frame.bytes[13] == std::byte{0xB5};
}

Numbered numbered_in(const nic::Frame& frame) {
  Numbered numbered;
  std::memcpy(&numbered, frame.bytes + kHeadBytes, sizeof numbered);
  return numbered;
}

// Both ends send and receive at once; a refused frame is sent again. Ends when both have
// everything.
int exchange(nic::DpdkPort& port, std::uint64_t count) {
  std::array<nic::Frame, nic::kBurstFramesMax> burst;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t wrong = 0;
  std::uint64_t unstamped = 0;
  bool peer_done = false;
  LinkReport link{port};
  const auto end = Clock::now() + kPatience;
  auto leave = Clock::time_point::max();
  while (Clock::now() < end && Clock::now() < leave && !told_to_end()) {
    link.look();
    for (int i = 0; i < 64 && sent < count && port.send(frame_with({sent, 0})); ++i) ++sent;
    const std::size_t frames = port.receive_burst(burst);
    for (std::size_t i = 0; i < frames; ++i) {
      if (!is_ours(burst[i])) continue;
      const Numbered numbered = numbered_in(burst[i]);
      if (burst[i].stamp.source == event::TimeSource::None) ++unstamped;
      if (numbered.done != 0) {
        peer_done = true;
      } else if (numbered.number == received) {
        ++received;
      } else {
        ++wrong;
      }
    }
    if (sent == count && received == count) {
      static_cast<void>(port.send(frame_with({sent, 1})));
      // The peer may still be waiting for our last word; it repeats, so do we, for a while.
      if (peer_done && leave == Clock::time_point::max()) leave = Clock::now() + 200ms;
      std::this_thread::sleep_for(1ms);
    } else if (frames == 0) {
      std::this_thread::yield();
    }
  }
  std::cout << "sent " << sent << " received " << received << " wrong " << wrong << " unstamped "
            << unstamped << std::endl;
  return sent == count && received == count && wrong == 0 && unstamped == 0 ? 0 : 1;
}

int echo(nic::DpdkPort& port) {
  std::array<nic::Frame, nic::kBurstFramesMax> burst;
  LinkReport link{port};
  std::uint64_t echoed = 0;
  for (std::uint64_t round = 0; round % 64 != 0 || !told_to_end(); ++round) {
    link.look();
    const std::size_t frames = port.receive_burst(burst);
    for (std::size_t i = 0; i < frames; ++i) {
      if (is_ours(burst[i]) && port.send(burst[i].span())) ++echoed;
    }
    if (frames == 0) std::this_thread::yield();
  }
  std::cout << "echoed " << echoed << std::endl;
  return 0;
}

// Whether the frame with that number came back, and how long it took.
bool round_trip(nic::DpdkPort& port, std::uint64_t number, std::uint64_t& ticks) {
  std::array<nic::Frame, nic::kBurstFramesMax> burst;
  const std::uint64_t start = base::read_tsc();
  if (!port.send(frame_with({number, 0}))) return false;
  const auto end = Clock::now() + 50ms;
  while (Clock::now() < end) {
    const std::size_t frames = port.receive_burst(burst);
    for (std::size_t i = 0; i < frames; ++i) {
      if (!is_ours(burst[i]) || numbered_in(burst[i]).number != number) continue;
      ticks = base::read_tsc() - start;
      return true;
    }
  }
  return false;
}

int ping(nic::DpdkPort& port, const base::TscClock& clock, std::uint64_t count) {
  std::vector<std::uint64_t> times;
  std::uint64_t lost = 0;
  const auto end = Clock::now() + kPatience;
  for (std::uint64_t i = 0; times.size() < count && Clock::now() < end && !told_to_end(); ++i) {
    std::uint64_t ticks = 0;
    if (round_trip(port, i, ticks)) {
      times.push_back(clock.duration_ns(ticks));
    } else {
      ++lost;
      std::array<nic::Frame, nic::kBurstFramesMax> burst;
      static_cast<void>(port.receive_burst(burst));
      std::this_thread::sleep_for(1ms);
    }
  }
  std::sort(times.begin(), times.end());
  if (times.empty()) return 1;
  std::cout << "round trips " << times.size() << " without answer " << lost << " ns min "
            << times.front() << " p50 " << times[times.size() / 2] << " p99 "
            << times[times.size() * 99 / 100] << " max " << times.back() << std::endl;
  return times.size() == count ? 0 : 1;
}

int receive(nic::DpdkPort& port, std::uint64_t count) {
  std::array<nic::Frame, nic::kBurstFramesMax> burst;
  nic::Datagram datagram;
  std::uint64_t printed = 0;
  const auto end = Clock::now() + kPatience;
  while (printed < count && Clock::now() < end && !told_to_end()) {
    const std::size_t frames = port.receive_burst(burst);
    for (std::size_t i = 0; i < frames; ++i) {
      // The kernel leaves the UDP checksum of veth traffic to the card that is not there.
      if (nic::strip(burst[i], datagram, {.header_checksum = true, .udp_checksum = false}) !=
          nic::Strip::Udp) {
        continue;
      }
      if (datagram.payload.size() < 6) continue;
      const std::string text{reinterpret_cast<const char*>(datagram.payload.data()),
                             datagram.payload.size()};
      if (!text.starts_with("ridley")) continue;
      std::cout << "datagram " << text << " to " << nic::format_ipv4(datagram.destination_ip) << ':'
                << datagram.destination_port << " source "
                << static_cast<int>(burst[i].stamp.source) << " ns " << burst[i].stamp.ns
                << std::endl;
      ++printed;
    }
    if (frames == 0) std::this_thread::sleep_for(100us);
  }
  return printed == count ? 0 : 1;
}

int join(nic::DpdkPort& port, const std::string& group_text) {
  const auto group = nic::parse_ipv4(group_text);
  if (!group) return 2;
  std::array<std::byte, nic::kFrameBytesMax> room;
  const nic::IgmpSender sender{.mac = port.mac(), .ip = 0x0A4D'0002};
  const std::size_t joined = nic::build_igmp_join(room, sender, *group);
  if (!port.send({room.data(), joined})) return 1;
  const std::size_t left = nic::build_igmp_leave(room, sender, *group);
  if (!port.send({room.data(), left})) return 1;
  std::cout << "joined" << std::endl;
  return echo(port);
}

int send_once(nic::DpdkPort& port, std::uint64_t count) {
  const auto start = Clock::now();
  std::uint64_t sent = 0;
  for (std::uint64_t i = 0; i < count; ++i) sent += port.send(frame_with({i, 0})) ? 1 : 0;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
  std::cout << "sent " << sent << " refused " << port.statistics().send_refused << " in "
            << took.count() << " ms" << std::endl;
  return 0;
}

int run(const std::vector<std::string>& arguments) {
  const auto clock = base::TscClock::calibrate();
  std::vector<nic::PortRequest> requests;
  std::stringstream devices{arguments[0]};
  for (std::string device; std::getline(devices, device, ';');) {
    requests.emplace_back().description = nic::describe_port(device);
  }
  const nic::Pages pages = arguments[1] == "huge"    ? nic::Pages::Huge
                           : arguments[1] == "small" ? nic::Pages::Small
                                                     : nic::Pages::Automatic;
  const auto start = Clock::now();
  nic::DpdkSetup setup{requests, clock, pages};
  const auto took = std::chrono::duration<double, std::milli>(Clock::now() - start);
  std::cout << "ready " << (setup.huge_pages() ? "huge" : "small") << " in " << took.count()
            << " ms" << std::endl;
  nic::DpdkSetup::adopt_calling_thread();
  nic::DpdkPort& port = setup.port(setup.port_count() - 1);
  const std::uint64_t count =
      arguments.size() > 3 ? std::strtoull(arguments[3].c_str(), nullptr, 10) : 0;
  if (arguments[2] == "exchange") return exchange(port, count);
  if (arguments[2] == "echo") return echo(port);
  if (arguments[2] == "ping") return ping(port, clock, count);
  if (arguments[2] == "receive") return receive(port, count);
  if (arguments[2] == "send") return send_once(port, count);
  if (arguments[2] == "join") return join(port, arguments[3]);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::signal(SIGTERM, [](int) { interrupted = 1; });
  try {
    if (argc < 4) return 2;
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cout << "error " << error.what() << std::endl;
    return 3;
  }
}
