// SPDX-License-Identifier: Apache-2.0
// In: the text that names a port in the configuration. Out: what kind of port that is, with its
// parts. Cold.
#include "nic/port_description.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/error.hpp"

namespace ridley::nic {
namespace {

using base::Error;

struct VirtualDevice {
  std::string_view driver;
  std::string_view path_key;  // the argument without which it is useless
  PortKind kind;
  std::string_view example;
};

constexpr std::array kVirtualDevices{
    VirtualDevice{"net_vhost", "iface", PortKind::Vhost, "net_vhost0,iface=/run/ridley/line_a"},
    VirtualDevice{"net_virtio_user", "path", PortKind::VirtioUser,
                  "net_virtio_user0,path=/run/ridley/line_a"},
    VirtualDevice{"net_af_packet", "iface", PortKind::AfPacket, "net_af_packet0,iface=eth1"},
    VirtualDevice{"net_af_xdp", "iface", PortKind::AfXdp, "net_af_xdp0,iface=eth1"},
    VirtualDevice{"net_pcap", "rx_pcap", PortKind::DpdkCapture, "net_pcap0,rx_pcap=day.pcap"},
};

constexpr std::string_view kForms =
    "a port is a PCI address (0000:01:00.0), net_vhostN,iface=PATH, net_virtio_userN,path=PATH, "
    "net_af_packetN,iface=NAME, net_af_xdpN,iface=NAME, net_pcapN,rx_pcap=FILE, "
    "pcap:FILE,rate=1x|8x|max or memory";

// A sun_path holds 108 bytes with its end.
constexpr std::size_t kSocketPathMax = 107;
// IFNAMSIZ without its end.
constexpr std::size_t kInterfaceNameMax = 15;

bool is_pci_address(std::string_view text) {
  constexpr std::string_view kPattern = "hhhh:hh:hh.o";
  if (text.size() != kPattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    const bool hexadecimal = std::isxdigit(static_cast<unsigned char>(letter)) != 0;
    const bool right = kPattern[i] == 'h'   ? hexadecimal
                       : kPattern[i] == 'o' ? letter >= '0' && letter <= '7'
                                            : letter == kPattern[i];
    if (!right) return false;
  }
  return true;
}

// The value of key in "a=1,b=2"; empty when it is absent.
std::string_view value_of(std::string_view arguments, std::string_view key) {
  while (!arguments.empty()) {
    const std::size_t comma = arguments.find(',');
    const std::string_view argument = arguments.substr(0, comma);
    const std::size_t equals = argument.find('=');
    if (equals != std::string_view::npos && argument.substr(0, equals) == key) {
      return argument.substr(equals + 1);
    }
    arguments = comma == std::string_view::npos ? std::string_view{} : arguments.substr(comma + 1);
  }
  return {};
}

PortDescription describe_capture(std::string_view text, std::string_view rest) {
  const std::size_t comma = rest.rfind(",rate=");
  PortDescription port{.kind = PortKind::Capture,
                       .device = {},
                       .arguments = {},
                       .path = std::string{rest.substr(0, comma)},
                       .rate = ReplayRate::Recorded};
  if (port.path.empty()) {
    throw Error::with_exit(EX_CONFIG, "port \"", text, "\": no file; write pcap:FILE,rate=1x");
  }
  if (comma == std::string_view::npos) return port;
  const std::string_view rate = rest.substr(comma + 6);
  if (rate == "1x") return port;
  if (rate == "8x") {
    port.rate = ReplayRate::EightTimes;
  } else if (rate == "max") {
    port.rate = ReplayRate::Unlimited;
  } else {
    throw Error::with_exit(EX_CONFIG, "port \"", text, "\": rate is \"", rate,
                           "\", not 1x, 8x or max");
  }
  return port;
}

void check_path(std::string_view text, const PortDescription& port) {
  const bool socket = port.kind == PortKind::Vhost || port.kind == PortKind::VirtioUser;
  if (socket && port.path.size() > kSocketPathMax) {
    throw Error::with_exit(EX_CONFIG, "port \"", text, "\": a socket path has up to ",
                           kSocketPathMax, " bytes, this one has ", port.path.size());
  }
  const bool interface = port.kind == PortKind::AfPacket || port.kind == PortKind::AfXdp;
  if (interface && port.path.size() > kInterfaceNameMax) {
    throw Error::with_exit(EX_CONFIG, "port \"", text, "\": an interface name has up to ",
                           kInterfaceNameMax, " bytes, this one has ", port.path.size());
  }
}

PortDescription describe_virtual(std::string_view text, const VirtualDevice& known) {
  const std::size_t comma = text.find(',');
  const std::string_view device = text.substr(0, comma);
  const std::string_view number = device.substr(known.driver.size());
  const bool digits = !number.empty() && number.size() <= 3 &&
                      std::all_of(number.begin(), number.end(),
                                  [](char letter) { return letter >= '0' && letter <= '9'; });
  if (!digits) {
    throw Error::with_exit(EX_CONFIG, "port \"", text, "\": ", known.driver,
                           " needs a number behind it, as in ", known.example);
  }
  const std::string_view arguments =
      comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  PortDescription port{.kind = known.kind,
                       .device = std::string{device},
                       .arguments = std::string{arguments},
                       .path = std::string{value_of(arguments, known.path_key)},
                       .rate = ReplayRate::Recorded};
  // DPDK's capture port can also be given an interface.
  if (port.path.empty() && port.kind == PortKind::DpdkCapture) {
    port.path = value_of(arguments, "iface");
  }
  if (port.path.empty()) {
    throw Error::with_exit(EX_CONFIG, "port \"", text, "\": ", known.path_key,
                           "= is missing, as in ", known.example);
  }
  check_path(text, port);
  return port;
}

}  // namespace

PortDescription describe_port(std::string_view text) {
  if (text == "memory") return {};
  if (text.starts_with("pcap:")) return describe_capture(text, text.substr(5));
  const std::string_view head = text.substr(0, text.find(','));
  if (is_pci_address(head)) {
    const bool bare = head.size() == text.size();
    return {.kind = PortKind::Pci,
            .device = std::string{head},
            .arguments = std::string{bare ? std::string_view{} : text.substr(head.size() + 1)},
            .path = {},
            .rate = ReplayRate::Recorded};
  }
  for (const VirtualDevice& known : kVirtualDevices) {
    if (text.starts_with(known.driver)) return describe_virtual(text, known);
  }
  throw Error::with_exit(EX_CONFIG, "port \"", text, "\" is of no known kind: ", kForms);
}

const char* name(PortKind kind) noexcept {
  switch (kind) {
    case PortKind::Pci: return "pci";
    case PortKind::Vhost: return "vhost";
    case PortKind::VirtioUser: return "virtio_user";
    case PortKind::AfPacket: return "af_packet";
    case PortKind::AfXdp: return "af_xdp";
    case PortKind::DpdkCapture: return "dpdk_pcap";
    case PortKind::Capture: return "capture";
    case PortKind::Memory: return "memory";
  }
  return "unknown";
}

}  // namespace ridley::nic
