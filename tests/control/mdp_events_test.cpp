// SPDX-License-Identifier: Apache-2.0
#include "control/mdp_events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feed/mdp_messages.hpp"

namespace ridley::control {
namespace {

using event::EventKind;
using feed::Arrival;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint32_t kLive = 0xE0001F01;
constexpr std::uint32_t kSnapshots = 0xE0001F2B;

struct Heard {
  explicit Heard(feed::MdpView view = feed::MdpView::Levels)
      : feed{{.policy = feed::SessionPolicy::Refuse,
              .first_sequence = feed::SequencerOptions::kAdopt},
             0,
             view} {}

  MdpEvents feed;
  std::vector<EventKind> kinds;
  FeedEvents::Listener listener{
      .on_event = [this](const event::MarketEvent& event) { kinds.push_back(event.kind); },
      .on_session = [] {}};

  Arrival accept(std::uint32_t ip, std::uint32_t sequence, std::vector<feed::Bytes> messages) {
    kinds.clear();
    const feed::Bytes packet = feed::mdp::Packet{sequence, std::move(messages)}.bytes();
    return feed
        .accept({.payload = packet, .destination_ip = ip, .destination_port = 14310}, listener)
        .arrival;
  }
  [[nodiscard]] std::vector<std::string> complaints() const {
    std::vector<std::string> complaints;
    feed.complain(complaints);
    return complaints;
  }
};

}  // namespace

TEST(MdpEvents, AddressesHaveTheRoleOfTheirFirstMessage) {
  Heard heard;
  EXPECT_EQ(heard.accept(kSnapshots, 1, {feed::mdp::Snapshot{}.bytes()}), Arrival::Unsequenced);
  EXPECT_EQ(heard.accept(kLive, 50, {feed::mdp::book({{}})}), Arrival::InOrder);
  EXPECT_THAT(heard.complaints(), ElementsAre(HasSubstr("1 books wait for a snapshot")));
  EXPECT_EQ(heard.accept(kSnapshots, 2, {feed::mdp::Snapshot{.last_sequence = 50}.bytes()}),
            Arrival::Unsequenced);
  EXPECT_EQ(heard.kinds.front(), EventKind::SnapshotBegin);
  EXPECT_THAT(heard.complaints(), IsEmpty());
  EXPECT_EQ(heard.accept(kLive, 51, {feed::mdp::book({{.position = 2, .price_e9 = 1}})}),
            Arrival::InOrder);
  EXPECT_EQ(heard.feed.counters().packets, 2u);
  EXPECT_EQ(heard.feed.decoded().events, 2u);
}

TEST(MdpEvents, OtherChannelsAreLeftOutAndCounted) {
  Heard heard;
  EXPECT_EQ(heard.accept(9, 1, {feed::mdp::heartbeat()}), Arrival::OtherSession);
  EXPECT_EQ(heard.accept(kLive, 1, {feed::mdp::book({{}})}), Arrival::InOrder);
  EXPECT_EQ(heard.accept(kLive + 1, 7'000, {feed::mdp::book({{}})}), Arrival::OtherSession);
  EXPECT_TRUE(heard.kinds.empty());
  EXPECT_THAT(heard.complaints(), ElementsAre(HasSubstr("2 packets to other addresses")));
}

TEST(MdpEvents, SayWhereOrdersAreToBeSeen) {
  Heard heard;
  (void)heard.accept(kLive, 1, {feed::mdp::order_book({{}, {}})});
  EXPECT_THAT(heard.complaints(),
              ElementsAre(HasSubstr("2 orders were not looked at: --protocol cme-mdp3-orders")));
  Heard orders{feed::MdpView::Orders};
  (void)orders.accept(kLive, 1, {feed::mdp::order_book({{}, {.id = 2}})});
  EXPECT_THAT(orders.kinds,
              ElementsAre(EventKind::Directory, EventKind::Definition, EventKind::AddOrder,
                          EventKind::AddOrder, EventKind::EventEnd));
  EXPECT_THAT(orders.complaints(), IsEmpty());
}

}  // namespace ridley::control
