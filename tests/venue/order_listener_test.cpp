// SPDX-License-Identifier: Apache-2.0
#include "venue/order_listener.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/error.hpp"
#include "exchange_bench.hpp"
#include "order/soup_client.hpp"
#include "venue/order_connection.hpp"

namespace ridley::venue {
namespace {

using test::Lines;

constexpr std::uint64_t kStart = 34'200'000'000'000;
constexpr int kRoundsMax = 200'000;

int connect_to(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return descriptor;
}

// Our own client on a socket that does not block.
class Client {
 public:
  Client(std::uint16_t port, order::SoupClientSettings settings)
      : descriptor_{connect_to(port)}, soup_{std::move(settings)} {
    soup_.connected(0);
  }
  ~Client() { ::close(descriptor_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void turn() {
    const auto output = soup_.output();
    if (!output.empty()) {
      const ssize_t sent = ::send(descriptor_, output.data(), output.size(), MSG_NOSIGNAL);
      if (sent > 0) soup_.sent(static_cast<std::size_t>(sent));
    }
    std::array<std::byte, 4096> bytes;
    const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count == 0) closed = true;
    if (count > 0) soup_.receive(std::span{bytes}.first(static_cast<std::size_t>(count)), 0);
    while (const auto event = soup_.next(0)) {
      if (event->kind == order::SoupEventKind::Sequenced) {
        std::string line;
        (void)wire::ouch::visit_outbound(event->payload, test::ReplyLine{&line});
        heard.push_back(line);
      }
      if (event->kind == order::SoupEventKind::EndOfSession) ended = true;
      if (event->kind == order::SoupEventKind::Broken) refused = true;
    }
  }

  void send(const test::Bytes& message) {
    test::Bytes packet;
    order::append_packet(packet, order::SoupType::Unsequenced, message);
    soup_.send_packet(packet, 0);
  }

  [[nodiscard]] bool logged_in() const { return soup_.logged_in(); }
  [[nodiscard]] std::uint64_t next_sequence() const { return soup_.next_sequence(); }

  Lines heard;
  bool closed = false;
  bool ended = false;
  bool refused = false;

 private:
  int descriptor_;
  order::SoupClient soup_;
};

order::SoupClientSettings login(const char* user, std::uint64_t sequence = 1) {
  order::SoupClientSettings settings;
  settings.username = user;
  settings.password = "secret";
  settings.next_sequence = sequence;
  return settings;
}

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
        listener{{"127.0.0.1", 0, "SESSION"},
                 day_settings(cancel_on_disconnect).exchange.accounts} {
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
    OrderListener second{{"127.0.0.1", listener.port(), "SESSION"}, {}};
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_UNAVAILABLE);
  }
  EXPECT_THROW((OrderListener{{"nowhere", 0, "SESSION"}, {}}), base::Error);
}

}  // namespace
}  // namespace ridley::venue
