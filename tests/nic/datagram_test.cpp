// SPDX-License-Identifier: Apache-2.0
#include "nic/datagram.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

#include "nic/frames.hpp"

namespace ridley::nic {
namespace {

using test::Bytes;
using test::bytes_of;
using test::frame_of;
using test::hello_frame;

constexpr std::size_t kIpAt = 14;
constexpr std::size_t kUdpAt = 34;

Strip strip_bytes(const Bytes& bytes, StripChecks checks = {}) {
  Datagram datagram;
  return strip(frame_of(bytes), datagram, checks);
}

// Puts the header checksum right again after a change.
void mend_header_checksum(Bytes& bytes, std::size_t header_bytes = 20) {
  bytes[kIpAt + 10] = bytes[kIpAt + 11] = std::byte{0};
  ChecksumSum sum;
  sum.add({bytes.data() + kIpAt, header_bytes});
  const std::uint16_t checksum = sum.checksum();
  std::memcpy(bytes.data() + kIpAt + 10, &checksum, 2);
}

Bytes tagged(std::initializer_list<unsigned> tags) {
  Bytes bytes = hello_frame();
  const Bytes inserted = bytes_of(tags);
  bytes.insert(bytes.begin() + 12, inserted.begin(), inserted.end());
  return bytes;
}

}  // namespace

TEST(Strip, GivesPayloadAndAddresses) {
  const Bytes bytes = hello_frame();
  Datagram datagram;
  ASSERT_EQ(strip(frame_of(bytes), datagram), Strip::Udp);
  EXPECT_EQ(
      std::string(reinterpret_cast<const char*>(datagram.payload.data()), datagram.payload.size()),
      "hello");
  EXPECT_EQ(datagram.source_ip, 0xC000'0201u);
  EXPECT_EQ(datagram.destination_ip, 0xE936'0C01u);
  EXPECT_EQ(datagram.source_port, 4000);
  EXPECT_EQ(datagram.destination_port, 26477);
  EXPECT_EQ(datagram.vlan, 0);
}

TEST(Strip, IgnoresEthernetPaddingBehindThePacket) {
  Bytes bytes = hello_frame();
  bytes.resize(60, std::byte{0xFF});
  Datagram datagram;
  ASSERT_EQ(strip(frame_of(bytes), datagram), Strip::Udp);
  EXPECT_EQ(datagram.payload.size(), 5u);
}

TEST(Strip, LooksThroughOneTagAndTwo) {
  Datagram datagram;
  const Bytes one = tagged({0x81, 0x00, 0xE0, 0x07});
  ASSERT_EQ(strip(frame_of(one), datagram), Strip::Udp);
  EXPECT_EQ(datagram.vlan, 7);
  const Bytes two = tagged({0x88, 0xA8, 0x00, 0x09, 0x81, 0x00, 0x0F, 0xFF});
  ASSERT_EQ(strip(frame_of(two), datagram), Strip::Udp);
  EXPECT_EQ(datagram.vlan, 0xFFF);
  const Bytes three =
      tagged({0x88, 0xA8, 0x00, 0x09, 0x81, 0x00, 0x00, 0x01, 0x81, 0x00, 0x00, 0x02});
  EXPECT_EQ(strip(frame_of(three), datagram), Strip::NotIpv4);
}

TEST(Strip, SkipsIpv4Options) {
  Bytes bytes = hello_frame();
  const Bytes options = bytes_of({0x94, 0x04, 0x00, 0x00});
  bytes.insert(bytes.begin() + kUdpAt, options.begin(), options.end());
  bytes[kIpAt] = std::byte{0x46};
  bytes[kIpAt + 3] = std::byte{0x25};
  mend_header_checksum(bytes, 24);
  Datagram datagram;
  ASSERT_EQ(strip(frame_of(bytes), datagram), Strip::Udp);
  EXPECT_EQ(datagram.payload.size(), 5u);
  EXPECT_EQ(datagram.destination_port, 26477);
}

TEST(Strip, CallsEveryShorterFrameTruncated) {
  const Bytes whole = tagged({0x81, 0x00, 0x00, 0x07});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    // A vector of its own, so that a read beyond the end is seen by the sanitizer.
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(strip_bytes(cut), Strip::Truncated) << length << " bytes";
  }
  EXPECT_EQ(strip_bytes(whole), Strip::Udp);
}

TEST(Strip, SeesEveryFlippedBitOfTheHeaderAndThePayload) {
  const Bytes whole = hello_frame();
  for (std::size_t at = kIpAt; at < whole.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes bytes = whole;
      bytes[at] ^= static_cast<std::byte>(1U << bit);
      EXPECT_NE(strip_bytes(bytes), Strip::Udp) << "byte " << at << " bit " << bit;
    }
  }
}

TEST(Strip, TakesWrongChecksumsWhenNotAskedToLook) {
  Bytes bytes = hello_frame();
  bytes.back() ^= std::byte{1};
  EXPECT_EQ(strip_bytes(bytes), Strip::BadUdpChecksum);
  EXPECT_EQ(strip_bytes(bytes, {.header_checksum = true, .udp_checksum = false}), Strip::Udp);
  bytes = hello_frame();
  bytes[kIpAt + 8] ^= std::byte{1};
  EXPECT_EQ(strip_bytes(bytes), Strip::BadHeaderChecksum);
  EXPECT_EQ(strip_bytes(bytes, {.header_checksum = false, .udp_checksum = true}), Strip::Udp);
}

TEST(Strip, TakesADatagramWithoutAChecksum) {
  Bytes bytes = hello_frame();
  bytes[kUdpAt + 6] = bytes[kUdpAt + 7] = std::byte{0};
  bytes.back() ^= std::byte{1};
  EXPECT_EQ(strip_bytes(bytes), Strip::Udp);
}

TEST(Strip, NamesWhatIsNotADatagram) {
  Bytes bytes = hello_frame();
  bytes[13] = std::byte{0x06};
  EXPECT_EQ(strip_bytes(bytes), Strip::Arp);
  bytes[12] = std::byte{0x86};
  bytes[13] = std::byte{0xDD};
  EXPECT_EQ(strip_bytes(bytes), Strip::NotIpv4);
  for (const auto& [protocol, cause] : {std::pair{2U, Strip::Igmp}, std::pair{6U, Strip::Tcp},
                                        std::pair{1U, Strip::OtherProtocol}}) {
    bytes = hello_frame();
    bytes[kIpAt + 9] = static_cast<std::byte>(protocol);
    mend_header_checksum(bytes);
    EXPECT_EQ(strip_bytes(bytes), cause);
  }
}

TEST(Strip, RefusesFragmentsFirstAndLater) {
  for (const auto& [high, low] : {std::pair{0x20U, 0x00U}, std::pair{0x00U, 0x01U}}) {
    Bytes bytes = hello_frame();
    bytes[kIpAt + 6] = static_cast<std::byte>(high);
    bytes[kIpAt + 7] = static_cast<std::byte>(low);
    mend_header_checksum(bytes);
    EXPECT_EQ(strip_bytes(bytes), Strip::Fragment);
  }
}

TEST(Strip, RefusesHeadersThatContradictThemselves) {
  Bytes bytes = hello_frame();
  bytes[kIpAt] = std::byte{0x44};  // 16 bytes
  mend_header_checksum(bytes);
  EXPECT_EQ(strip_bytes(bytes), Strip::BadHeader);
  bytes = hello_frame();
  bytes[kIpAt + 3] = std::byte{19};
  mend_header_checksum(bytes);
  EXPECT_EQ(strip_bytes(bytes), Strip::BadHeader);
  bytes = hello_frame();
  bytes[kIpAt + 3] = std::byte{27};  // seven bytes for UDP
  mend_header_checksum(bytes);
  EXPECT_EQ(strip_bytes(bytes), Strip::BadUdpLength);
}

TEST(Strip, RefusesAUdpLengthBelowItsHeaderOrBeyondThePacket) {
  for (const unsigned length : {7U, 14U}) {
    Bytes bytes = hello_frame();
    bytes[kUdpAt + 5] = static_cast<std::byte>(length);
    EXPECT_EQ(strip_bytes(bytes), Strip::BadUdpLength) << length;
  }
}

TEST(DatagramReader, CountsEveryFrameUnderExactlyOneCause) {
  MulticastFilter filter;
  ASSERT_TRUE(filter.add(0xE936'0C01, 26477, 3));
  DatagramReader reader{filter};
  Datagram datagram;
  Bytes bytes = hello_frame();
  EXPECT_EQ(reader.read(frame_of(bytes), datagram), Strip::Udp);
  EXPECT_EQ(datagram.line, 3);
  bytes[kUdpAt + 3] ^= std::byte{1};
  bytes[kUdpAt + 6] = bytes[kUdpAt + 7] = std::byte{0};
  EXPECT_EQ(reader.read(frame_of(bytes), datagram), Strip::OtherAddress);
  bytes.resize(30);
  EXPECT_EQ(reader.read(frame_of(bytes), datagram), Strip::Truncated);
  EXPECT_EQ(reader.counts().of(Strip::Udp), 1u);
  EXPECT_EQ(reader.counts().of(Strip::OtherAddress), 1u);
  EXPECT_EQ(reader.counts().of(Strip::Truncated), 1u);
  EXPECT_EQ(reader.counts().total(), 3u);
}

TEST(DatagramReader, SurvivesRandomlyBrokenFrames) {
  const char* given = std::getenv("RIDLEY_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                         : std::random_device{}();
  SCOPED_TRACE("RIDLEY_SEED=" + std::to_string(seed));
  std::mt19937 random{seed};
  DatagramReader reader{MulticastFilter{}};
  const Bytes whole = hello_frame();
  constexpr std::uint64_t kFrames = 50'000;
  for (std::uint64_t i = 0; i < kFrames; ++i) {
    Bytes bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(random() % 48));
    for (int change = 0; change < 3 && !bytes.empty(); ++change) {
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    }
    Datagram datagram;
    const Strip cause = reader.read(frame_of(bytes), datagram);
    ASSERT_LT(static_cast<std::size_t>(cause), kStripCauses);
  }
  EXPECT_EQ(reader.counts().total(), kFrames);
}

}  // namespace ridley::nic
