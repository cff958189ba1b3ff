// SPDX-License-Identifier: Apache-2.0
#include "nic/tap_network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <net/route.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <fstream>
#include <thread>

#include "base/error.hpp"

namespace ridley::nic {
namespace {

[[noreturn]] void fail(const TapSettings& settings, const char* what) {
  const bool forbidden = errno == EPERM || errno == EACCES;
  throw base::Error::with_exit(forbidden ? EX_NOPERM : EX_OSERR, "interface ", settings.name,
                               ": cannot ", what, ": ", std::strerror(errno),
                               forbidden ? "; CAP_NET_ADMIN and CAP_SYS_ADMIN are needed" : "");
}

ifreq named(const TapSettings& settings) {
  ifreq wanted{};
  settings.name.copy(wanted.ifr_name, IFNAMSIZ - 1);
  return wanted;
}

void put_address(sockaddr& to, std::uint32_t ip) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(ip);
  std::memcpy(&to, &address, sizeof address);
}

base::Descriptor open_tap(const TapSettings& settings) {
  base::Descriptor tap{::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC)};
  if (!tap) fail(settings, "open /dev/net/tun");
  // Without a header of its own the kernel leaves nothing to a card: whole checksums, no segments
  // longer than the MTU.
  ifreq wanted = named(settings);
  wanted.ifr_flags = IFF_TAP | IFF_NO_PI;
  if (::ioctl(tap.number(), TUNSETIFF, &wanted) != 0) fail(settings, "make the interface");
  return tap;
}

class Interface {
 public:
  explicit Interface(const TapSettings& settings)
      : settings_{settings}, socket_{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
    if (!socket_) fail(settings, "open a socket");
  }

  void set_mac() {
    if (settings_.mac == MacAddress{}) return;
    ifreq wanted = named(settings_);
    wanted.ifr_hwaddr.sa_family = ARPHRD_ETHER;
    std::memcpy(wanted.ifr_hwaddr.sa_data, settings_.mac.data(), settings_.mac.size());
    ask(SIOCSIFHWADDR, wanted, "set the MAC address");
  }

  void set_sizes() {
    ifreq wanted = named(settings_);
    wanted.ifr_mtu = static_cast<int>(settings_.mtu);
    ask(SIOCSIFMTU, wanted, "set the MTU");
    wanted = named(settings_);
    wanted.ifr_qlen = kTapQueueFrames;
    ask(SIOCSIFTXQLEN, wanted, "set the length of the queue");
  }

  void set_ip() {
    ifreq wanted = named(settings_);
    put_address(wanted.ifr_addr, settings_.ip);
    ask(SIOCSIFADDR, wanted, "set the address");
    wanted = named(settings_);
    put_address(wanted.ifr_netmask,
                settings_.prefix_bits == 0 ? 0 : ~0U << (32 - settings_.prefix_bits));
    ask(SIOCSIFNETMASK, wanted, "set the mask");
  }

  void set_up() {
    ifreq wanted = named(settings_);
    wanted.ifr_flags = IFF_UP | IFF_RUNNING;
    ask(SIOCSIFFLAGS, wanted, "switch it on");
  }

  void set_gateway() {
    if (settings_.gateway == 0) return;
    rtentry route{};
    put_address(route.rt_gateway, settings_.gateway);
    put_address(route.rt_dst, 0);
    put_address(route.rt_genmask, 0);
    route.rt_flags = RTF_UP | RTF_GATEWAY;
    if (::ioctl(socket_.number(), SIOCADDRT, &route) != 0) fail(settings_, "set the gateway");
  }

 private:
  void ask(unsigned long what, ifreq& wanted, const char* words) {
    if (::ioctl(socket_.number(), what, &wanted) != 0) fail(settings_, words);
  }

  const TapSettings& settings_;
  base::Descriptor socket_;
};

// /proc/sys/net shows the settings of the namespace of the thread that opens it.
void set_in_kernel(const TapSettings::KernelSetting& setting) {
  std::ofstream file{"/proc/sys/net/" + setting.path};
  file << setting.value << std::flush;
}

}  // namespace

// A thread that leaves its namespace cannot come back without asking for it, so another one goes.
TapNetwork::TapNetwork(const TapSettings& settings) {
  std::exception_ptr failure;
  std::thread{[&] {
    try {
      open(settings);
    } catch (...) {
      failure = std::current_exception();
    }
  }}.join();
  if (failure) std::rethrow_exception(failure);
}

void TapNetwork::open(const TapSettings& settings) {
  if (::unshare(CLONE_NEWNET) != 0) fail(settings, "make a network namespace");
  space_ = base::Descriptor{::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)};
  if (!space_) fail(settings, "open the network namespace");
  set_in_kernel({"ipv6/conf/all/disable_ipv6", "1"});
  for (const TapSettings::KernelSetting& setting : settings.kernel_settings) set_in_kernel(setting);
  tap_ = open_tap(settings);
  Interface interface{settings};
  interface.set_mac();
  interface.set_sizes();
  interface.set_ip();
  interface.set_up();
  interface.set_gateway();
}

void TapNetwork::enter() const {
  if (::setns(space_.number(), CLONE_NEWNET) != 0)
    throw base::Error::with_exit(EX_OSERR,
                                 "cannot enter the network namespace: ", std::strerror(errno));
}

std::size_t TapNetwork::read(std::span<std::byte> room) const noexcept {
  const ssize_t count = ::read(tap_.number(), room.data(), room.size());
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool TapNetwork::write(std::span<const std::byte> frame) const noexcept {
  return ::write(tap_.number(), frame.data(), frame.size()) == static_cast<ssize_t>(frame.size());
}

}  // namespace ridley::nic
