// SPDX-License-Identifier: Apache-2.0
#include "wire/soup.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace ridley::wire::soup {
namespace {

template <std::size_t N>
std::string_view text(const std::array<std::byte, N>& bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

}  // namespace

TEST(Soup, WritesALoginWithLengthAndPaddingOfEachKind) {
  std::array<std::byte, LoginRequest::kSizeWithOptions> bytes{};
  LoginRequestWriter{bytes.data()}
      .username("rid")
      .password("ley")
      .requested_session("S1")
      .requested_sequence_number(42);
  EXPECT_EQ(text(bytes, 49).substr(2), "Lrid   ley               S1                  42");
  EXPECT_EQ(LoginRequest(bytes.data()).packet_length(), 47u);
  EXPECT_FALSE(LoginRequest(bytes.data(), 49).has_heartbeat_timeout());
  LoginRequestWriter{bytes.data()}.heartbeat_timeout(1'500).packet_length(52);
  const LoginRequest longer{bytes.data(), 54};
  ASSERT_TRUE(longer.has_heartbeat_timeout());
  EXPECT_EQ(longer.heartbeat_timeout().value(), 1'500u);
  EXPECT_EQ(longer.requested_session().trimmed(), "S1");
}

TEST(Soup, GivesThePayloadOfAPacketAndNoMore) {
  std::array<std::byte, 8> bytes{};
  SequencedDataWriter{bytes.data()}.packet_length(3);
  EXPECT_EQ(SequencedData(bytes.data(), 5).payload().size(), 2u);
  EXPECT_EQ(SequencedData(bytes.data(), 8).payload().size(), 2u);
  EXPECT_EQ(SequencedData(bytes.data(), 4).payload().size(), 1u);
  SequencedDataWriter{bytes.data()}.packet_length(0);
  EXPECT_EQ(SequencedData(bytes.data(), 8).payload().size(), 0u);
}

TEST(Soup, TellsTheTwoDirectionsApart) {
  std::array<std::byte, 3> bytes{std::byte{0}, std::byte{1}, std::byte{'R'}};
  const auto ignore = [](const auto&) {};
  EXPECT_TRUE(visit_client(bytes, ignore));
  EXPECT_FALSE(visit_server(bytes, ignore));
  bytes[2] = std::byte{'U'};
  EXPECT_TRUE(visit_client(bytes, ignore));
  EXPECT_TRUE(visit_server(bytes, ignore));
  EXPECT_FALSE(visit_server({bytes.data(), 2}, ignore));
}

}  // namespace ridley::wire::soup
