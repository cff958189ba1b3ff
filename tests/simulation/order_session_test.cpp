// SPDX-License-Identifier: Apache-2.0
#include "simulation/order_session.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "order/soup_server.hpp"

namespace ridley::simulation {
namespace {

class OrderSessionTest : public testing::Test {
 protected:
  void connect() {
    server_.emplace(stream_, order::SoupServerSettings{.username = "U", .password = "P"}, 0);
    session_.connected(0);
    pass();
  }
  // Bytes both ways, until nothing moves. What the exchange heard is kept.
  void pass() {
    for (int i = 0; i < 3; ++i) {
      server_->receive(session_.output(), 0);
      session_.sent(session_.output().size());
      while (const auto event = server_->next(0))
        if (event->kind == order::SoupServerEventKind::Message) ++heard_;
      server_->poll(0);
      session_.receive(server_->output(), 0);
      server_->sent(server_->output().size());
    }
  }
  order::InboundKind next() {
    if (session_.messages().empty()) return order::InboundKind::None;
    last_ = session_.messages().front();
    session_.messages().pop_front();
    return last_.kind;
  }
  static order::Outbound packet(std::uint16_t connection) {
    order::Outbound packet;
    packet.connection = connection;
    packet.bytes[1] = std::byte{2};
    packet.bytes[2] = std::byte{'U'};
    packet.length = 4;
    return packet;
  }

  static order::SoupClientSettings settings() {
    order::SoupClientSettings settings;
    settings.username = "U";
    settings.password = "P";
    return settings;
  }

  order::SoupStream stream_{"S"};
  std::optional<order::SoupServer> server_;
  OrderSession session_{settings()};
  order::Inbound last_;
  int heard_ = 0;
};

}  // namespace

TEST_F(OrderSessionTest, TellsOfTheLoginAndOfEveryMessage) {
  const std::vector<std::byte> message(5, std::byte{7});
  stream_.append(message);
  connect();
  EXPECT_EQ(next(), order::InboundKind::LoggedIn);
  EXPECT_EQ(last_.connection, 1);
  EXPECT_EQ(next(), order::InboundKind::Message);
  EXPECT_EQ(last_.sequence, 1u);
  EXPECT_TRUE(std::ranges::equal(last_.message(), message));
  EXPECT_EQ(session_.next_sequence(), 2u);
  EXPECT_TRUE(session_.is_idle());
}

TEST_F(OrderSessionTest, SendsOnlyWhatIsMeantForThisConnection) {
  connect();
  session_.send(packet(1), 0);
  session_.send(packet(0), 0);
  session_.send(packet(2), 0);
  pass();
  EXPECT_EQ(heard_, 1);
}

TEST_F(OrderSessionTest, AsksForWhatItMissed) {
  connect();
  EXPECT_EQ(next(), order::InboundKind::LoggedIn);
  session_.disconnected();
  EXPECT_EQ(next(), order::InboundKind::Disconnected);
  stream_.append(std::vector<std::byte>(3));
  stream_.append(std::vector<std::byte>(4));
  connect();
  EXPECT_EQ(next(), order::InboundKind::LoggedIn);
  EXPECT_EQ(last_.connection, 2);
  EXPECT_EQ(next(), order::InboundKind::Message);
  EXPECT_EQ(next(), order::InboundKind::Message);
  EXPECT_EQ(last_.sequence, 2u);
}

TEST_F(OrderSessionTest, AnEndWithoutALoginIsNoNews) {
  session_.connected(0);
  session_.disconnected();
  EXPECT_EQ(next(), order::InboundKind::None);
  EXPECT_FALSE(session_.is_connected());
}

TEST_F(OrderSessionTest, GivesUpOnASilentExchange) {
  connect();
  EXPECT_EQ(next(), order::InboundKind::LoggedIn);
  session_.poll(15'000'000'000);
  EXPECT_EQ(next(), order::InboundKind::Disconnected);
  EXPECT_FALSE(session_.is_connected());
}

}  // namespace ridley::simulation
