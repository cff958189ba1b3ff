// SPDX-License-Identifier: Apache-2.0
#include "wire/appendage.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "wire/ouch.hpp"

namespace ridley::wire::ouch {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> out;
  for (const int value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}

std::size_t count(const Appendages& appendages) {
  std::size_t found = 0;
  for ([[maybe_unused]] const Element element : appendages) ++found;
  return found;
}

TEST(Appendages, ReadsACapturedFirmElement) {
  const auto tail = bytes({0x00, 0x06, 0x05, 0x02, 0x4C, 0x49, 0x4D, 0x45});
  const Appendages appendages = Appendages::behind(tail, 0);
  ASSERT_TRUE(appendages.well_formed());
  ASSERT_EQ(count(appendages), 1u);
  EXPECT_EQ((*appendages.begin()).tag, Tag::Firm);
  EXPECT_EQ((*appendages.begin()).text(), "LIME");
}

TEST(Appendages, AreAbsentWhereTheMessageEnds) {
  const auto message = bytes({1, 2, 3});
  const Appendages appendages = Appendages::behind(message, 3);
  EXPECT_TRUE(appendages.well_formed());
  EXPECT_EQ(count(appendages), 0u);
}

TEST(Appendages, RefuseHalfACount) {
  const auto message = bytes({1, 2, 3, 0});
  EXPECT_FALSE(Appendages::behind(message, 3).well_formed());
}

TEST(Appendages, RefuseAnElementOfLengthZero) {
  const auto tail = bytes({0, 5, 2, 12, 'P', 0, 7});
  const Appendages appendages = Appendages::behind(tail, 0);
  EXPECT_FALSE(appendages.well_formed());
  EXPECT_EQ(count(appendages), 1u);  // what stands before it is still there
}

TEST(Appendages, RefuseAnElementThatRunsOverTheCount) {
  const auto tail = bytes({0, 4, 5, 3, 0, 0});
  EXPECT_FALSE(Appendages::behind(tail, 0).well_formed());
  EXPECT_EQ(count(Appendages::behind(tail, 0)), 0u);
}

TEST(Appendages, RefuseACountThatDiffersFromTheReceivedBytes) {
  const auto longer = bytes({0, 9, 2, 12, 'P'});
  EXPECT_FALSE(Appendages::behind(longer, 0).well_formed());
  EXPECT_EQ(count(Appendages::behind(longer, 0)), 1u);
  const auto shorter = bytes({0, 3, 2, 12, 'P', 2, 12, 'P'});
  EXPECT_FALSE(Appendages::behind(shorter, 0).well_formed());
  EXPECT_EQ(count(Appendages::behind(shorter, 0)), 1u);
}

TEST(Appendages, SkipATagNobodyKnows) {
  const auto tail = bytes({0, 8, 3, 200, 1, 2, 3, 24, 0, 7});
  const Appendages appendages = Appendages::behind(tail, 0);
  EXPECT_TRUE(appendages.well_formed());
  EXPECT_EQ(appendages.find(Tag::GroupId)->number<std::uint16_t>(), 7u);
  EXPECT_FALSE(appendages.find(Tag::GroupId)->number<std::uint32_t>());
  EXPECT_FALSE(appendages.find(Tag::Firm));
}

TEST(Appendages, TakeATagWithoutAValue) {
  const auto tail = bytes({0, 2, 1, 12});
  EXPECT_TRUE(Appendages::behind(tail, 0).well_formed());
  EXPECT_EQ((*Appendages::behind(tail, 0).begin()).value.size(), 0u);
}

TEST(Appender, WritesWhatAppendagesRead) {
  std::array<std::byte, kInboundBytesMax> message{};
  EnterOrderWriter{message.data()}.user_ref_num(5);
  Appender appender{message, EnterOrder::kFixedSize};
  EXPECT_EQ(appender.size(), EnterOrder::kSize);
  EXPECT_TRUE(appender.add_text(Tag::Firm, "LIME"));
  EXPECT_TRUE(appender.add_number<std::uint32_t>(Tag::MinQty, 100));
  EXPECT_TRUE(appender.add_character(Tag::PostOnly, 'P'));
  const EnterOrder order{message.data(), appender.size()};
  EXPECT_EQ(order.appendage_length(), 6 + 6 + 3);
  EXPECT_TRUE(order.appendages().well_formed());
  EXPECT_EQ(order.appendages().find(Tag::MinQty)->number<std::uint32_t>(), 100u);
  EXPECT_EQ(order.appendages().find(Tag::PostOnly)->text(), "P");
}

TEST(Appender, RefusesWhatDoesNotFitAndKeepsTheRest) {
  std::array<std::byte, 9> message{};
  Appender appender{message, 1};
  EXPECT_TRUE(appender.add_text(Tag::Firm, "LIME"));
  EXPECT_FALSE(appender.add_character(Tag::PostOnly, 'P'));
  EXPECT_TRUE(Appendages::behind(message, 1).well_formed());
}

TEST(OptionalFields, AreThereWhenTheLengthSaysSo) {
  std::array<std::byte, 64> message{};
  AiqCanceledWriter{message.data()}.aiq_strategy('x');
  EXPECT_FALSE(AiqCanceled(message.data(), 31).has_aiq_strategy());
  EXPECT_TRUE(AiqCanceled(message.data(), 32).has_aiq_strategy());
  base::store_big_endian<std::uint16_t>(message.data() + 31, 0);
  EXPECT_FALSE(AiqCanceled(message.data(), 33).has_aiq_strategy());
  EXPECT_TRUE(AiqCanceled(message.data(), 33).appendages().well_formed());
  EXPECT_TRUE(AiqCanceled(message.data(), 34).has_aiq_strategy());
  EXPECT_TRUE(AiqCanceled(message.data(), 34).appendages().well_formed());
}

}  // namespace ridley::wire::ouch
