// SPDX-License-Identifier: Apache-2.0
#include "control/feed_events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feed/packets.hpp"
#include "wire/deep.hpp"
#include "wire/pitch.hpp"

namespace ridley::control {
namespace {

using event::EventKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Heard {
  explicit Heard(FeedProtocol protocol) : feed{FeedEvents::make(protocol, {})} {}

  std::unique_ptr<FeedEvents> feed;
  std::vector<EventKind> kinds;
  FeedEvents::Listener listener{
      .on_event = [this](const event::MarketEvent& event) { kinds.push_back(event.kind); },
      .on_session = [] {}};

  feed::Arrival accept(const feed::Bytes& packet) {
    kinds.clear();
    return feed->accept({.payload = packet}, listener).arrival;
  }
  [[nodiscard]] std::vector<std::string> complaints() const {
    std::vector<std::string> complaints;
    feed->complain(complaints);
    return complaints;
  }
};

feed::Bytes pitch_add(std::uint64_t id) {
  return feed::message_of<wire::pitch::AddOrderShort, wire::pitch::AddOrderShortWriter>(
      [id](auto& writer) { writer.order_id(id).side_indicator('B').quantity(1).symbol("A"); });
}

feed::Bytes deep_trade() {
  return feed::message_of<wire::deep::TradeReport, wire::deep::TradeReportWriter>(
      [](auto& writer) { writer.symbol("A").size(1); });
}

}  // namespace

TEST(FeedEvents, AreThoseOfTheProtocol) {
  Heard pitch{FeedProtocol::Pitch};
  EXPECT_EQ(pitch.accept(feed::UnitPacket{1, {pitch_add(1), pitch_add(2)}}.bytes()),
            feed::Arrival::InOrder);
  EXPECT_THAT(pitch.kinds,
              ElementsAre(EventKind::Directory, EventKind::AddOrder, EventKind::AddOrder));
  EXPECT_EQ(pitch.feed->decoded().events, 2u);
  EXPECT_EQ(pitch.accept(feed::UnitPacket{5, {pitch_add(3)}}.bytes()), feed::Arrival::Gap);
  EXPECT_THAT(pitch.kinds, ElementsAre(EventKind::Doubt, EventKind::AddOrder));
  Heard deep{FeedProtocol::IexDeep};
  EXPECT_EQ(deep.accept(feed::IexPacket{1, {deep_trade()}}.bytes()), feed::Arrival::InOrder);
  EXPECT_THAT(deep.kinds, ElementsAre(EventKind::Directory, EventKind::Trade));
  Heard itch{FeedProtocol::Itch};
  EXPECT_EQ(itch.accept(feed::MoldPacket{1, {"?"}}.bytes()), feed::Arrival::InOrder);
  EXPECT_EQ(itch.feed->decoded().unknown_types, 1u);
}

TEST(FeedEvents, LeaveOutOtherFeedsOfIexAndSayHowMany) {
  Heard deep{FeedProtocol::IexDeep};
  feed::IexPacket tops{1, {deep_trade()}};
  tops.protocol = 0x8003;
  EXPECT_EQ(deep.accept(tops.bytes()), feed::Arrival::OtherSession);
  EXPECT_TRUE(deep.kinds.empty());
  EXPECT_THAT(deep.complaints(), ElementsAre(HasSubstr("1 IEX-TP packets are not of DEEP")));
  EXPECT_EQ(deep.accept(feed::IexPacket{1, {deep_trade()}}.bytes()), feed::Arrival::InOrder);
}

TEST(FeedEvents, TellOfOffsetsThatDoNotFollow) {
  Heard deep{FeedProtocol::IexDeep};
  (void)deep.accept(feed::IexPacket{1, {deep_trade()}, 10}.bytes());
  (void)deep.accept(feed::IexPacket{2, {deep_trade()}, 10}.bytes());
  EXPECT_THAT(deep.complaints(), ElementsAre(HasSubstr("1 packets have another stream offset")));
}

}  // namespace ridley::control
