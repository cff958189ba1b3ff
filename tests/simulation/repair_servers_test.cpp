// SPDX-License-Identifier: Apache-2.0
#include "simulation/repair_servers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>

#include "order/soup_client.hpp"
#include "simulation/market.hpp"
#include "wire/glimpse.hpp"
#include "wire/mold.hpp"

namespace ridley::simulation {
namespace {

using order::TcpSocket;

constexpr std::uint64_t kLatencyNs = 100 * kMicrosecondNs;

class RepairServersTest : public testing::Test {
 protected:
  void SetUp() override { run_ms(60); }
  void run_ms(std::uint64_t milliseconds) {
    const std::uint64_t until_ns = now_ns_ + milliseconds * kMillisecondNs;
    while (now_ns_ < until_ns) {
      now_ns_ = std::min(until_ns, market_.next_ns());
      market_.advance(now_ns_);
      read();
    }
  }
  RepairServers& servers() { return market_.repairs(); }

  void ask(std::size_t server, std::uint64_t from, std::uint16_t count) {
    std::array<std::byte, wire::mold::RequestPacket::kSize> request{};
    wire::mold::RequestPacketWriter{request.data()}
        .session("SIM1      ")
        .sequence_number(from)
        .requested_message_count(count);
    servers().ask(server, request);
  }
  std::size_t answer(std::size_t server) { return servers().answer(server, packet_).value_or(0); }

  // As the recovery core would read it.
  void connect() {
    ASSERT_TRUE(servers().start_connect());
    order::SoupClientSettings login;
    login.username = kUser;
    login.password = kPassword;
    soup_.emplace(login);
    connected_ = false;
  }
  void read() {
    if (!soup_ || closed_) return;
    if (!connected_) {
      const TcpSocket::Progress progress = servers().connecting();
      closed_ = progress == TcpSocket::Progress::Failed;
      if (progress != TcpSocket::Progress::Connected) return;
      soup_->connected(now_ns_);
      connected_ = true;
    }
    if (!soup_->output().empty()) soup_->sent(servers().send(soup_->output()).bytes);
    const TcpSocket::Moved moved = servers().receive(packet_);
    if (moved.outcome == TcpSocket::Outcome::Done)
      soup_->receive(std::span{packet_}.first(moved.bytes), now_ns_);
    while (const auto event = soup_->next(now_ns_)) {
      if (event->kind != order::SoupEventKind::Sequenced) continue;
      ++messages_;
      whole_ = static_cast<char>(event->payload[0]) == wire::glimpse::EndOfSnapshot::kType;
    }
    closed_ = moved.outcome == TcpSocket::Outcome::Closed;
  }

  std::uint64_t now_ns_ = kStartNs;
  Market market_{{.seed = 3, .instruments = 4, .order_latency_ns = kLatencyNs},
                 [](std::span<const std::byte>) {}};
  std::array<std::byte, 65'536> packet_{};
  std::optional<order::SoupClient> soup_;
  bool connected_ = false;
  bool closed_ = false;
  bool whole_ = false;
  std::uint64_t messages_ = 0;
};

}  // namespace

TEST_F(RepairServersTest, AnswersEachServersClientWithWhatWasPublished) {
  ask(1, 3, 2);
  EXPECT_EQ(answer(1), 0u) << "not in no time";
  run_ms(1);
  EXPECT_EQ(answer(0), 0u);
  const std::size_t size = answer(1);
  ASSERT_GT(size, wire::mold::Header::kSize);
  const wire::mold::Header header{packet_.data()};
  EXPECT_EQ(header.sequence_number(), 3u);
  EXPECT_EQ(header.message_count(), 2u);
  const auto message = market_.published().find("SIM1")->message(3);
  EXPECT_TRUE(std::ranges::equal(
      message, std::span{packet_}.subspan(wire::mold::Header::kSize + 2, message.size())));
}

TEST_F(RepairServersTest, KnowNothingOfAnotherSession) {
  market_.restart_session();
  ask(0, 3, 2);
  run_ms(1);
  EXPECT_EQ(answer(0), 0u);
}

TEST_F(RepairServersTest, GiveASnapshotToWhoLogsIn) {
  connect();
  run_ms(2);
  EXPECT_TRUE(whole_);
  EXPECT_GT(messages_, 20u);
}

TEST_F(RepairServersTest, RefuseCutAndKeepSilentForAsLongAsTheyAreTold) {
  servers().refuse_until(now_ns_ + 10 * kMillisecondNs);
  connect();
  run_ms(2);
  EXPECT_TRUE(closed_);
  EXPECT_EQ(messages_, 0u);

  run_ms(10);
  closed_ = false;
  servers().cut_until(now_ns_ + 10 * kMillisecondNs);
  connect();
  run_ms(4);
  EXPECT_TRUE(closed_);
  EXPECT_GT(messages_, 0u);
  EXPECT_FALSE(whole_);

  run_ms(10);
  closed_ = false;
  messages_ = 0;
  servers().silent_until(now_ns_ + 10 * kMillisecondNs);
  connect();
  run_ms(20);
  EXPECT_FALSE(closed_);
  EXPECT_EQ(messages_, 0u);
  connect();
  run_ms(5);
  EXPECT_TRUE(whole_);
}

TEST_F(RepairServersTest, AreSlowWhenTheyAreTold) {
  servers().slow_until(now_ns_ + 10 * kMillisecondNs, 50'000);
  connect();
  run_ms(10);
  EXPECT_FALSE(whole_);
  run_ms(1'000);
  EXPECT_TRUE(whole_);
}

}  // namespace ridley::simulation
