// SPDX-License-Identifier: Apache-2.0
#include "venue/order_listener.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "soup_peer.hpp"

namespace ridley::venue {
namespace {

using test::Lines;

constexpr std::uint64_t kStart = 34'200'000'000'000;
constexpr int kRoundsMax = 200'000;

using Client = test::SoupPeer;
using test::login;

TradingDaySettings day_settings(bool cancel_on_disconnect = false) {
  TradingDaySettings settings;
  settings.exchange.instrument_count = 2;
  settings.exchange.accounts = {{"ONE", "secret", "FRMA", cancel_on_disconnect},
                                {"TWO", "secret", "FRMB"}};
  settings.participants.messages_per_second = 0;
  return settings;
}

class OrderListenerTest : public testing::Test {
 protected:
  explicit OrderListenerTest(bool cancel_on_disconnect = false)
      : day{day_settings()},
        streams{"SESSION", day_settings(cancel_on_disconnect).exchange.accounts},
        listener{{.address = "127.0.0.1", .port = 0, .index = 0}, streams} {
    (void)day.advance(kStart + 1'000'000'000, 0xFFFF'FFFF);
  }

  // Rounds of everybody until that is so.
  template <typename Condition>
  [[nodiscard]] bool until(std::vector<Client*> clients, Condition condition) {
    for (int round = 0; round < kRoundsMax; ++round) {
      (void)listener.poll(day, {1, kStart + 2'000'000'000});
      for (Client* client : clients) client->turn();
      if (condition()) return true;
    }
    return false;
  }

  TradingDay day;
  AccountStreams streams;
  OrderListener listener;
};

class CancelOnDisconnectTest : public OrderListenerTest {
 protected:
  CancelOnDisconnectTest() : OrderListenerTest{true} {}
};

TEST_F(OrderListenerTest, ServesTwoClientsAtOnce) {
  Client one{listener.port(), login("ONE")};
  Client two{listener.port(), login("two")};
  one.send(test::enter_order({.number = 1, .price_e4 = 100}));
  two.send(test::enter_order({.number = 1, .price_e4 = 200}));
  ASSERT_TRUE(until({&one, &two}, [&] { return one.heard.size() == 2 && two.heard.size() == 2; }));
  EXPECT_EQ(one.heard, (Lines{"S S", "A#1 L B100@100"}));
  EXPECT_EQ(two.heard, (Lines{"S S", "A#1 L B100@200"}));
  EXPECT_EQ(listener.logins(), 2u);
}

TEST_F(OrderListenerTest, ReplaysTheStreamFromTheNumberAskedFor) {
  {
    Client first{listener.port(), login("ONE")};
    for (std::uint32_t i = 1; i <= 5; ++i) {
      first.send(test::enter_order({.number = i, .price_e4 = 100}));
    }
    ASSERT_TRUE(until({&first}, [&] { return first.heard.size() == 6; }));
  }
  Client again{listener.port(), login("ONE", 4)};
  ASSERT_TRUE(until({&again}, [&] { return again.heard.size() == 3; }));
  EXPECT_EQ(again.heard.front(), "A#3 L B100@100");
  EXPECT_EQ(again.next_sequence(), 7u);
  EXPECT_EQ(day.exchange().accounts()[0].orders().size(), 5u);
}

TEST_F(OrderListenerTest, EndsTheOlderConnectionOfAnAccount) {
  Client old{listener.port(), login("ONE")};
  ASSERT_TRUE(until({&old}, [&] { return old.logged_in(); }));
  Client young{listener.port(), login("ONE")};
  EXPECT_TRUE(until({&old, &young}, [&] { return old.closed && young.logged_in(); }));
  EXPECT_FALSE(young.closed);
}

TEST_F(OrderListenerTest, RefusesWhoIsNotKnown) {
  Client stranger{listener.port(), login("WHO")};
  order::SoupClientSettings wrong = login("ONE");
  wrong.password = "guess";
  Client guesser{listener.port(), wrong};
  EXPECT_TRUE(until({&stranger, &guesser}, [&] {
    return stranger.refused && guesser.refused && stranger.closed && guesser.closed;
  }));
  EXPECT_EQ(listener.logins(), 0u);
}

TEST_F(OrderListenerTest, KnowsTheAccountsOfItsOwnPortOnly) {
  std::vector<AccountSettings> accounts = day_settings().exchange.accounts;
  accounts[1].port = 1;
  AccountStreams shared{"SESSION", accounts};
  OrderListener first{{.address = "127.0.0.1", .port = 0, .index = 0}, shared};
  OrderListener second{{.address = "127.0.0.1", .port = 0, .index = 1}, shared};
  Client lost{first.port(), login("TWO")};
  Client one{first.port(), login("ONE")};
  Client two{second.port(), login("TWO")};
  for (int round = 0; round < kRoundsMax && !(lost.refused && one.logged_in()); ++round) {
    for (OrderListener* port : {&first, &second}) (void)port->poll(day, {1, kStart});
    for (Client* client : {&lost, &one, &two}) client->turn();
  }
  EXPECT_TRUE(lost.refused);
  EXPECT_TRUE(one.logged_in());
  EXPECT_TRUE(two.logged_in());
}

TEST_F(OrderListenerTest, KeepsOrdersWhenAConnectionIsLost) {
  {
    Client client{listener.port(), login("ONE")};
    client.send(test::enter_order({.number = 1, .price_e4 = 100}));
    ASSERT_TRUE(until({&client}, [&] { return client.heard.size() == 2; }));
  }
  ASSERT_TRUE(until({}, [&] { return listener.waits().size() == 1; }));
  EXPECT_EQ(day.exchange().accounts()[0].orders().size(), 1u);
}

TEST_F(CancelOnDisconnectTest, CancelsOrdersWhenAConnectionIsLost) {
  {
    Client client{listener.port(), login("ONE")};
    client.send(test::enter_order({.number = 1, .price_e4 = 100}));
    ASSERT_TRUE(until({&client}, [&] { return client.heard.size() == 2; }));
  }
  ASSERT_TRUE(until({}, [&] { return listener.waits().size() == 1; }));
  EXPECT_TRUE(day.exchange().accounts()[0].orders().empty());
  Client again{listener.port(), login("ONE", 3)};
  ASSERT_TRUE(until({&again}, [&] { return again.heard.size() == 1; }));
  EXPECT_EQ(again.heard, Lines{"C#1 100 S"});
}

TEST_F(OrderListenerTest, TellsTheEndOfTheSessionBehindEverythingElse) {
  Client client{listener.port(), login("ONE")};
  ASSERT_TRUE(until({&client}, [&] { return client.logged_in(); }));
  day.close(kStart + 3'000'000'000);
  listener.end_session(day, {1, kStart + 3'000'000'000});
  for (int round = 0; round < kRoundsMax && !client.closed; ++round) {
    EXPECT_TRUE(listener.hear_out(1));
    client.turn();
  }
  EXPECT_TRUE(client.ended);
  EXPECT_TRUE(client.closed);
  EXPECT_EQ(client.heard.back(), "S E");
}

TEST_F(OrderListenerTest, WaitsForItsClientsToGo) {
  {
    Client client{listener.port(), login("ONE")};
    ASSERT_TRUE(until({&client}, [&] { return client.logged_in(); }));
    listener.end_session(day, {1, kStart + 3'000'000'000});
    EXPECT_TRUE(listener.hear_out(1));
  }
  bool anybody = true;
  for (int round = 0; round < kRoundsMax && anybody; ++round) anybody = listener.hear_out(1);
  EXPECT_FALSE(anybody);
}

TEST_F(OrderListenerTest, CannotHaveAPortThatIsTaken) {
  try {
    OrderListener second{{.address = "127.0.0.1", .port = listener.port(), .index = 0}, streams};
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_UNAVAILABLE);
  }
  EXPECT_THROW((OrderListener{{.address = "nowhere", .port = 0, .index = 0}, streams}),
               base::Error);
}

}  // namespace
}  // namespace ridley::venue
