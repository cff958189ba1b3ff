// SPDX-License-Identifier: Apache-2.0
#include "control/feed_protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "feed/mdp_messages.hpp"
#include "feed/packets.hpp"

namespace ridley::control {
namespace {

const feed::Bytes kShort{std::byte{3}, std::byte{'a'}, std::byte{0}};

}  // namespace

TEST(FeedProtocol, IsToldByADatagram) {
  EXPECT_EQ(protocol_of(feed::MoldPacket{1, {"abc"}}.bytes()), FeedProtocol::Itch);
  EXPECT_EQ(protocol_of(feed::MoldPacket{1}.heartbeat()), FeedProtocol::Itch);
  EXPECT_EQ(protocol_of(feed::MoldPacket{1}.end_of_session()), FeedProtocol::Itch);
  EXPECT_EQ(protocol_of(feed::UnitPacket{1, {kShort}}.bytes()), FeedProtocol::Pitch);
  EXPECT_EQ(protocol_of(feed::UnitPacket{}.bytes()), FeedProtocol::Pitch);
  EXPECT_EQ(protocol_of(feed::IexPacket{1, {kShort}}.bytes()), FeedProtocol::IexDeep);
  EXPECT_EQ(protocol_of(feed::IexPacket{}.bytes()), FeedProtocol::IexDeep);
  EXPECT_EQ(protocol_of(feed::mdp::Packet{1, {feed::mdp::heartbeat()}}.bytes()),
            FeedProtocol::Mdp3);
  EXPECT_EQ(protocol_of(feed::mdp::Packet{1, {feed::mdp::book({{}}, {{}})}}.bytes()),
            FeedProtocol::Mdp3);
}

TEST(FeedProtocol, OfCmeIsToldByItsSchema) {
  feed::Bytes message = feed::mdp::book({{}});
  message[6] = std::byte{2};
  EXPECT_EQ(protocol_of(feed::mdp::Packet{1, {message}}.bytes()), std::nullopt) << "another schema";
  message[6] = std::byte{1};
  message[2] = static_cast<std::byte>(message.size() - feed::mdp::kHeaderBytes + 1);
  EXPECT_EQ(protocol_of(feed::mdp::Packet{1, {message}}.bytes()), std::nullopt) << "too long";
  EXPECT_EQ(protocol_of(feed::mdp::Packet{1, {}}.bytes()), std::nullopt) << "no message";
}

TEST(FeedProtocol, OfLevelsAndOfOrdersAreTheSamePackets) {
  EXPECT_TRUE(same_packets(FeedProtocol::Mdp3, FeedProtocol::Mdp3Orders));
  EXPECT_TRUE(same_packets(FeedProtocol::Itch, FeedProtocol::Itch));
  EXPECT_FALSE(same_packets(FeedProtocol::Itch, FeedProtocol::Mdp3));
}

TEST(FeedProtocol, IsNotToldByWhatContradictsItself) {
  for (feed::Bytes packet :
       {feed::MoldPacket{1, {"abc"}}.bytes(), feed::UnitPacket{1, {kShort}}.bytes(),
        feed::IexPacket{1, {kShort}}.bytes(),
        feed::mdp::Packet{1, {feed::mdp::book({{}})}}.bytes()}) {
    packet.pop_back();
    EXPECT_EQ(protocol_of(packet), std::nullopt);
    packet.resize(7);
    EXPECT_EQ(protocol_of(packet), std::nullopt);
  }
  EXPECT_EQ(protocol_of({}), std::nullopt);
  feed::Bytes binary = feed::MoldPacket{1, {"abc"}}.bytes();
  binary[9] = std::byte{0};
  EXPECT_EQ(protocol_of(binary), FeedProtocol::Itch) << "made anonymous";
  binary[9] = std::byte{0x80};
  EXPECT_EQ(protocol_of(binary), std::nullopt) << "a session is text";
}

TEST(FeedProtocol, IsSuspectedByASessionOfText) {
  feed::Bytes packet = feed::MoldPacket{1, {"abc"}}.bytes();
  packet.pop_back();
  EXPECT_EQ(suspicion_of(packet), FeedProtocol::Itch);
  packet.resize(19);
  EXPECT_EQ(suspicion_of(packet), std::nullopt);
}

TEST(FeedProtocol, HasANameAndAutoHasNone) {
  for (std::size_t i = 0; i < kFeedProtocols; ++i) {
    const auto protocol = static_cast<FeedProtocol>(i);
    EXPECT_EQ(parse_protocol(name_of(protocol)), protocol);
    EXPECT_FALSE(transport_of(protocol).empty());
  }
  EXPECT_EQ(parse_protocol("auto"), std::nullopt);
  EXPECT_EQ(parse_protocol(""), std::nullopt);
  EXPECT_EQ(protocol_names(true), "auto, itch, pitch, iex-deep, cme-mdp3, cme-mdp3-orders");
  try {
    (void)parse_protocol("ouch");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("not one of auto, itch, pitch, iex-deep"));
  }
}

}  // namespace ridley::control
