// SPDX-License-Identifier: Apache-2.0
#include "feed/glance.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>
#include <vector>

#include "feed/mold_packet.hpp"

namespace ridley::feed {
namespace {

namespace itch = wire::itch;

constexpr std::uint16_t kLocate = 0x1234;
constexpr std::uint64_t kId = 0x1122'3344'5566'7788;

template <typename Writer, std::size_t kSize>
std::string_view message(std::array<std::byte, kSize>& bytes) {
  Writer{bytes.data()}.stock_locate(kLocate).order_reference_number(kId);
  return {reinterpret_cast<const char*>(bytes.data()), kSize};
}

}  // namespace

TEST(Glance, SeesTheOrderOfTheFirstMessage) {
  std::array<std::byte, itch::OrderDelete::kSize> deleted{};
  std::array<std::byte, itch::AddOrder::kSize> added{};
  const std::string_view first = message<itch::OrderDeleteWriter>(deleted);
  const std::string_view second = message<itch::AddOrderWriter>(added);
  using Messages = std::vector<std::string_view>;
  for (const Messages& messages : {Messages{first}, Messages{second}, Messages{first, "x"}}) {
    const Bytes packet = MoldPacket{.messages = messages}.bytes();
    EXPECT_EQ(glance(packet).locate, kLocate);
    EXPECT_EQ(glance(packet).order_id, kId);
  }
}

TEST(Glance, SeesNothingInWhatIsTooShortForAnOrder) {
  std::array<std::byte, itch::OrderDelete::kSize> deleted{};
  Bytes packet = MoldPacket{.messages = {message<itch::OrderDeleteWriter>(deleted)}}.bytes();
  for (packet.pop_back();; packet.pop_back()) {
    EXPECT_EQ(glance(packet).locate, 0) << packet.size();
    EXPECT_EQ(glance(packet).order_id, 0u) << packet.size();
    if (packet.empty()) break;
  }
}

}  // namespace ridley::feed
