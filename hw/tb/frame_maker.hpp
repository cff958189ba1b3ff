// SPDX-License-Identifier: Apache-2.0
// In: a seed. Out: frames for benches, datagrams in every form a network may give them, and frames
// that lie about themselves. One thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <random>
#include <vector>

#include "base/bytes.hpp"
#include "nic/checksum.hpp"
#include "nic/ethernet.hpp"

namespace ridley::card {

class FrameMaker {
 public:
  using Bytes = std::vector<std::byte>;

  explicit FrameMaker(std::uint64_t seed) : random_{seed} {}

  // Up to two tags, up to ten words of options, bytes behind the datagram in the packet and behind
  // the packet in the frame, with a checksum or without.
  Bytes datagram(std::size_t payload_bytes) {
    type_at_ = 12 + 4 * below(3);
    header_bytes_ = 20 + (below(3) == 0 ? 4 * below(11) : 0);
    udp_bytes_ = 8 + payload_bytes;
    total_bytes_ = header_bytes_ + udp_bytes_ + (below(6) == 0 ? below(20) : 0);
    const std::size_t bytes = ip_at() + total_bytes_ + (below(4) == 0 ? below(20) : 0);
    Bytes frame(below(2) == 0 ? std::max(bytes, nic::kFrameBytesMin) : bytes);
    for (std::byte& byte : frame) byte = static_cast<std::byte>(random_());
    for (std::size_t at = 12; at < type_at_; at += 4)
      put<std::uint16_t>(frame, at, kTagTypes.at(below(kTagTypes.size())));
    put<std::uint16_t>(frame, type_at_, nic::kEtherTypeIpv4);
    put<std::uint8_t>(frame, ip_at(), 0x40 | header_bytes_ / 4);
    put<std::uint16_t>(frame, ip_at() + 2, total_bytes_);
    put<std::uint16_t>(frame, ip_at() + 6, 0x4000 * below(4));  // of these bits only one matters
    put<std::uint8_t>(frame, ip_at() + 9, nic::kProtocolUdp);
    put<std::uint16_t>(frame, udp_at() + 4, udp_bytes_);
    mend_datagram(frame);
    mend_header(frame);
    if (below(8) == 0) put<std::uint16_t>(frame, udp_at() + 6, 0);
    return frame;
  }

  // A datagram of which something is no longer right, or something else altogether.
  Bytes hostile(std::size_t payload_bytes) {
    if (below(20) == 0) return noise(1 + below(100));
    Bytes frame = datagram(payload_bytes);
    for (std::size_t change = 1 + below(2); change > 0; --change) break_something(frame);
    if (below(6) == 0) mend_datagram(frame);
    if (below(4) != 0) mend_header(frame);
    if (below(6) == 0) frame.resize(1 + below(frame.size()));
    return frame;
  }

  Bytes noise(std::size_t bytes) {
    Bytes frame(bytes);
    for (std::byte& byte : frame) byte = static_cast<std::byte>(random_());
    return frame;
  }

  // 0 to 1,472, the short ones oftener, and now and then a jumbo.
  std::size_t payload_bytes() {
    const std::size_t kind = below(40);
    if (kind == 0) return below(9'000);
    if (kind < 4) return below(1'473);
    return below(kind < 16 ? 20 : 120);
  }

  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  // Where the datagram made last has its parts.
  [[nodiscard]] std::size_t ip_at() const { return type_at_ + 2; }
  [[nodiscard]] std::size_t udp_at() const { return ip_at() + header_bytes_; }

 private:
  static constexpr std::array kTagTypes{nic::kEtherTypeVlan, nic::kEtherTypeServiceVlan,
                                        nic::kEtherTypeOldServiceVlan};

  template <typename Number>
  static void put(Bytes& frame, std::size_t at, std::uint64_t value) {
    if (at + sizeof(Number) > frame.size()) return;
    base::store_big_endian(&frame[at], static_cast<Number>(value));
  }

  void mend_header(Bytes& frame) const {
    if (frame.size() < udp_at()) return;
    // As long as the header now says it is.
    const std::size_t bytes =
        std::clamp<std::size_t>(4 * (static_cast<std::size_t>(frame[ip_at()]) & 0xF), 20,
                                std::max<std::size_t>(20, frame.size() - ip_at()));
    if (frame.size() < ip_at() + bytes) return;
    put<std::uint16_t>(frame, ip_at() + 10, 0);
    nic::ChecksumSum sum;
    sum.add({&frame[ip_at()], bytes});
    const std::uint16_t checksum = sum.checksum();
    std::memcpy(&frame[ip_at() + 10], &checksum, sizeof checksum);
  }

  void mend_datagram(Bytes& frame) const {
    if (frame.size() < udp_at() + 8) return;
    const auto udp_bytes = base::load_big_endian<std::uint16_t>(&frame[udp_at() + 4]);
    if (frame.size() < udp_at() + udp_bytes) return;
    put<std::uint16_t>(frame, udp_at() + 6, 0);
    nic::ChecksumSum sum;
    sum.add({&frame[ip_at() + 12], 8});
    sum.add_big_endian(std::uint16_t{nic::kProtocolUdp});
    sum.add_big_endian(udp_bytes);
    sum.add({&frame[udp_at()], udp_bytes});
    const std::uint16_t checksum = sum.checksum() == 0 ? nic::kChecksumRight : sum.checksum();
    std::memcpy(&frame[udp_at() + 6], &checksum, sizeof checksum);
  }

  // A length, right or nearly so, or anything.
  std::uint64_t length_near(std::uint64_t right) {
    if (below(4) == 0) return below(65'536);
    return right + below(24) - 12;
  }

  void break_something(Bytes& frame) {
    switch (below(11)) {
      case 0: frame[below(frame.size())] ^= static_cast<std::byte>(1U << below(8)); break;
      case 1: frame.resize(1 + below(frame.size())); break;
      case 2: frame.resize(std::min(frame.size(), 1 + below(ip_at() + 40))); break;
      case 3: put<std::uint16_t>(frame, 12 + 4 * below(3), other_type()); break;
      case 4:
        put<std::uint8_t>(frame, ip_at(), below(3) == 0 ? below(256) : 0x40 | below(16));
        break;
      case 5: put<std::uint16_t>(frame, ip_at() + 2, length_near(total_bytes_)); break;
      case 6: put<std::uint16_t>(frame, ip_at() + 2, header_bytes_ + below(16)); break;
      case 7: put<std::uint16_t>(frame, ip_at() + 6, 1U << below(16)); break;
      case 8:
        put<std::uint8_t>(frame, ip_at() + 9, below(3) == 0 ? below(256) : 2 + 4 * below(2));
        break;
      case 9: put<std::uint16_t>(frame, udp_at() + 4, length_near(udp_bytes_)); break;
      case 10: put<std::uint16_t>(frame, udp_at() + 4, below(16)); break;
    }
  }

  std::uint64_t other_type() {
    static constexpr std::array<std::uint16_t, 8> kTypes{nic::kEtherTypeArp,
                                                         nic::kEtherTypeArp,
                                                         nic::kEtherTypeVlan,
                                                         nic::kEtherTypeServiceVlan,
                                                         nic::kEtherTypeOldServiceVlan,
                                                         nic::kEtherTypeIpv4,
                                                         0x86DD,
                                                         0x0801};
    return kTypes.at(below(kTypes.size()));
  }

  std::mt19937_64 random_;
  std::size_t type_at_ = 12;
  std::size_t header_bytes_ = 20;
  std::size_t udp_bytes_ = 8;
  std::size_t total_bytes_ = 28;
};

}  // namespace ridley::card
