// SPDX-License-Identifier: Apache-2.0
#include "venue/order_connection.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace ridley::venue {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

class OrderConnectionTest : public testing::Test {
 protected:
  OrderConnectionTest() {
    accounts.push_back({{"ONE", "secret", ""}, order::SoupStream{"SESSION"}});
    accounts.push_back({{"TWO", "secret", ""}, order::SoupStream{"SESSION"}});
    int ends[2] = {-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    connection.emplace(ends[0], 0);
    client = ends[1];
  }
  ~OrderConnectionTest() override { ::close(client); }

  void send(std::string_view bytes) {
    ASSERT_EQ(::send(client, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  void hear() {
    while (connection->session().next(accounts, 1)) {
    }
  }
  // A login request as its 49 bytes.
  static std::string login(std::string name) {
    name.resize(6, ' ');
    return std::string{"\0\x2fL", 3} + name + "secret    " + "          " + "                   1";
  }

  std::vector<AccountStream> accounts;
  std::optional<OrderConnection> connection;
  int client = -1;
};

TEST_F(OrderConnectionTest, FindsTheAccountInALoginThatIsCutAnywhere) {
  const std::string whole = login("two");
  for (const char byte : whole) {
    EXPECT_FALSE(connection->session().logged_in());
    send({&byte, 1});
    connection->read(1);
    hear();
  }
  EXPECT_TRUE(connection->session().logged_in());
  EXPECT_EQ(connection->session().account(), 1u);
}

TEST_F(OrderConnectionTest, SendsTheStreamAndTheEnd) {
  send(login("ONE"));
  connection->read(1);
  hear();
  const std::array<std::byte, 2> message{std::byte{'h'}, std::byte{'i'}};
  accounts[0].stream.append(message);
  connection->write(1);
  connection->session().end_session(1);
  connection->write(1);
  EXPECT_TRUE(connection->session().drained());
  std::array<char, 100> bytes;
  const ssize_t count = ::recv(client, bytes.data(), bytes.size(), 0);
  ASSERT_EQ(count, 33 + 5 + 3);
  EXPECT_EQ(bytes[2], 'A');
  EXPECT_EQ((std::string{bytes.data() + 33, 8}), (std::string{"\0\3Shi\0\1Z", 8}));
}

TEST_F(OrderConnectionTest, DiesOfSilenceBeforeTheLoginAfterThirtySeconds) {
  connection->read(30 * kSecond);
  EXPECT_FALSE(connection->dead());
  connection->read(30 * kSecond + 1);
  EXPECT_TRUE(connection->dead());
}

TEST_F(OrderConnectionTest, DiesWhenTheClientHangsUp) {
  ::shutdown(client, SHUT_RDWR);
  connection->read(1);
  EXPECT_TRUE(connection->dead());
}

TEST_F(OrderConnectionTest, DiesAfterARefusedLoginHasBeenTold) {
  send(login("NOBODY"));
  connection->read(1);
  hear();
  connection->write(1);
  EXPECT_TRUE(connection->dead());
  EXPECT_FALSE(connection->session().logged_in());
  std::array<char, 10> bytes;
  EXPECT_EQ(::recv(client, bytes.data(), bytes.size(), 0), 4);
  EXPECT_EQ(bytes[2], 'J');
}

}  // namespace
}  // namespace ridley::venue
