// SPDX-License-Identifier: Apache-2.0
// Of venue/drop_copy_port.cpp as well.
#include "venue/account_streams.hpp"

#include <gtest/gtest.h>

#include "soup_peer.hpp"
#include "venue/drop_copy_port.hpp"

namespace ridley::venue {
namespace {

using test::enter_order;
using test::ExchangeBench;

std::vector<AccountSettings> accounts() {
  return {{"ONE", "secret", "FRMA"}, {"TWO", "secret", "FRMB"}};
}
std::vector<AccountSettings> readers() {
  return {{"ALL", "secret", ""}, {"ONLYB", "secret", "FRMB"}};
}

// Account ONE sells to account TWO.
void trade(ExchangeBench& bench) {
  bench.desk.receive(0, enter_order({.number = 1, .side = 'S'}));
  bench.desk.receive(1, enter_order({.number = 7, .quantity = 30}));
}

std::string copied(const AccountStream& drop_copy, std::uint64_t sequence) {
  const auto message = drop_copy.stream.message(sequence);
  std::string line{reinterpret_cast<const char*>(message.data()), order::kUsernameBytes};
  std::string reply;
  (void)wire::ouch::visit_outbound(message.subspan(order::kUsernameBytes), test::ReplyLine{&reply});
  return line + reply;
}

TEST(AccountStreams, CopyExecutionsToWhoMaySeeThem) {
  ExchangeBench bench;
  AccountStreams streams{"SESSION", accounts(), readers()};
  trade(bench);
  streams.collect(bench.exchange.accounts(), 0);
  EXPECT_EQ(streams.accounts()[0].stream.next_sequence(), 3u);
  const AccountStream& all = streams.drop_copies()[0];
  ASSERT_EQ(all.stream.next_sequence(), 3u);
  EXPECT_EQ(copied(all, 1), "ONE   E#1 30@100000 A");
  EXPECT_EQ(copied(all, 2), "TWO   E#7 30@100000 R");
  const AccountStream& one_firm = streams.drop_copies()[1];
  ASSERT_EQ(one_firm.stream.next_sequence(), 2u);
  EXPECT_EQ(copied(one_firm, 1), "TWO   E#7 30@100000 R");
  streams.collect(bench.exchange.accounts(), 0);
  EXPECT_EQ(all.stream.next_sequence(), 3u);
}

TEST(AccountStreams, HaveOneDigestThatDoesNotDependOnWhenTheyAreCollected) {
  ExchangeBench bench;
  ExchangeBench again;
  AccountStreams streams{"SESSION", accounts()};
  AccountStreams often{"SESSION", accounts()};
  const std::uint64_t nothing = streams.digest();
  trade(bench);
  streams.collect(bench.exchange.accounts(), 0);
  again.desk.receive(0, enter_order({.number = 1, .side = 'S'}));
  often.collect(again.exchange.accounts(), 0);
  EXPECT_NE(often.digest(), streams.digest());
  again.desk.receive(1, enter_order({.number = 7, .quantity = 30}));
  often.collect(again.exchange.accounts(), 0);
  EXPECT_EQ(often.digest(), streams.digest());
  EXPECT_NE(nothing, streams.digest());
}

TEST(AccountStreams, TellAcknowledgementsLateAndTheRestAtOnce) {
  ExchangeBench bench;
  AccountStreams streams{"SESSION", accounts()};
  streams.delay(0, {.share = 1, .late_ns = 100});
  trade(bench);
  streams.collect(bench.exchange.accounts(), 50);
  EXPECT_EQ(streams.next_ns(), 150u);
  ASSERT_EQ(streams.accounts()[0].stream.next_sequence(), 2u);
  EXPECT_EQ(streams.accounts()[0].stream.message(1)[0], std::byte{'E'});
  EXPECT_EQ(streams.accounts()[1].stream.message(1)[0], std::byte{'A'});
  streams.collect(bench.exchange.accounts(), 149);
  EXPECT_EQ(streams.accounts()[0].stream.next_sequence(), 2u);
  streams.collect(bench.exchange.accounts(), 150);
  ASSERT_EQ(streams.accounts()[0].stream.next_sequence(), 3u);
  EXPECT_EQ(streams.accounts()[0].stream.message(2)[0], std::byte{'A'});
}

TEST(DropCopyPort, ServesSeveralReadersOfOneStreamAndTellsTheEnd) {
  ExchangeBench bench;
  AccountStreams streams{"SESSION", accounts(), readers()};
  Connections connections;
  DropCopyPort port{"127.0.0.1", 0, streams, connections};
  test::SoupPeer first{port.port(), test::login("ALL")};
  test::SoupPeer second{port.port(), test::login("all", 2)};
  test::SoupPeer trader{port.port(), test::login("ONE")};
  trade(bench);
  streams.collect(bench.exchange.accounts(), 0);
  const auto heard = [&] { return first.messages.size() == 2 && second.messages.size() == 1; };
  for (int round = 0; round < 200'000 && !(heard() && trader.refused); ++round) {
    (void)port.poll(1);
    for (test::SoupPeer* peer : {&first, &second, &trader}) peer->turn();
  }
  ASSERT_TRUE(heard());
  EXPECT_TRUE(trader.refused);
  EXPECT_EQ(first.messages[1], second.messages[0]);
  port.end_session(1);
  for (int round = 0; round < 200'000 && !(first.ended && second.ended); ++round) {
    (void)port.hear_out(1);
    for (test::SoupPeer* peer : {&first, &second}) peer->turn();
  }
  EXPECT_TRUE(first.ended && second.ended);
}

}  // namespace
}  // namespace ridley::venue
