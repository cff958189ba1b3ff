// SPDX-License-Identifier: Apache-2.0
// Delegated send against a real kernel: the client's socket and the exchange's are of this kernel,
// each in a network namespace of its own, and between them stands nothing but the code under test
// and a bad wire. What the exchange reads is compared with what was sent, order by order.
// Also tests order/hot_end.hpp, order/handover.hpp and order/frame_port.hpp with both threads.
// RIDLEY_SEED sets the seed of the wire's faults, RIDLEY_NIGHTLY makes the long run long.
#include "order/delegated_wire.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "delegated_client.hpp"
#include "impaired_port.hpp"
#include "kernel_exchange.hpp"

namespace ridley::order {
namespace {

using namespace std::chrono_literals;
using test::ClientBehaviour;
using test::ExchangeBehaviour;
using test::Impairment;

// Without progress. A frame that is lost six times in a row takes 12 s.
constexpr auto kPatience = 30s;

std::uint64_t seed() {
  const char* text = std::getenv("RIDLEY_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 1;
}

class DelegatedSend : public testing::Test {
 protected:
  using Wire = test::ImpairedPort<test::TapPort>;
  using Client = test::DelegatedClient<Wire>;

  void SetUp() override {
    try {
      const nic::TapNetwork probe{{.name = "probe0", .ip = 0x0A4D'0001}};
    } catch (const base::Error& error) {
      GTEST_SKIP() << "needs root, network namespaces and /dev/net/tun: " << error.what();
    }
  }

  void start(const ClientBehaviour& client, const ExchangeBehaviour& behaviour = {},
             Impairment impairment = {}) {
    impairment.seed = seed();
    std::printf("seed %llu\n", static_cast<unsigned long long>(impairment.seed));
    exchange_ = std::make_unique<test::KernelExchange>(behaviour);
    port_.emplace(exchange_->network());
    wire_.emplace(*port_, impairment);
    client_ = std::make_unique<Client>(*wire_, client);
  }

  void TearDown() override { finish(); }

  void finish() {
    if (!client_ || finished_) return;
    finished_ = true;
    client_->stop();
    exchange_->stop();
    std::printf("%s\nwire: lost %llu sent, %llu received, late %llu, swapped %llu\n",
                client_->summary().c_str(), static_cast<unsigned long long>(wire_->lost_sent),
                static_cast<unsigned long long>(wire_->lost_received),
                static_cast<unsigned long long>(wire_->late),
                static_cast<unsigned long long>(wire_->swapped));
  }

  bool wait_for(const std::function<bool()>& holds, std::chrono::seconds patience = kPatience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(1ms);
    }
    return true;
  }

  // However long all of them take: false when for kPatience not one more has come.
  bool wait_for_orders(std::uint64_t orders) {
    while (exchange_->order_count() < orders) {
      const std::size_t before = exchange_->order_count();
      if (!wait_for([&] { return exchange_->order_count() > before; })) return false;
    }
    return true;
  }

  // Everything has come, once and in order.
  void expect_whole_stream(std::uint64_t orders) {
    EXPECT_TRUE(wait_for_orders(orders)) << exchange_->order_count() << " of " << orders;
    finish();
    EXPECT_EQ(exchange_->connection_count(), 1U);
    expect_increasing(orders);
  }

  void expect_increasing(std::uint64_t count) {
    const std::vector<std::uint64_t> numbers = exchange_->numbers();
    EXPECT_EQ(exchange_->wrong_count(), 0U);
    ASSERT_EQ(numbers.size(), count);
    for (std::size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], i);
  }

  [[nodiscard]] const ExceptionCounters& path() const { return client_->wire().path().counters(); }

  std::unique_ptr<test::KernelExchange> exchange_;
  std::optional<test::TapPort> port_;
  std::optional<Wire> wire_;
  std::unique_ptr<Client> client_;
  bool finished_ = false;
};

TEST_F(DelegatedSend, NearlyEveryOrderGoesHotOnAGoodWire) {
  start({.orders = 10'000, .gap_ns = 50'000, .unacknowledged_max = 60'000});
  expect_whole_stream(10'000);
  EXPECT_GT(client_->hot().packets_hot, 5'000U) << "the processor may be busy with others";
  EXPECT_GT(path().copies_dropped, 0U);
  EXPECT_EQ(path().broken_frames, 0U);
}

TEST_F(DelegatedSend, ALostSegmentIsRepairedByTheKernel) {
  start({.orders = 10'000}, {}, {.lose_every_nth = 100, .lose_times = 1});
  expect_whole_stream(10'000);
  EXPECT_GT(wire_->lost_sent, 50U);
  EXPECT_GT(path().retransmissions + path().copies_stale, 0U);
}

TEST_F(DelegatedSend, ALostRetransmissionIsRepairedToo) {
  start({.orders = 5'000}, {}, {.lose_every_nth = 500, .lose_times = 3});
  expect_whole_stream(5'000);
}

TEST_F(DelegatedSend, AReorderingWireChangesNothing) {
  start({.orders = 10'000}, {}, {.late_received = 0.05, .swap_sent = 0.05});
  expect_whole_stream(10'000);
  EXPECT_GT(wire_->swapped, 100U);
}

// Nothing comes back but acknowledgements, and those late.
TEST_F(DelegatedSend, DelayedAcknowledgementsHoldNothingUp) {
  start({.orders = 10'000, .gap_ns = 50'000}, {.answers = false});
  expect_whole_stream(10'000);
  EXPECT_GT(client_->hot().packets_hot, 1'000U);
}

TEST_F(DelegatedSend, ASmallWindowSendsOrdersThroughTheKernel) {
  start({.orders = 20'000, .gap_ns = 5'000},
        {.receive_buffer = 4'096, .pause_every = 50'000, .pause = 5ms});
  expect_whole_stream(20'000);
  EXPECT_GT(client_->fallbacks(Fallback::Window), 0U);
  EXPECT_GT(client_->hot().leases, 1U) << "and comes back to the wire";
}

TEST_F(DelegatedSend, ALimitOfUnacknowledgedBytesSendsOrdersThroughTheKernel) {
  start({.orders = 0, .gap_ns = 0, .unacknowledged_max = 1'000}, {.answers = false});
  for (std::uint64_t i = 1; i <= 5; ++i) {
    ASSERT_TRUE(wait_for([&] { return client_->leased(); })) << i;
    client_->send_more(500);
    ASSERT_TRUE(wait_for([&] { return exchange_->order_count() >= i * 500; })) << i;
  }
  expect_whole_stream(2'500);
  EXPECT_GT(client_->fallbacks(Fallback::Unacknowledged), 0U);
  EXPECT_GT(client_->hot().leases, 1U);
}

TEST_F(DelegatedSend, AResetLosesAnEndAndTheNextConnectionGoesHotAgain) {
  start({.orders = 10'000}, {.reset_after = 4'000});
  ASSERT_TRUE(wait_for([&] { return exchange_->connection_count() >= 2; }));
  ASSERT_TRUE(wait_for([&] { return client_->sent() == 10'000; }));
  ASSERT_TRUE(wait_for([&] { return exchange_->order_count() >= 5'000; }));
  finish();
  EXPECT_EQ(exchange_->wrong_count(), 0U);
  const std::vector<std::uint64_t> numbers = exchange_->numbers();
  for (std::size_t i = 1; i < numbers.size(); ++i) ASSERT_LT(numbers[i - 1], numbers[i]);
  for (std::size_t i = 0; i < 4'000; ++i) ASSERT_EQ(numbers[i], i);
  EXPECT_GE(client_->hot().leases, 2U);
  EXPECT_GE(client_->disconnects(), 1U);
}

TEST_F(DelegatedSend, AFinOfTheExchangeEndsTheConnectionInOrder) {
  start({.orders = 6'000}, {.fin_after = 3'000});
  ASSERT_TRUE(wait_for([&] { return exchange_->connection_count() >= 2; }));
  finish();
  const std::vector<std::uint64_t> numbers = exchange_->numbers();
  ASSERT_GE(numbers.size(), 3'000U);
  for (std::size_t i = 0; i < 3'000; ++i) ASSERT_EQ(numbers[i], i);
  EXPECT_EQ(exchange_->wrong_count(), 0U);
}

TEST_F(DelegatedSend, OurOwnFinComesBehindEveryOrder) {
  start({.orders = 1'000'000, .gap_ns = 2'000});
  ASSERT_TRUE(wait_for([&] { return exchange_->order_count() >= 5'000; }));
  client_->stop();
  const std::uint64_t sent = client_->sent();
  EXPECT_TRUE(wait_for([&] { return exchange_->order_count() == sent; }, 5s))
      << exchange_->order_count() << " of " << sent;
  finish();
  expect_increasing(sent);
}

TEST_F(DelegatedSend, AChangeOfTheSegmentSizeTakesTheLeaseBackAndGivesItAgain) {
  start({.orders = 2'000});
  ASSERT_TRUE(wait_for([&] { return exchange_->order_count() >= 2'000; }));
  client_->set_mtu(576);
  client_->send_more(2'000);
  ASSERT_TRUE(wait_for([&] { return exchange_->order_count() >= 4'000; }));
  expect_whole_stream(4'000);
  EXPECT_GE(client_->wire().leases().revoked()[static_cast<std::size_t>(Fallback::SegmentSize)],
            1U);
  EXPECT_GE(client_->hot().leases, 2U);
}

TEST_F(DelegatedSend, APortThatTakesNothingSendsOrdersThroughTheKernel) {
  start({.orders = 1'000});
  ASSERT_TRUE(wait_for([&] { return exchange_->order_count() >= 1'000; }));
  wire_->refuse = true;
  client_->send_more(100);
  ASSERT_TRUE(wait_for([&] { return client_->sent() == 1'100; }));
  wire_->refuse = false;
  client_->send_more(1'000);
  expect_whole_stream(2'100);
  EXPECT_GT(client_->fallbacks(Fallback::PortRefused), 0U);
  EXPECT_GT(client_->hot().packets_hot, 1'500U);
}

TEST_F(DelegatedSend, HeartbeatsGoHotAndLeaveTheLeaseAlone) {
  start({.orders = 10, .heartbeat_ns = 5'000'000});
  ASSERT_TRUE(wait_for([&] { return exchange_->order_count() >= 10 && client_->leased(); }));
  std::this_thread::sleep_for(200ms);
  EXPECT_TRUE(client_->leased());
  client_->send_more(10);
  expect_whole_stream(20);
  EXPECT_GT(client_->hot().packets_hot, 20U) << "orders and heartbeats";
}

TEST_F(DelegatedSend, NothingIsLostDoubledOrReorderedUnderRandomLoss) {
  const bool nightly = std::getenv("RIDLEY_NIGHTLY") != nullptr;
  const std::uint64_t orders = nightly ? 1'000'000 : 30'000;
  start({.orders = orders}, {},
        {.lose_sent = 0.01, .lose_received = 0.01, .late_received = 0.01, .swap_sent = 0.01});
  expect_whole_stream(orders);
  EXPECT_GT(client_->hot().packets_hot, orders / 10);
}

}  // namespace
}  // namespace ridley::order
