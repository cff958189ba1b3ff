// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/raw_socket.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <time.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "nic/checksum.hpp"
#include "nic/ethernet.hpp"

namespace ridley::xrt_sim {
namespace {

using base::Error;

constexpr std::size_t kFrameRoom = 65'536;
constexpr std::size_t kAddressBytes = 12;  // both of them
constexpr std::size_t kTagBytes = 4;

void set(int socket, int level, int option, const void* value, socklen_t bytes,
         const std::string& interface) {
  if (::setsockopt(socket, level, option, value, bytes) == 0) return;
  throw Error::with_exit(EX_OSERR, "veth:", interface, ": ", std::strerror(errno));
}

Descriptor open_at(const std::string& interface) {
  Descriptor made{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!made) {
    throw Error::with_exit(EX_NOPERM, "veth:", interface, ": ", std::strerror(errno),
                           ": only root (or CAP_NET_RAW) may listen at an interface");
  }
  const unsigned index = ::if_nametoindex(interface.c_str());
  if (index == 0) {
    throw Error::with_exit(EX_NOINPUT, "veth:", interface, ": there is no such interface");
  }
  const int on = 1;
  set(made.number(), SOL_PACKET, PACKET_AUXDATA, &on, sizeof on, interface);
  set(made.number(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on, interface);
  const int room = 4 << 20;
  set(made.number(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room, interface);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(index);
  if (::bind(made.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw Error::with_exit(EX_OSERR, "veth:", interface, ": ", std::strerror(errno));
  }
  packet_mreq everything{};
  everything.mr_ifindex = static_cast<int>(index);
  everything.mr_type = PACKET_MR_PROMISC;
  set(made.number(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &everything, sizeof everything, interface);
  return made;
}

struct Besides {
  std::optional<tpacket_auxdata> packet;
  std::uint64_t ns = 0;
};

Besides read_besides(msghdr& envelope) {
  Besides found;
  for (cmsghdr* part = CMSG_FIRSTHDR(&envelope); part != nullptr;
       part = CMSG_NXTHDR(&envelope, part)) {
    if (part->cmsg_level == SOL_PACKET && part->cmsg_type == PACKET_AUXDATA) {
      std::memcpy(&found.packet.emplace(), CMSG_DATA(part), sizeof(tpacket_auxdata));
    } else if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SO_TIMESTAMPNS) {
      timespec time;
      std::memcpy(&time, CMSG_DATA(part), sizeof time);
      found.ns = static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
                 static_cast<std::uint64_t>(time.tv_nsec);
    }
  }
  return found;
}

}  // namespace

void complete_udp_checksum(std::span<std::byte> frame) {
  std::size_t at = nic::kEthernetHeaderBytes;
  const auto type_at = [&](std::size_t offset) {
    return offset + 2 <= frame.size() ? base::load_big_endian<std::uint16_t>(&frame[offset])
                                      : std::uint16_t{0};
  };
  if (type_at(at - 2) == nic::kEtherTypeVlan) at += kTagBytes;
  if (type_at(at - 2) != nic::kEtherTypeIpv4 || frame.size() < at + nic::kIpv4HeaderBytes) return;
  std::byte* const ip = &frame[at];
  const std::size_t header = static_cast<std::size_t>(ip[0] & std::byte{0xF}) * 4;
  const std::size_t total = base::load_big_endian<std::uint16_t>(ip + 2);
  const bool udp = ip[9] == std::byte{nic::kProtocolUdp};
  if (!udp || total > frame.size() - at || total < header + nic::kUdpHeaderBytes) return;
  std::byte* const datagram = ip + header;
  const std::size_t bytes = total - header;
  base::store_big_endian(datagram + 6, std::uint16_t{0});
  nic::ChecksumSum sum;
  sum.add({ip + 12, 8});  // both addresses
  sum.add_big_endian(std::uint16_t{nic::kProtocolUdp});
  sum.add_big_endian(static_cast<std::uint16_t>(bytes));
  sum.add({datagram, bytes});
  const std::uint16_t right = sum.checksum() == 0 ? nic::kChecksumRight : sum.checksum();
  std::memcpy(datagram + 6, &right, sizeof right);
}

RawSocket::RawSocket(const std::string& interface)
    : socket_{open_at(interface)}, bytes_(kFrameRoom) {}

bool RawSocket::receive(nic::Frame& frame) {
  sockaddr_ll from{};
  alignas(cmsghdr) std::array<char, 256> besides_room{};
  // Room for the tag that the kernel has taken out.
  iovec part{bytes_.data() + kTagBytes, bytes_.size() - kTagBytes};
  msghdr envelope{};
  envelope.msg_name = &from;
  envelope.msg_namelen = sizeof from;
  envelope.msg_iov = &part;
  envelope.msg_iovlen = 1;
  envelope.msg_control = besides_room.data();
  envelope.msg_controllen = besides_room.size();
  const ssize_t got = ::recvmsg(socket_.number(), &envelope, MSG_DONTWAIT);
  if (got <= 0 || from.sll_pkttype == PACKET_OUTGOING) return false;

  std::span<std::byte> bytes{bytes_.data() + kTagBytes, static_cast<std::size_t>(got)};
  const Besides besides = read_besides(envelope);
  const auto status = besides.packet ? besides.packet->tp_status : 0U;
  if ((status & TP_STATUS_VLAN_VALID) != 0 && bytes.size() >= kAddressBytes) {
    std::memmove(bytes_.data(), bytes_.data() + kTagBytes, kAddressBytes);
    const bool typed = (status & TP_STATUS_VLAN_TPID_VALID) != 0;
    base::store_big_endian(bytes_.data() + kAddressBytes,
                           typed ? besides.packet->tp_vlan_tpid : nic::kEtherTypeVlan);
    base::store_big_endian(bytes_.data() + kAddressBytes + 2, besides.packet->tp_vlan_tci);
    bytes = {bytes_.data(), bytes.size() + kTagBytes};
  }
  if ((status & TP_STATUS_CSUMNOTREADY) != 0) complete_udp_checksum(bytes);
  frame = {.bytes = bytes.data(),
           .length = static_cast<std::uint32_t>(bytes.size()),
           .wire_length = static_cast<std::uint32_t>(bytes.size()),
           .stamp = {.ns = besides.ns,
                     .error_ns = nic::kErrorUnknown,
                     .source = event::TimeSource::Capture,
                     .domain = event::ClockDomain::Utc,
                     .reserved = 0}};
  return true;
}

}  // namespace ridley::xrt_sim
